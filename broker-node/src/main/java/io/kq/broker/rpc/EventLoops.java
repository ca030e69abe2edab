package io.kq.broker.rpc;

import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.kq.broker.config.HostPort;
import io.kq.protocol.rpc.netty.TunedTransport;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The threads that all sockets of the node's gRPC run on. Any thread; close blocks. */
public final class EventLoops implements AutoCloseable {

    private static final int METADATA_BYTES_MAX = 8 << 10;
    private static final int CALLS_PER_CONNECTION_MAX = 1024;
    private static final int RESETS_PER_WINDOW_MAX = 1000;
    private static final int RESET_WINDOW_SECONDS = 10;
    private static final int HANDSHAKE_SECONDS_MAX = 10;

    private final EventLoopGroup accept;
    private final EventLoopGroup work;

    /** Accepts on one thread, serves on {@code threadCount}. */
    public EventLoops(int threadCount) {
        accept = TunedTransport.eventLoops("kq-accept", 1);
        work = TunedTransport.eventLoops("kq-io", threadCount);
    }

    /** A server at {@code address} on these threads. */
    public NettyServerBuilder server(InetSocketAddress address) {
        // Bounds against a client that asks too much: slow handshakes, streams without end, resets
        // (CVE-2023-44487).
        return TunedTransport.server(NettyServerBuilder.forAddress(address), work)
                .bossEventLoopGroup(accept)
                .maxInboundMetadataSize(METADATA_BYTES_MAX)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .maxRstFramesPerWindow(RESETS_PER_WINDOW_MAX, RESET_WINDOW_SECONDS)
                .handshakeTimeout(HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /**
     * A server for other nodes: one that is cut off is known by its silence.
     *
     * @param silenceMax bytes that wait for longer to arrive end their connection
     */
    public NettyServerBuilder nodeServer(InetSocketAddress address, Duration silenceMax) {
        return TunedTransport.unacknowledgedMax(server(address), work, silenceMax);
    }

    /** A channel to another node, on the same threads. */
    public NettyChannelBuilder channel(HostPort address) {
        return TunedTransport.channel(address.host(), address.port(), work);
    }

    @Override
    public void close() {
        var accepting = accept.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        work.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        accepting.awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
}
