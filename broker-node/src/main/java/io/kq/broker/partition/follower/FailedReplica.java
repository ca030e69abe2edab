package io.kq.broker.partition.follower;

import io.kq.broker.partition.core.follower.FollowedLeader;
import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchBytes;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.List;

/**
 * A replica whose log cannot be opened: all that it has to say to its leader is that it should not
 * count on it (rule 17). Subscribes like one with an empty log, so that its word is heard; takes
 * nothing. Any thread.
 */
public final class FailedReplica implements Follower {

    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    private final TopicPartition partition;
    private final TopicIdPartition id;
    private final LeaderLinks leaders;
    private final EventLoop timers;

    /** Guarded by this. */
    private FollowedLeader leader = FollowedLeader.UNKNOWN;

    /** Guarded by this. */
    private long generation;

    /** Follows nobody yet. */
    public FailedReplica(
            TopicPartition partition, TopicIdPartition id, LeaderLinks leaders, EventLoop timers) {
        this.partition = partition;
        this.id = id;
        this.leaders = leaders;
        this.timers = timers;
    }

    @Override
    public TopicPartition partition() {
        return partition;
    }

    @Override
    public TopicIdPartition id() {
        return id;
    }

    /** The image shows this leader, which has not heard of the failure. */
    public void report(FollowedLeader to) {
        Subscribe asked;
        synchronized (this) {
            if (to.equals(leader)) {
                return;
            }
            leader = to;
            if (!to.exists()) {
                return;
            }
            asked = subscribing();
        }
        leaders.subscribe(this, asked);
    }

    /** Nobody needs to be told any more. */
    public void close() {
        Unsubscribe over;
        synchronized (this) {
            over = new Unsubscribe(leader.nodeId(), generation);
            leader = FollowedLeader.UNKNOWN;
        }
        leaders.unsubscribe(this, over);
    }

    private Subscribe subscribing() {
        generation++;
        return new Subscribe(leader.nodeId(), generation, leader.leaderEpoch(), 0, -1);
    }

    @Override
    public void pushed(
            long ofGeneration,
            int leaderEpoch,
            long highWatermark,
            long logStartOffset,
            List<BatchBytes> batches) {
        Acknowledge failed;
        synchronized (this) {
            if (ofGeneration != generation || !leader.exists()) {
                return;
            }
            failed = new Acknowledge(leader.nodeId(), generation, leaderEpoch, 0, true);
        }
        leaders.acknowledge(this, failed);
        leaders.unsubscribe(this, new Unsubscribe(failed.leader(), failed.generation()));
    }

    @Override
    public void diverged(long ofGeneration, int leaderEpoch, int epoch, long endOffset) {
        lost(ofGeneration);
    }

    @Override
    public void lost(long ofGeneration) {
        timers.schedule(RETRY_PAUSE, () -> again(ofGeneration));
    }

    private void again(long ofGeneration) {
        Subscribe asked;
        synchronized (this) {
            if (ofGeneration != generation || !leader.exists()) {
                return;
            }
            asked = subscribing();
        }
        leaders.subscribe(this, asked);
    }
}
