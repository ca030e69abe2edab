package io.kq.broker.rpc.node;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import io.kq.broker.rpc.EventLoops;
import io.kq.broker.rpc.NodeChannels;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.BrokerImage;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Channels by the image's endpoints; where the image knows none yet (a voter that has not
 * registered as a broker), by {@code metadata.peers}. Any thread.
 */
public final class ImageNodeChannels implements NodeChannels, AutoCloseable {

    /**
     * gRPC waits longer and longer between tries to connect, up to minutes. Here somebody asks for
     * the channel because there is something to send, so a try may follow the last one at once.
     */
    private static final Duration REDIAL_INTERVAL = Duration.ofMillis(100);

    private final MetadataSource metadata;
    private final Map<Integer, HostPort> configured;
    private final EventLoops loops;
    private final Clock clock;
    private final int selfId;
    private final ConcurrentHashMap<Integer, Entry> entries = new ConcurrentHashMap<>();

    /** A node's channel and where it goes. */
    private static final class Entry {
        private final HostPort address;
        private final ManagedChannel channel;
        private volatile long redialledNanos;

        Entry(HostPort address, ManagedChannel channel, long nowNanos) {
            this.address = address;
            this.channel = channel;
            this.redialledNanos = nowNanos;
        }
    }

    /**
     * Channels to others and to this node itself.
     *
     * @param self this node's id and where its own node port really is
     */
    public ImageNodeChannels(
            MetadataSource metadata,
            Iterable<Peer> peers,
            Peer self,
            EventLoops loops,
            Clock clock) {
        this.metadata = metadata;
        this.loops = loops;
        this.clock = clock;
        Map<Integer, HostPort> known = new TreeMap<>();
        peers.forEach(peer -> known.put(peer.nodeId(), peer.address()));
        known.put(self.nodeId(), self.address());
        this.selfId = self.nodeId();
        this.configured = Map.copyOf(known);
    }

    @Override
    public Optional<Channel> toNode(int nodeId) {
        HostPort address = addressOf(nodeId);
        if (address == null) {
            return Optional.empty();
        }
        Entry entry = entries.get(nodeId);
        if (entry == null || !entry.address.equals(address)) {
            entry = entries.compute(nodeId, (id, old) -> replaced(old, address));
        }
        redialIfBroken(entry);
        return Optional.of(entry.channel);
    }

    @Override
    public void close() {
        entries.values().forEach(entry -> entry.channel.shutdownNow());
        entries.clear();
    }

    private @Nullable HostPort addressOf(int nodeId) {
        if (nodeId != selfId) {
            Optional<BrokerImage.Endpoint> endpoint =
                    metadata.image()
                            .broker(nodeId)
                            .flatMap(broker -> broker.endpoint(BrokerImage.NODE_LISTENER));
            if (endpoint.isPresent()) {
                return new HostPort(endpoint.get().host(), endpoint.get().port());
            }
        }
        return configured.get(nodeId);
    }

    private Entry replaced(@Nullable Entry old, HostPort address) {
        if (old != null) {
            if (old.address.equals(address)) {
                return old;
            }
            // What still runs on it ends by itself: the node is not there any more.
            old.channel.shutdown();
        }
        return new Entry(address, loops.channel(address).build(), clock.nanoTime());
    }

    private void redialIfBroken(Entry entry) {
        if (entry.channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            long now = clock.nanoTime();
            if (now - entry.redialledNanos > REDIAL_INTERVAL.toNanos()) {
                entry.redialledNanos = now;
                entry.channel.resetConnectBackoff();
            }
        }
    }
}
