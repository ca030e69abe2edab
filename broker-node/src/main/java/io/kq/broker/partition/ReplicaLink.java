package io.kq.broker.partition;

import io.kq.protocol.RejectedException;

/**
 * One subscription of a follower, as its leader reaches it. Any thread, never under a partition's
 * lock; must be short and must not block.
 */
public interface ReplicaLink {

    /** The leader's log contains the follower's: it is to be pushed from {@code fromOffset} on. */
    void onTaken(long fromOffset);

    /** There is more than before: records, committed ones, or a later start. */
    void onAdvanced();

    /**
     * The follower's log is another one from some point on; this was the subscription's last word.
     *
     * @param epoch the largest in the leader's log that is not above the follower's last one
     * @param endOffset where it ends
     */
    void onDiverged(int epoch, long endOffset);

    /** The subscription is over, or was not taken. */
    void onEnded(RejectedException reason);
}
