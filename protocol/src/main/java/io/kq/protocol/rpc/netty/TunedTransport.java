package io.kq.protocol.rpc.netty;

import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sets up both ends of kq's gRPC connections for batches of 64 to 256 KiB: callbacks run on the
 * event loop that read the bytes (no hand-off), DATA frames of 64 KiB, reads of 256 KiB, event
 * loops of one's own (never gRPC's shared ones), epoll where there is one. Any thread.
 */
public final class TunedTransport {

    /** Pings that a server takes: somewhat more often than clients send them. */
    private static final Duration PERMITTED_KEEP_ALIVE = Duration.ofSeconds(20);

    /**
     * Bytes that may wait for the socket: four whole DATA frames. Netty's own 64 KiB admit one byte
     * more than a frame, so that every second frame had one byte, and tiny fragments cost the
     * receiver its zero-copy path.
     */
    private static final WriteBufferWaterMark WAITING_BYTES =
            new WriteBufferWaterMark(64 * 1024, 256 * 1024 - 1);

    private static final int PORT_MAX = 65_535;

    private TunedTransport() {}

    /**
     * Event loops on {@code threads} threads named {@code name-<n>-<thread>}. The maker closes them
     * with {@link EventLoopGroup#shutdownGracefully}, after the servers and channels on them.
     */
    public static EventLoopGroup eventLoops(String name, int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory(name, true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /**
     * Tunes a server, all but its event loops: the caller sets those with {@link
     * #serverLoops(NettyServerBuilder, EventLoopGroup)}, or uses {@link #server(NettyServerBuilder,
     * EventLoopGroup, TransportSettings)}.
     */
    public static NettyServerBuilder server(NettyServerBuilder builder) {
        return tuned(builder, TransportSettings.defaults());
    }

    /** Tunes a server that accepts and serves on {@code loops}. */
    public static NettyServerBuilder server(NettyServerBuilder builder, EventLoopGroup loops) {
        return server(builder, loops, TransportSettings.defaults());
    }

    /** Tunes a server that accepts and serves on {@code loops}, with other settings. */
    public static NettyServerBuilder server(
            NettyServerBuilder builder, EventLoopGroup loops, TransportSettings settings) {
        return serverLoops(tuned(builder, settings), loops);
    }

    /** Makes a server accept and serve on {@code loops}. */
    public static NettyServerBuilder serverLoops(NettyServerBuilder builder, EventLoopGroup loops) {
        return builder.bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .channelType(serverChannelType(loops));
    }

    /**
     * Has a server give up connections on which bytes wait for the other machine's word that they
     * have arrived, or for room there, for longer than {@code max}: a ping would notice after ten
     * seconds at the earliest. Only with epoll (TCP_USER_TIMEOUT, RFC 5482).
     */
    public static NettyServerBuilder unacknowledgedMax(
            NettyServerBuilder builder, EventLoopGroup loops, Duration max) {
        return isEpoll(loops)
                ? builder.withChildOption(
                        EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(max.toMillis()))
                : builder;
    }

    private static NettyServerBuilder tuned(
            NettyServerBuilder builder, TransportSettings settings) {
        return builder.protocolNegotiator(LargeFrames.server(settings.frameBytesMax()))
                .directExecutor()
                .flowControlWindow(settings.flowControlWindowBytes())
                .maxInboundMessageSize(settings.inboundMessageBytesMax())
                .keepAliveTime(settings.keepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
                .permitKeepAliveTime(PERMITTED_KEEP_ALIVE.toNanos(), TimeUnit.NANOSECONDS)
                .permitKeepAliveWithoutCalls(true)
                .withOption(ChannelOption.SO_REUSEADDR, true)
                .withChildOption(ChannelOption.TCP_NODELAY, true)
                .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_BYTES)
                .withChildOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(settings.receiveBufferBytes()));
    }

    /** A channel to one node, by its name: looked up again at each connect. */
    public static NettyChannelBuilder channel(String host, int port, EventLoopGroup loops) {
        return channel(host, port, loops, TransportSettings.defaults());
    }

    /** A channel to one node, with other settings. */
    public static NettyChannelBuilder channel(
            String host, int port, EventLoopGroup loops, TransportSettings settings) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget(target(host, port))
                        .usePlaintext()
                        .directExecutor()
                        .eventLoopGroup(loops)
                        .channelType(channelType(loops))
                        .disableRetry()
                        .disableServiceConfigLookUp()
                        .proxyDetector(address -> null)
                        .flowControlWindow(settings.flowControlWindowBytes())
                        .maxInboundMessageSize(settings.inboundMessageBytesMax())
                        .keepAliveTime(settings.keepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
                        .keepAliveTimeout(
                                settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
                        .withOption(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(settings.connectTimeout().toMillis()))
                        .withOption(ChannelOption.TCP_NODELAY, true)
                        .withOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_BYTES)
                        .withOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(settings.receiveBufferBytes()));
        LargeFrames.client(builder, settings.frameBytesMax());
        return builder;
    }

    /** DNS by its own scheme, so that no other resolver on the class path takes over. */
    private static String target(String host, int port) {
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("port is " + port);
        }
        boolean bareIpv6 = host.indexOf(':') >= 0 && !host.startsWith("[");
        return "dns:///" + (bareIpv6 ? "[" + host + "]" : host) + ":" + port;
    }

    private static boolean isEpoll(EventLoopGroup loops) {
        return loops instanceof IoEventLoopGroup group && group.isIoType(EpollIoHandler.class);
    }

    private static Class<? extends ServerChannel> serverChannelType(EventLoopGroup loops) {
        return isEpoll(loops) ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    private static Class<? extends Channel> channelType(EventLoopGroup loops) {
        return isEpoll(loops) ? EpollSocketChannel.class : NioSocketChannel.class;
    }
}
