package io.kq.broker.partition.simulation;

/**
 * An append whose producer waits.
 *
 * @param request who waits
 * @param leaderEpoch in which it was appended
 */
public record Waiting(
        long request, long value, long offset, int leaderEpoch, boolean all, boolean duplicate) {

    long endOffset() {
        return offset + 1;
    }
}
