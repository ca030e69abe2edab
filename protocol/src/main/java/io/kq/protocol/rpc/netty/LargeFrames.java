package io.kq.protocol.rpc.netty;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;

/**
 * Tells the other end that DATA frames may be larger than HTTP/2's 16 KiB, for which gRPC has no
 * option. All of gRPC's {@code @Internal} classes that kq touches are named in this class, and its
 * test opens a connection: a new version of gRPC that changes them fails there.
 *
 * <p>The server's negotiator sees a connection before gRPC does: it is the place where the first
 * bytes can one day tell another protocol from HTTP/2.
 */
final class LargeFrames {

    private LargeFrames() {}

    /** For a server without TLS. */
    static ProtocolNegotiator server(int frameBytesMax) {
        return announcing(InternalProtocolNegotiators.serverPlaintext(), frameBytesMax);
    }

    /** For a channel without TLS. */
    static void client(NettyChannelBuilder builder, int frameBytesMax) {
        InternalNettyChannelBuilder.setProtocolNegotiatorFactory(
                builder, () -> announcing(InternalProtocolNegotiators.plaintext(), frameBytesMax));
    }

    private static ProtocolNegotiator announcing(ProtocolNegotiator inner, int frameBytesMax) {
        return new ProtocolNegotiator() {
            @Override
            public AsciiString scheme() {
                return inner.scheme();
            }

            @Override
            public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
                return new Announcer(inner.newHandler(grpc), grpc, frameBytesMax);
            }

            @Override
            public void close() {
                inner.close();
            }
        };
    }

    /**
     * Stands before the inner negotiation until that has put gRPC's handler into the pipeline,
     * which it does while it handles something that passed here; then announces the frame size and
     * leaves.
     */
    private static final class Announcer extends ChannelInboundHandlerAdapter {

        private final ChannelHandler negotiation;
        private final GrpcHttp2ConnectionHandler grpc;
        private final int frameBytesMax;

        Announcer(ChannelHandler negotiation, GrpcHttp2ConnectionHandler grpc, int frameBytesMax) {
            this.negotiation = negotiation;
            this.grpc = grpc;
            this.frameBytesMax = frameBytesMax;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().addAfter(ctx.name(), null, negotiation);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ctx.fireUserEventTriggered(event);
            announceOnceNegotiated(ctx);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.fireChannelActive();
            announceOnceNegotiated(ctx);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ctx.fireChannelRead(bytes);
            announceOnceNegotiated(ctx);
        }

        private void announceOnceNegotiated(ChannelHandlerContext ctx) {
            ChannelHandlerContext http2 = ctx.pipeline().context(grpc);
            if (http2 != null && !ctx.isRemoved()) {
                ctx.pipeline().remove(this);
                Http2Settings settings = new Http2Settings().maxFrameSize(frameBytesMax);
                // A write that fails closes the connection, which gRPC notices by itself.
                var unused = grpc.encoder().writeSettings(http2, settings, http2.newPromise());
                http2.flush();
            }
        }
    }
}
