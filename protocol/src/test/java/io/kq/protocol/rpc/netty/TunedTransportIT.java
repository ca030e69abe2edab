package io.kq.protocol.rpc.netty;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordReader;
import io.kq.protocol.rpc.FetchFrame;
import io.kq.protocol.rpc.FetchedFrame;
import io.kq.protocol.rpc.LogMethods;
import io.kq.protocol.rpc.OutgoingProduce;
import io.kq.protocol.rpc.ProduceFrame;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceResponse;
import io.kq.v1.ProduceResult;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunedTransportIT {

    private final EventLoopGroup loops = TunedTransport.eventLoops("test", 1);
    private final CompletableFuture<ByteBuffer> stored = new CompletableFuture<>();
    private final AtomicInteger bodiesClosed = new AtomicInteger();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server =
                TunedTransport.server(builder, loops)
                        .addService(
                                LogMethods.service(
                                        new LogServiceGrpc.LogServiceImplBase() {},
                                        ServerCalls.asyncBidiStreamingCall(this::produce),
                                        ServerCalls.asyncBidiStreamingCall(this::fetch)))
                        .build()
                        .start();
        channel = TunedTransport.channel("localhost", server.getPort(), loops).build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow();
        channel.awaitTermination(10, TimeUnit.SECONDS);
        server.awaitTermination(10, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void batchGoesThroughANodeAndBack() throws Exception {
        byte[] value = new byte[300_000];
        RecordBatchBuilder builder = new RecordBatchBuilder(1024);
        builder.append(1000, null, value);
        ByteBuffer batch = builder.build(CompressionCodec.NONE, 1, (short) 0, 0);
        CompletableFuture<ProduceResponse> answered = new CompletableFuture<>();
        StreamObserver<OutgoingProduce> requests =
                ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(LogMethods.PRODUCE_CLIENT, CallOptions.DEFAULT),
                        into(answered));

        requests.onNext(
                new OutgoingProduce(
                        List.of(
                                OutgoingProduce.Entry.packed(
                                        ProduceBatch.newBuilder().setCorrelationId(7).build(),
                                        batch))));

        assertThat(answered.get(30, TimeUnit.SECONDS).getResults(0).getCorrelationId())
                .isEqualTo(7);
        assertThat(stored.get()).isEqualTo(batch);
        CompletableFuture<FetchedFrame> fetched = new CompletableFuture<>();
        StreamObserver<FetchRequest> credits =
                ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(LogMethods.FETCH_CLIENT, CallOptions.DEFAULT),
                        into(fetched));
        credits.onNext(FetchRequest.getDefaultInstance());
        try (FetchedFrame frame = fetched.get(30, TimeUnit.SECONDS)) {
            FetchedFrame.Part part = frame.parts().get(0);
            assertThat(part.head().getNextOffset()).isEqualTo(1);
            assertThat(part.packedBytes()).isEqualTo(batch.remaining());
            assertThat(RecordReader.readAll(part.packed(), 1 << 20).get(0).value())
                    .isEqualTo(value);
        }
        assertThat(bodiesClosed).hasValue(1);
    }

    @Test
    void unknownMethodIsUnsupported() {
        assertThat(
                        org.assertj.core.api.Assertions.catchThrowable(
                                () ->
                                        LogServiceGrpc.newBlockingStub(channel)
                                                .listOffsets(
                                                        io.kq.v1.ListOffsetsRequest
                                                                .getDefaultInstance())))
                .satisfies(
                        failure -> {
                            RejectedException read = RejectionCodec.fromThrowable(failure);
                            assertThat(read.code()).isEqualTo(ErrorCode.UNSUPPORTED);
                            assertThat(read.definite()).isTrue();
                        });
    }

    private StreamObserver<ProduceFrame> produce(StreamObserver<ProduceResponse> answers) {
        return observer(
                frame -> {
                    try (frame) {
                        ProduceFrame.Entry entry = frame.entries().get(0);
                        stored.complete(requireNonNull(entry.packed()).toContiguous());
                        answers.onNext(
                                ProduceResponse.newBuilder()
                                        .addResults(
                                                ProduceResult.newBuilder()
                                                        .setCorrelationId(entry.correlationId()))
                                        .build());
                    }
                });
    }

    private StreamObserver<FetchRequest> fetch(StreamObserver<FetchFrame> answers) {
        return observer(
                request ->
                        answers.onNext(
                                new FetchFrame(
                                        List.of(
                                                new FetchFrame.Part(
                                                        FetchData.newBuilder()
                                                                .setNextOffset(1)
                                                                .build(),
                                                        new StoredBody())))));
    }

    private final class StoredBody implements FetchFrame.Body {
        @Override
        public int sizeBytes() {
            return stored.join().remaining();
        }

        @Override
        public void writeTo(OutputStream out, byte[] scratch) throws IOException {
            ByteBuffer rest = stored.join().duplicate();
            while (rest.hasRemaining()) {
                int length = Math.min(scratch.length, rest.remaining());
                rest.get(scratch, 0, length);
                out.write(scratch, 0, length);
            }
        }

        @Override
        public void close() {
            bodiesClosed.incrementAndGet();
        }
    }

    private static <T> StreamObserver<T> into(CompletableFuture<T> future) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                future.complete(value);
            }

            @Override
            public void onError(Throwable t) {
                future.completeExceptionally(t);
            }

            @Override
            public void onCompleted() {}
        };
    }

    private static <T> StreamObserver<T> observer(java.util.function.Consumer<T> next) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                next.accept(value);
            }

            @Override
            public void onError(Throwable t) {}

            @Override
            public void onCompleted() {}
        };
    }
}
