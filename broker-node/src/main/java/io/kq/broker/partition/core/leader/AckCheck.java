package io.kq.broker.partition.core.leader;

import io.kq.broker.partition.core.leader.LeaderInput.Acknowledged;

/** The rule by which an acknowledgement counts (rule 13). */
@FunctionalInterface
public interface AckCheck {

    /** Whether what {@code acknowledged} says is about the follower's present copy. */
    boolean counts(Acknowledged acknowledged, FollowerProgress progress, LeaderState state);

    /**
     * It was made in the leader's epoch (R11), by the registered incarnation (R12), in its present
     * generation, and of nothing that the leader does not have.
     */
    AckCheck STRICT =
            (acknowledged, progress, state) ->
                    acknowledged.leaderEpoch() == state.term().leaderEpoch()
                            && acknowledged.brokerEpoch() == progress.brokerEpoch()
                            && acknowledged.generation() == progress.generation()
                            && acknowledged.endOffset() <= state.logEndOffset();
}
