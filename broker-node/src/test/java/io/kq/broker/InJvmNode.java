package io.kq.broker;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.kq.broker.config.ConfigSources;
import io.kq.broker.config.Host;
import io.kq.broker.config.HostPort;
import io.kq.runtime.Clock;
import io.kq.runtime.RandomSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A whole node inside the test, on free ports, with a channel to its client port. */
final class InJvmNode implements AutoCloseable {

    private final StopSequence stop = new StopSequence();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final Node node;
    private final ManagedChannel channel;

    private InJvmNode(NodeConfig config) {
        Host host = new Host("localhost", "localhost", false);
        NodeEnvironment environment =
                new NodeEnvironment(
                        Clock.system(),
                        RandomSource.secure(),
                        (where, cause) -> faults.add(where + ": " + cause),
                        host);
        try {
            node = Node.start(config, environment, stop);
        } catch (RuntimeException e) {
            stop.run();
            throw e;
        }
        HostPort client = node.addresses().client();
        channel =
                NettyChannelBuilder.forAddress(client.host(), client.port()).usePlaintext().build();
    }

    /** Starts node 0 as a lone node unless {@code more} says otherwise. Blocking. */
    static InJvmNode start(Path directory, String... more) {
        return new InJvmNode(config(directory, more));
    }

    static NodeConfig config(Path directory, String... more) {
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "node.id=0",
                                "data.dirs=" + directory,
                                "listeners=127.0.0.1:0",
                                "node.listener=127.0.0.1:0",
                                "metadata.listener=127.0.0.1:0",
                                "broker.heartbeat.interval=100ms"));
        settings.addAll(List.of(more));
        return NodeConfig.from(
                ConfigSources.ofNode().read(Optional.empty(), Map.of(), settings),
                new Host("localhost", "localhost", false));
    }

    ManagedChannel channel() {
        return channel;
    }

    Node node() {
        return node;
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop.run();
    }
}
