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
     * empty log that begins behind the leader's does not say of which log it is the rest: who may
     * lead has it from this one, anybody else begins anew.
     */
    LogMatch BY_EPOCH =
            (subscribed, state) -> {
                if (subscribed.endOffset() <= subscribed.logStartOffset()) {
                    return true;
                }
                if (subscribed.lastEpoch() < 0) {
                    return subscribed.endOffset() <= state.logEndOffset()
                            && state.mayLead(subscribed.replica());
                }
                return subscribed.ownEpoch() == subscribed.lastEpoch()
                        && subscribed.ownEpochEnd() >= subscribed.endOffset();
            };
}
