package io.kq.broker.partition.core.leader;

import io.kq.broker.partition.core.leader.IsrProposal.Outcome;

/** What can happen to a leader. */
public sealed interface LeaderInput {

    /** The leader wrote to its log, up to {@code logEndOffset}. */
    record Appended(long logEndOffset) implements LeaderInput {}

    /** The leader's log is on the disk up to {@code endOffset}. */
    record BecameDurable(long endOffset) implements LeaderInput {}

    /**
     * A follower wants the log from its own end on.
     *
     * @param brokerEpoch of the follower's incarnation
     * @param generation grows with each subscription of an incarnation
     * @param leaderEpoch of the leader that it subscribes to
     * @param endOffset where its log ends
     * @param lastEpoch of its last batch, -1: its log is empty
     * @param ownEpoch in the leader's log, the largest epoch that is not above {@code lastEpoch};
     *     -1: none
     * @param ownEpochEnd where that ends in the leader's log
     * @param logStartOffset of the leader's log
     */
    record Subscribed(
            int replica,
            long brokerEpoch,
            long generation,
            int leaderEpoch,
            long endOffset,
            int lastEpoch,
            int ownEpoch,
            long ownEpochEnd,
            long logStartOffset)
            implements LeaderInput {}

    /**
     * A follower's subscription is over: it wants no more, or its stream has ended.
     *
     * @param brokerEpoch of the follower's incarnation
     */
    record Unsubscribed(int replica, long brokerEpoch, long generation) implements LeaderInput {}

    /**
     * A follower says how far its copy goes.
     *
     * @param brokerEpoch of the follower's incarnation
     * @param generation of its subscription
     * @param leaderEpoch the epoch in which it says so
     * @param failed its disk takes no more writes
     */
    record Acknowledged(
            int replica,
            long brokerEpoch,
            long generation,
            int leaderEpoch,
            long endOffset,
            boolean failed)
            implements LeaderInput {}

    /** The metadata image changed the partition, or a broker that has a replica of it. */
    record ViewChanged(IsrView isr) implements LeaderInput {}

    /** What became of a proposal. */
    record ProposalAnswered(long number, Outcome outcome) implements LeaderInput {}

    /** Whether a controller has answered within a session's length. */
    record ControllerReach(boolean lost) implements LeaderInput {}

    /** Whether the leader's directory takes writes. */
    record StorageHealth(boolean failed) implements LeaderInput {}

    /** Time has passed: who lags may have to leave. */
    record Ticked() implements LeaderInput {}

    /** Another leader was elected, the topic is gone, or the node stops. */
    record Resigned() implements LeaderInput {}
}
