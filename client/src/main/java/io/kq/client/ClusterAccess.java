package io.kq.client;

import io.kq.client.metadata.ClusterView;
import io.kq.client.metadata.NodeAddress;
import io.kq.client.metadata.NodeRoutes;
import io.kq.client.rpc.ClientLoop;
import io.kq.client.rpc.ClusterCalls;
import io.kq.client.rpc.MetadataStreams;
import io.kq.client.rpc.NodeChannels;
import io.kq.client.rpc.OffsetCalls;
import io.kq.client.rpc.Transport;
import io.kq.client.rpc.UnaryCalls;
import io.kq.protocol.rpc.netty.TransportSettings;
import io.kq.runtime.Clock;
import io.kq.runtime.FaultHandler;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a producer and a consumer have in common: a loop, the channels on it, and the view of the
 * cluster. One for each of them.
 */
final class ClusterAccess {

    private static final Duration SEARCH_MAX = Duration.ofSeconds(5);

    private final ClientConfig config;
    private final ClientLoop loop;
    private final NodeChannels channels;
    private final ClusterView view;
    private final NodeRoutes routes;
    private final ClusterCalls calls;
    private final OffsetCalls offsets;

    ClusterAccess(String name, ClientConfig config, FaultHandler faults) {
        List<NodeAddress> bootstrap = NodeAddress.parseAll(config.bootstrapServers());
        Clock clock = Clock.system();
        RandomSource random = RandomSource.secure();
        this.config = config;
        loop = ClientLoop.start(name, Transport.NATIVE, faults);
        channels =
                new NodeChannels(
                        loop, config.clientId(), Transport.NATIVE, TransportSettings.defaults());
        UnaryCalls unary =
                new UnaryCalls(loop, channels, clock, this::addresses, config.requestTimeout());
        calls = new ClusterCalls(unary, random);
        offsets = new OffsetCalls(unary);
        view = new ClusterView(loop, clock, new MetadataStreams(loop, channels), calls, bootstrap);
        routes = new NodeRoutes(view, clock);
    }

    /** The node that tells us of the cluster answers; the others may. */
    private List<NodeAddress> addresses() {
        NodeAddress connected = view.connected();
        List<NodeAddress> candidates = view.candidates();
        if (connected == null || connected.equals(candidates.get(0))) {
            return candidates;
        }
        List<NodeAddress> ordered = new ArrayList<>(candidates);
        ordered.remove(connected);
        ordered.add(0, connected);
        return ordered;
    }

    ClientLoop loop() {
        return loop;
    }

    NodeChannels channels() {
        return channels;
    }

    ClusterView view() {
        return view;
    }

    NodeRoutes routes() {
        return routes;
    }

    ClusterCalls calls() {
        return calls;
    }

    OffsetCalls offsets() {
        return offsets;
    }

    /** How long a question waits for the first node to answer. */
    Duration searchMax() {
        return config.requestTimeout().compareTo(SEARCH_MAX) < 0
                ? config.requestTimeout()
                : SEARCH_MAX;
    }

    Duration requestTimeout() {
        return config.requestTimeout();
    }

    /** Runs {@code last} and frees everything. Waits for it, unless called on the loop. */
    void close(Runnable last) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.submit(
                () -> {
                    try {
                        last.run();
                        view.close();
                        channels.close();
                    } finally {
                        done.complete(null);
                    }
                });
        if (!loop.isCurrent()) {
            done.completeOnTimeout(
                            null, SEARCH_MAX.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                    .join();
        }
        loop.close();
    }
}
