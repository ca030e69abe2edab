package io.kq.broker.partition.core.follower;

/**
 * The leader that the metadata image shows to a follower.
 *
 * @param nodeId {@link #NOBODY} if nobody leads, or the follower's own node does
 * @param leaderEpoch of the leader, or of the time without one
 * @param uncleanEpoch the last leader epoch that began with an unclean election, -1: none did
 */
public record FollowedLeader(int nodeId, int leaderEpoch, int uncleanEpoch) {

    public static final int NOBODY = -1;

    /** Before the image has shown the partition. */
    public static final FollowedLeader UNKNOWN = new FollowedLeader(NOBODY, -1, -1);

    public boolean exists() {
        return nodeId != NOBODY;
    }
}
