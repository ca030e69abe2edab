package io.kq.broker.partition.core.follower;

import io.kq.broker.partition.core.follower.FollowerInput.Diverged;

/** The rule by which a follower finds where to cut its log (rule 6). */
@FunctionalInterface
public interface Truncation {

    /** Where to cut. */
    long point(Diverged diverged, FollowerState state);

    /**
     * The lesser of where the epoch ends in the leader's log and where the largest epoch not above
     * it ends in the own one (KIP-101, KIP-279); never the high watermark. A leader that has no
     * such epoch says where its log starts: what is before that it cannot compare, and does not
     * need.
     */
    Truncation BY_EPOCH =
            (diverged, state) ->
                    diverged.epoch() < 0
                            ? diverged.endOffset()
                            : Math.min(diverged.endOffset(), diverged.ownEpochEnd());
}
