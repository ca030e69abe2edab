package io.kq.broker.rpc.replica;

import io.grpc.Channel;
import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;
import io.kq.broker.partition.follower.Follower;
import io.kq.broker.partition.follower.LeaderLinks;
import io.kq.broker.rpc.NodeChannels;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * This node's streams to the leaders that it follows: one to each of their nodes, opened when it is
 * needed and anew when it broke. Any thread; never blocks.
 */
public final class LeaderStreams implements LeaderLinks, AutoCloseable {

    private final int nodeId;
    private final NodeChannels channels;
    private final Executor callbacks;

    /** The newest subscription's. */
    private final AtomicLong ids = new AtomicLong();

    /** By node. Guarded by this. */
    private final Map<Integer, LeaderStream> streams = new HashMap<>();

    /** Guarded by this. */
    private boolean closed;

    /** By which leaders know this node's incarnation, -1 before the first registration. */
    private volatile long brokerEpoch = -1;

    /**
     * No stream yet.
     *
     * @param callbacks where followers are told of streams that could not be opened
     */
    public LeaderStreams(int nodeId, NodeChannels channels, Executor callbacks) {
        this.nodeId = nodeId;
        this.channels = channels;
        this.callbacks = callbacks;
    }

    /** This process is registered as a broker with this epoch. */
    public void registered(long epoch) {
        brokerEpoch = epoch;
    }

    @Override
    public void subscribe(Follower follower, Subscribe asked) {
        LeaderStream stream = to(asked.leader());
        if (stream == null || !stream.subscribe(follower, asked)) {
            callbacks.execute(() -> follower.lost(asked.generation()));
        }
    }

    private synchronized @Nullable LeaderStream to(int leader) {
        LeaderStream known = streams.get(leader);
        if (known != null && !known.hasEnded()) {
            return known;
        }
        Optional<Channel> channel =
                closed || brokerEpoch < 0 ? Optional.empty() : channels.toNode(leader);
        if (channel.isEmpty()) {
            return null;
        }
        LeaderStream opened = LeaderStream.open(channel.get(), nodeId, () -> brokerEpoch, ids);
        streams.put(leader, opened);
        return opened;
    }

    private synchronized @Nullable LeaderStream known(int leader) {
        return streams.get(leader);
    }

    @Override
    public void unsubscribe(Follower follower, Unsubscribe over) {
        LeaderStream stream = known(over.leader());
        if (stream != null) {
            stream.unsubscribe(follower, over.generation());
        }
    }

    @Override
    public void acknowledge(Follower follower, Acknowledge said) {
        LeaderStream stream = known(said.leader());
        if (stream != null) {
            stream.acknowledge(follower, said);
        }
    }

    /** Ends all streams; nothing is pushed any more. */
    @Override
    public synchronized void close() {
        closed = true;
        streams.values().forEach(LeaderStream::cancel);
    }
}
