package io.kq.broker.rpc.log;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.doubles.MemoryLogStore;
import io.kq.broker.doubles.NoOtherNodes;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.rpc.NodeChannels;
import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.protocol.rpc.netty.TunedTransport;
import io.kq.runtime.Clock;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One node's data plane behind a real port. Its image is the test's. */
final class TestNode implements AutoCloseable, NodeChannels {

    final List<String> faults = new CopyOnWriteArrayList<>();
    final LogStore store;
    final PartitionRegistry registry;
    final LogService service;

    private final int id;
    private final EventLoopGroup loops;
    private final Server server;
    private final Map<Integer, ManagedChannel> peers = new ConcurrentHashMap<>();

    private TestNode(int id, HandMadeMetadata metadata, LogStore store, long inflightBytesMax)
            throws IOException {
        this.id = id;
        this.store = store;
        this.loops = TunedTransport.eventLoops("test-node-" + id, 2);
        this.registry =
                new PartitionRegistry(
                        store,
                        metadata,
                        id,
                        Clock.system(),
                        (where, cause) -> faults.add(where + ": " + cause),
                        LogConfig.defaults(),
                        NoOtherNodes.outside());
        AtomicLong nextProducer = new AtomicLong(id * 1_000L);
        this.service =
                new LogService(
                        registry,
                        this,
                        () -> CompletableFuture.completedFuture(nextProducer.getAndIncrement()),
                        LogServiceConfig.of(id, true, inflightBytesMax),
                        Clock.system());
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.server =
                TunedTransport.server(builder, loops)
                        .addService(service.bindService())
                        .build()
                        .start();
        metadata.broker(id, server.getPort(), 1);
        registry.registered(1);
    }

    static TestNode start(int id, HandMadeMetadata metadata) {
        return start(id, metadata, new MemoryLogStore(), 64L << 20);
    }

    static TestNode start(
            int id, HandMadeMetadata metadata, LogStore store, long inflightBytesMax) {
        try {
            return new TestNode(id, metadata, store, inflightBytesMax);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int id() {
        return id;
    }

    MemoryLogStore memory() {
        return (MemoryLogStore) store;
    }

    /** A channel for a client. */
    ManagedChannel channel() {
        return TunedTransport.channel("127.0.0.1", server.getPort(), loops).build();
    }

    /** This node can forward to {@code other}. */
    void knows(TestNode other) {
        peers.put(other.id, other.channel());
    }

    @Override
    public Optional<Channel> toNode(int nodeId) {
        return Optional.ofNullable(peers.get(nodeId));
    }

    /** The process is gone. */
    void kill() {
        server.shutdownNow();
    }

    @Override
    public void close() {
        peers.values().forEach(ManagedChannel::shutdownNow);
        server.shutdownNow();
        registry.close();
        service.close();
        store.close();
        var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
