package io.kq.client.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.kq.client.metadata.NodeAddress;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** One channel per address, all on the client's loop. Used on the loop only. */
public final class NodeChannels {

    private static final int MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

    private final ClientLoop loop;
    private final Duration connectMax;
    private final Map<NodeAddress, ManagedChannel> channels = new HashMap<>();

    public NodeChannels(ClientLoop loop, Duration connectMax) {
        this.loop = loop;
        this.connectMax = connectMax;
    }

    /** The channel to a node; connects with the first call. */
    ManagedChannel channel(NodeAddress address) {
        return channels.computeIfAbsent(address, this::open);
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
        return builder(address)
                .eventLoopGroup(loop.group())
                .channelType(loop.channelType())
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(connectMax.toMillis()))
                .directExecutor()
                .usePlaintext()
                .proxyDetector(target -> null)
                .disableServiceConfigLookUp()
                .disableRetry()
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .build();
    }

    /**
     * Numbers and {@code localhost} are resolved here, which costs no resolver and no thread; other
     * names by gRPC, off the loop.
     */
    private static NettyChannelBuilder builder(NodeAddress address) {
        String host = address.host();
        boolean isNumber = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        if (isNumber || host.equals("localhost")) {
            try {
                InetAddress resolved = InetAddress.getByName(host);
                return NettyChannelBuilder.forAddress(
                        new InetSocketAddress(resolved, address.port()));
            } catch (UnknownHostException odd) {
                // A machine without localhost: gRPC's resolver says so in its own words.
            }
        }
        return NettyChannelBuilder.forAddress(host, address.port());
    }
}
