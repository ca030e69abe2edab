package io.kq.client.rpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.rpc.CallHeaders;
import io.kq.protocol.rpc.netty.TransportSettings;
import io.kq.protocol.rpc.netty.TunedTransport;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** One channel per address, all on the client's loop. Used on the loop only. */
public final class NodeChannels {

    private final ClientLoop loop;
    private final String clientId;
    private final Transport transport;
    private final TransportSettings settings;
    private final Map<NodeAddress, ManagedChannel> channels = new HashMap<>();

    public NodeChannels(
            ClientLoop loop, String clientId, Transport transport, TransportSettings settings) {
        this.loop = loop;
        this.clientId = clientId;
        this.transport = transport;
        this.settings = settings;
    }

    /** The channel to a node; connects with the first call. */
    ManagedChannel channel(NodeAddress address) {
        return channels.computeIfAbsent(address, this::open);
    }

    /** What each call says of its caller. */
    Metadata headers() {
        Metadata headers = new Metadata();
        headers.put(CallHeaders.CLIENT_ID, clientId);
        return headers;
    }

    /** Forgets a channel that failed, so that the next one looks the name up and connects anew. */
    void discard(NodeAddress address) {
        ManagedChannel channel = channels.remove(address);
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    /** Ends all calls. */
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        channels.clear();
    }

    private ManagedChannel open(NodeAddress address) {
        return transport == Transport.NIO
                ? light(address).build()
                : TunedTransport.channel(address.host(), address.port(), loop.group(), settings)
                        .build();
    }

    /**
     * For one call: nothing is tuned and as little as possible is loaded. The name is looked up
     * here, on the loop, which has nothing else to do: that saves gRPC's resolver and its thread.
     */
    private NettyChannelBuilder light(NodeAddress address) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress(address.host(), address.port()))
                .eventLoopGroup(loop.group())
                .channelType(NioSocketChannel.class)
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.connectTimeout().toMillis()))
                .directExecutor()
                .usePlaintext()
                .proxyDetector(target -> null)
                .disableServiceConfigLookUp()
                .disableRetry()
                .maxInboundMessageSize(settings.inboundMessageBytesMax());
    }
}
