package io.kq.broker.partition.core;

/**
 * The rule by which a high watermark moves. A rule of its own type so that a test can put a
 * historical wrong one in its place and see the checker find it.
 */
@FunctionalInterface
public interface HighWatermark {

    /**
     * The high watermark that {@code state} justifies; the core never moves back to a lower one.
     */
    long of(LeaderState state);

    /**
     * The least end offset over the maximal ISR: the members that the quorum committed and those
     * that the leader asked for (R9; AsyncIsr.tla shows what is lost when the latter do not count).
     * A member that has not acknowledged in this epoch holds it where it is. It does not move while
     * the committed ISR is smaller than the minimum (R10, KIP-966).
     */
    HighWatermark MAXIMAL_ISR =
            state -> {
                IsrView isr = state.isr();
                if (!isr.isEnough()) {
                    return state.highWatermark();
                }
                long least = state.ownEndOffset();
                for (int i = 0; i < isr.committed().size(); i++) {
                    least = Math.min(least, endOf(isr.committed().get(i), state));
                }
                for (int i = 0; i < isr.pending().size(); i++) {
                    least = Math.min(least, endOf(isr.pending().get(i), state));
                }
                return least;
            };

    private static long endOf(int replica, LeaderState state) {
        if (replica == state.nodeId()) {
            return state.ownEndOffset();
        }
        Long end = state.followerEnds().get(replica);
        return end == null ? Long.MIN_VALUE : end;
    }
}
