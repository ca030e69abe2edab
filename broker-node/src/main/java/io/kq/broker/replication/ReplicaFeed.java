package io.kq.broker.replication;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.ReplicaLink;
import io.kq.broker.partition.ReplicaSubscription;
import io.kq.broker.partition.core.leader.LeaderInput.Acknowledged;
import io.kq.protocol.RejectedException;

/**
 * One subscription of a stream: carries the leader's words into the session's drain, and the
 * follower's to the leader. Any thread.
 */
public final class ReplicaFeed implements ReplicaLink {

    private final ReplicaSession session;
    private final PartitionLeader leader;
    private final ReplicaSubscription asked;

    /** Set when the session serves it. */
    private volatile Runnable wake = () -> {};

    ReplicaFeed(ReplicaSession session, PartitionLeader leader, ReplicaSubscription asked) {
        this.session = session;
        this.leader = leader;
        this.asked = asked;
    }

    public PartitionLeader leader() {
        return leader;
    }

    /** The subscription's name on its stream, and its generation for the leader. */
    public long id() {
        return asked.generation();
    }

    void wokenBy(Runnable waking) {
        wake = waking;
    }

    /** Passes on how far the follower has the log. */
    void acknowledged(int leaderEpoch, long endOffset, boolean failed) {
        leader.acknowledged(
                new Acknowledged(
                        asked.replica(),
                        asked.brokerEpoch(),
                        asked.generation(),
                        leaderEpoch,
                        endOffset,
                        failed));
    }

    /** Nobody is pushed to any more. */
    void cancel() {
        leader.unsubscribe(this);
    }

    @Override
    public void onTaken(long fromOffset) {
        session.begin(this, fromOffset);
    }

    @Override
    public void onAdvanced() {
        wake.run();
    }

    @Override
    public void onDiverged(int epoch, long endOffset) {
        session.diverged(this, epoch, endOffset);
    }

    @Override
    public void onEnded(RejectedException reason) {
        session.ended(this, reason);
    }
}
