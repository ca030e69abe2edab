package io.kq.broker.partition.core.leader;

import io.kq.broker.partition.core.leader.LeaderInput.Subscribed;

/** The rule by which a leader knows that a follower's log is the beginning of its own (rule 5). */
@FunctionalInterface
public interface LogMatch {

    /** Whether all that the follower has is in the leader's log, or before its start. */
    boolean contains(Subscribed subscribed, LeaderState state);

    /**
     * The follower's last epoch must be one of the leader's, and must not end before the follower
     * does (KIP-101, KIP-279). Of what lies before the log's start nothing is left to compare. An
     * empty log is the beginning of every log that reaches as far.
     */
    LogMatch BY_EPOCH =
            (subscribed, state) -> {
                if (subscribed.endOffset() <= subscribed.logStartOffset()) {
                    return true;
                }
                if (subscribed.lastEpoch() < 0) {
                    return subscribed.endOffset() <= state.logEndOffset();
                }
                return subscribed.ownEpoch() == subscribed.lastEpoch()
                        && subscribed.ownEpochEnd() >= subscribed.endOffset();
            };
}
