package io.kq.broker.partition.core.follower;

/** What can happen to a follower. */
public sealed interface FollowerInput {

    /** The metadata image shows this leader, or none that is to be followed. */
    record LeaderChanged(FollowedLeader leader) implements FollowerInput {}

    /**
     * The leader pushed: it has taken the subscription.
     *
     * @param generation of the subscription that it pushed for
     * @param baseOffset of the first batch, {@link #NO_DATA} if there is none
     * @param leaderHighWatermark as the leader knows it
     * @param leaderLogStart first offset that the leader still has
     */
    record Pushed(
            long generation,
            int leaderEpoch,
            long baseOffset,
            long leaderHighWatermark,
            long leaderLogStart)
            implements FollowerInput {

        public static final long NO_DATA = -1;

        public boolean hasData() {
            return baseOffset != NO_DATA;
        }
    }

    /**
     * The leader's log is another one from some point on.
     *
     * @param epoch the largest in the leader's log that is not above the follower's last one; -1:
     *     it has none, and {@code endOffset} is where its log starts
     * @param endOffset where that epoch ends in the leader's log
     * @param ownEpoch in the follower's log, the largest epoch that is not above {@code epoch}
     * @param ownEpochEnd where that ends in the follower's log
     */
    record Diverged(
            long generation,
            int leaderEpoch,
            int epoch,
            long endOffset,
            int ownEpoch,
            long ownEpochEnd)
            implements FollowerInput {}

    /** The leader ended the subscription, or cannot be reached. */
    record SubscriptionLost(long generation) implements FollowerInput {}

    /** What was pushed is in the log, which ends at {@code endOffset} now. */
    record Appended(long endOffset, int lastEpoch) implements FollowerInput {}

    /** What was pushed cannot be a leader's log from here on: damaged, or out of order. */
    record PushRefused() implements FollowerInput {}

    /** The log is on the disk up to {@code endOffset}. */
    record BecameDurable(long endOffset) implements FollowerInput {}

    /** The log was cut, or begun anew: this is what it is now. */
    record LogChanged(LogEnds log) implements FollowerInput {}

    /** Whether the directory takes writes. */
    record StorageHealth(boolean failed) implements FollowerInput {}

    /** Whether only what is on the disk is acknowledged from now on. */
    record FlushChanged(boolean fsync) implements FollowerInput {}

    /** Time has passed. */
    record Ticked() implements FollowerInput {}
}
