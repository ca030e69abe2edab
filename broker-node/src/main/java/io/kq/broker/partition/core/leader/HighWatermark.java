package io.kq.broker.partition.core.leader;

import java.util.List;

/** The rule by which a high watermark moves (rules 12 to 14). */
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
                if (!state.isr().isEnough()) {
                    return state.highWatermark();
                }
                long least = leastCommitted(state);
                List<FollowerProgress> followers = state.followers();
                for (int i = 0; i < followers.size(); i++) {
                    FollowerProgress follower = followers.get(i);
                    if (state.isProposed(follower.replica())) {
                        least = Math.min(least, follower.endOffset());
                    }
                }
                return least;
            };

    /** The least end offset over the leader and the members that the quorum committed. */
    static long leastCommitted(LeaderState state) {
        long least = state.ownEndOffset();
        List<Integer> committed = state.isr().committed();
        for (int i = 0; i < committed.size(); i++) {
            least = Math.min(least, state.endOf(committed.get(i)));
        }
        return least;
    }
}
