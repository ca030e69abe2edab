package io.kq.broker.partition.core;

/** What can happen to a leader. */
public sealed interface LeaderInput {

    /** The leader wrote to its log, up to {@code logEndOffset}. */
    record Appended(long logEndOffset) implements LeaderInput {}

    /** The leader's log is on the disk up to {@code endOffset}. */
    record BecameDurable(long endOffset) implements LeaderInput {}

    /**
     * A follower says how far its copy goes.
     *
     * @param leaderEpoch the epoch in which it says so; any other than the leader's is ignored, as
     *     its copy may still differ from the leader's below that end (R11)
     */
    record FollowerAcknowledged(int replica, int leaderEpoch, long endOffset)
            implements LeaderInput {}

    /** The metadata quorum, or the leader's own proposal, changed who counts. */
    record IsrChanged(IsrView isr) implements LeaderInput {}

    /** Another leader was elected, the topic is gone, or the node stops. */
    record Resigned() implements LeaderInput {}
}
