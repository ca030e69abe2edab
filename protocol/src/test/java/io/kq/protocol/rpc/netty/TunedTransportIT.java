package io.kq.protocol.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.Collector;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.FetchResponse;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import io.kq.v1.ProduceResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TunedTransportIT {

    private static final int SETTINGS_MAX_FRAME_SIZE = 5;
    private static final int FRAME_BYTES = 64 * 1024;
    private static final Logger GRPC_LOG = Logger.getLogger("io.grpc.internal");

    private EventLoopGroup loops = TunedTransport.eventLoops("tuned", 1);
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        }
        for (Server server : servers) {
            server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        }
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void bothEndsAskForLargeFramesAndSendThem() throws IOException {
        Server server = startServer();
        try (RecordingProxy proxy = new RecordingProxy(server.getPort())) {
            ManagedChannel channel =
                    opened(TunedTransport.channel("127.0.0.1", proxy.port(), loops));
            echo(channel);
            echo(channel);

            for (List<RecordingProxy.Frame> frames :
                    List.of(proxy.clientFrames(), proxy.serverFrames())) {
                assertThat(frames).anyMatch(f -> f.setting(SETTINGS_MAX_FRAME_SIZE) == FRAME_BYTES);
                assertThat(
                                frames.stream()
                                        .filter(f -> f.type() == RecordingProxy.DATA)
                                        .mapToInt(f -> f.payload().remaining())
                                        .max())
                        .hasValue(FRAME_BYTES);
                assertThat(frames)
                        .as("cut by the buffer's bound")
                        .noneMatch(
                                f ->
                                        f.type() == RecordingProxy.DATA
                                                && f.payload().remaining() == 1);
            }
        }
    }

    @Test
    void worksWithoutEpoll() throws IOException {
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        loops =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("nio", true), NioIoHandler.newFactory());
        Server server = startServer();
        ManagedChannel channel =
                opened(TunedTransport.channel("localhost", server.getPort(), loops));

        echo(channel);
    }

    @Test
    void usesEpollOnLinux() {
        assertThat(Epoll.isAvailable()).isEqualTo(System.getProperty("os.name").equals("Linux"));
    }

    @Test
    void answersOnItsOwnEventLoops() throws IOException {
        Server server = startServer();
        ManagedChannel channel =
                opened(TunedTransport.channel("127.0.0.1", server.getPort(), loops));
        Collector<String> threads = new Collector<>();
        LogServiceGrpc.newStub(channel)
                .produce(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(ProduceResponse value) {
                                threads.onNext(Thread.currentThread().getName());
                            }

                            @Override
                            public void onError(Throwable t) {
                                threads.onError(t);
                            }

                            @Override
                            public void onCompleted() {}
                        })
                .onNext(ProduceRequest.getDefaultInstance());

        assertThat(threads.await(1).get(0)).startsWith("tuned-");
    }

    @Test
    void messageOverTheBoundIsTooLargeAndNotRetried() throws IOException {
        Server server = startServer();
        ManagedChannel channel =
                opened(
                        TunedTransport.channel(
                                "127.0.0.1",
                                server.getPort(),
                                loops,
                                TransportSettings.defaults().withInboundMessageBytesMax(10_000)));
        Collector<FetchResponse> received = new Collector<>();
        LogServiceGrpc.newStub(channel).fetch(received).onNext(fetchRequest(20_000));

        assertThat(RejectionCodec.fromThrowable(received.awaitFailure()).code())
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void portThatNobodyListensOnIsUnreachableAndDefinite() throws IOException {
        ManagedChannel channel = opened(TunedTransport.channel("127.0.0.1", freePort(), loops));

        RejectedException refusal = listOffsets(channel);

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(refusal.definite()).isTrue();
    }

    @Test
    void nameThatDoesNotResolveIsUnreachableAndDefinite() {
        GRPC_LOG.setLevel(Level.OFF); // It tells of every name that does not resolve.
        ManagedChannel channel =
                opened(TunedTransport.channel("no-such-host.invalid", 9092, loops));

        RejectedException refusal = listOffsets(channel);

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(refusal.definite()).isTrue();
    }

    @Test
    void methodThatDoesNotExistIsUnsupportedAndDefinite() throws IOException {
        Server server = startServer();
        ManagedChannel channel =
                opened(TunedTransport.channel("127.0.0.1", server.getPort(), loops));

        RejectedException refusal = listOffsets(channel);

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(refusal.definite()).isTrue();
    }

    @Test
    void nodeThatDiesMidCallIsUnreachableAndOfUnknownOutcome() throws IOException {
        Server server = startServer();
        ManagedChannel channel =
                opened(TunedTransport.channel("127.0.0.1", server.getPort(), loops));
        Collector<ProduceResponse> answers = new Collector<>();
        StreamObserver<ProduceRequest> requests = LogServiceGrpc.newStub(channel).produce(answers);
        requests.onNext(ProduceRequest.getDefaultInstance());
        answers.await(1);

        server.shutdownNow();

        RejectedException refusal = RejectionCodec.fromThrowable(answers.awaitFailure());
        assertThat(refusal.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(refusal.definite()).isFalse();
    }

    @Test
    void refusesPortsThatAreNone() {
        assertThatThrownBy(() -> TunedTransport.channel("a", 0, loops))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TunedTransport.channel("a", 65_536, loops))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private ManagedChannel opened(NettyChannelBuilder builder) {
        ManagedChannel channel = builder.build();
        channels.add(channel);
        return channel;
    }

    private Server startServer() throws IOException {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Server server =
                TunedTransport.server(builder, loops).addService(new Echo()).build().start();
        servers.add(server);
        return server;
    }

    private static RejectedException listOffsets(ManagedChannel channel) {
        return RejectionCodec.fromThrowable(
                catchThrowable(
                        () ->
                                LogServiceGrpc.newBlockingStub(channel)
                                        .withDeadlineAfter(60, TimeUnit.SECONDS)
                                        .listOffsets(ListOffsetsRequest.getDefaultInstance())));
    }

    /** Sends 300 KB and has as many sent back. */
    private static void echo(ManagedChannel channel) {
        Collector<FetchResponse> fetched = new Collector<>();
        LogServiceGrpc.newStub(channel).fetch(fetched).onNext(fetchRequest(300_000));
        assertThat(fetched.await(1).get(0).getData(0).getPacked().size()).isEqualTo(300_000);
        Collector<ProduceResponse> answers = new Collector<>();
        ByteString bytes = ByteString.copyFrom(new byte[300_000]);
        LogServiceGrpc.newStub(channel)
                .produce(answers)
                .onNext(
                        ProduceRequest.newBuilder()
                                .addBatches(ProduceBatch.newBuilder().setPacked(bytes))
                                .build());
        answers.await(1);
    }

    private static FetchRequest fetchRequest(long credit) {
        return FetchRequest.newBuilder().setCreditBytes(credit).build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Answers a produce with nothing and a fetch with as many bytes as it grants. */
    private static final class Echo extends LogServiceGrpc.LogServiceImplBase {

        @Override
        public StreamObserver<ProduceRequest> produce(StreamObserver<ProduceResponse> out) {
            return answering(out, request -> ProduceResponse.getDefaultInstance());
        }

        @Override
        public StreamObserver<FetchRequest> fetch(StreamObserver<FetchResponse> out) {
            return answering(
                    out,
                    request -> {
                        byte[] bytes = new byte[(int) request.getCreditBytes()];
                        return FetchResponse.newBuilder()
                                .addData(
                                        FetchData.newBuilder()
                                                .setPacked(ByteString.copyFrom(bytes)))
                                .build();
                    });
        }

        private static <Q, A> StreamObserver<Q> answering(
                StreamObserver<A> out, java.util.function.Function<Q, A> answer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(Q request) {
                    out.onNext(answer.apply(request));
                }

                @Override
                public void onError(Throwable t) {}

                @Override
                public void onCompleted() {
                    out.onCompleted();
                }
            };
        }
    }
}
