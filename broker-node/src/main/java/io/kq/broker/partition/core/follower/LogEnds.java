package io.kq.broker.partition.core.follower;

/**
 * A follower's own log.
 *
 * @param startOffset first offset that still exists
 * @param endOffset offset of the next record
 * @param durableEndOffset all below is on the disk
 * @param lastEpoch of the last batch, -1: there is none
 */
public record LogEnds(long startOffset, long endOffset, long durableEndOffset, int lastEpoch) {

    /** Whether there is no record that could go. */
    boolean isEmpty() {
        return startOffset == endOffset;
    }

    LogEnds appended(long end, int epoch) {
        return new LogEnds(startOffset, end, durableEndOffset, epoch);
    }

    LogEnds durable(long end) {
        return new LogEnds(
                startOffset,
                endOffset,
                Math.max(durableEndOffset, Math.min(end, endOffset)),
                lastEpoch);
    }

    LogEnds startingAt(long offset) {
        return new LogEnds(offset, endOffset, durableEndOffset, lastEpoch);
    }
}
