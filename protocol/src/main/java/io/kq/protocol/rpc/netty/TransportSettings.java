package io.kq.protocol.rpc.netty;

import java.time.Duration;

/**
 * The knobs of a connection that are worth turning; measured values are the defaults.
 *
 * @param flowControlWindowBytes bytes on their way per stream and per connection; at least four
 *     times the largest message, or frames become tiny and messages are copied to the heap
 * @param inboundMessageBytesMax larger messages are refused by the receiver
 * @param frameBytesMax size of HTTP/2 DATA frames that this end is ready to receive
 * @param receiveBufferBytes memory given to each read of a socket
 * @param connectTimeout after it an address that does not answer counts as unreachable
 * @param keepAliveTime silence after which the other end is pinged
 * @param keepAliveTimeout time that the ping's answer may take
 */
public record TransportSettings(
        int flowControlWindowBytes,
        int inboundMessageBytesMax,
        int frameBytesMax,
        int receiveBufferBytes,
        Duration connectTimeout,
        Duration keepAliveTime,
        Duration keepAliveTimeout) {

    /** HTTP/2's own bounds of a frame (RFC 9113, 6.5.2). */
    static final int FRAME_BYTES_LEAST = 16 * 1024;

    private static final int MIB = 1 << 20;

    public TransportSettings {
        if (frameBytesMax < FRAME_BYTES_LEAST || frameBytesMax >= 1 << 24) {
            throw new IllegalArgumentException("frameBytesMax is " + frameBytesMax);
        }
        if (flowControlWindowBytes < (1 << 16) - 1) {
            throw new IllegalArgumentException(
                    "flowControlWindowBytes is " + flowControlWindowBytes);
        }
    }

    /** 4 MiB window and messages, 64 KiB frames, 256 KiB reads, 2 s to connect, pings at 30 s. */
    public static TransportSettings defaults() {
        return new TransportSettings(
                4 * MIB,
                4 * MIB,
                64 * 1024,
                256 * 1024,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));
    }

    public TransportSettings withFlowControlWindowBytes(int bytes) {
        return new TransportSettings(
                bytes,
                inboundMessageBytesMax,
                frameBytesMax,
                receiveBufferBytes,
                connectTimeout,
                keepAliveTime,
                keepAliveTimeout);
    }

    public TransportSettings withInboundMessageBytesMax(int bytes) {
        return new TransportSettings(
                flowControlWindowBytes,
                bytes,
                frameBytesMax,
                receiveBufferBytes,
                connectTimeout,
                keepAliveTime,
                keepAliveTimeout);
    }

    public TransportSettings withConnectTimeout(Duration timeout) {
        return new TransportSettings(
                flowControlWindowBytes,
                inboundMessageBytesMax,
                frameBytesMax,
                receiveBufferBytes,
                timeout,
                keepAliveTime,
                keepAliveTimeout);
    }
}
