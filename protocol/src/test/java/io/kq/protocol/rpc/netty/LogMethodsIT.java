package io.kq.protocol.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.rpc.Collector;
import io.kq.protocol.rpc.FrameBody;
import io.kq.protocol.rpc.IncomingFrame;
import io.kq.protocol.rpc.LogMethods;
import io.kq.protocol.rpc.OutgoingFrame;
import io.kq.protocol.rpc.OutgoingProduce;
import io.kq.protocol.rpc.ProduceFrame;
import io.kq.protocol.rpc.RawLogService;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.Acks;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.FetchResponse;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.ListOffsetsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import io.kq.v1.ProduceResponse;
import io.kq.v1.Record;
import io.kq.v1.Records;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hot methods against the generated ones, over real connections. */
class LogMethodsIT {

    private static final int MESSAGES = 40;
    private static final Logger GRPC_LOG = Logger.getLogger("io.grpc.internal");

    private final EventLoopGroup loops = TunedTransport.eventLoops("test", 2);
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** How the two ends are connected. */
    enum Transport {
        NETTY,
        IN_PROCESS
    }

    @AfterEach
    void everyBufferIsFreedOnceAllIsClosed() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        }
        for (Server server : servers) {
            server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        }
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void produceArrivesAsTheGeneratedClientWouldSendIt(Transport transport) throws IOException {
        Collector<byte[]> received = new Collector<>();
        ManagedChannel channel =
                connect(transport, raw(RawLogService.PRODUCE, received, List.of()));
        StreamObserver<OutgoingProduce> requests =
                ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(LogMethods.PRODUCE_CLIENT, CallOptions.DEFAULT),
                        new Collector<>());

        for (int i = 0; i < MESSAGES; i++) {
            requests.onNext(outgoing(produceRequest(i)));
        }

        List<byte[]> all = received.await(MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(all.get(i)).isEqualTo(produceRequest(i).toByteArray());
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void nodeReadsWhatAGeneratedClientProduces(Transport transport) throws IOException {
        Collector<ProduceFrame> received = new Collector<>();
        ManagedChannel channel = connect(transport, service(received, new Collector<>()));
        StreamObserver<ProduceRequest> requests =
                LogServiceGrpc.newStub(channel).produce(new Collector<>());

        for (int i = 0; i < MESSAGES; i++) {
            requests.onNext(produceRequest(i));
        }

        List<ProduceFrame> frames = received.await(MESSAGES);
        boolean inTransportsBuffers = false;
        for (int i = 0; i < MESSAGES; i++) {
            try (ProduceFrame frame = frames.get(i)) {
                assertSame(frame, produceRequest(i));
                inTransportsBuffers |= !frame.isOnHeap();
            }
        }
        assertThat(inTransportsBuffers).isEqualTo(transport == Transport.NETTY);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void fetchedDataArrivesAsTheGeneratedServerWouldSendIt(Transport transport) throws IOException {
        AtomicInteger closed = new AtomicInteger();
        List<OutgoingFrame<FetchData>> frames = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            frames.add(frame(fetchResponse(i), closed));
        }
        ManagedChannel channel = connect(transport, fetchService(frames));
        Collector<byte[]> received = new Collector<>();
        ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(RawLogService.FETCH, CallOptions.DEFAULT), received)
                .onNext(new byte[0]);

        List<byte[]> all = received.await(MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(all.get(i)).isEqualTo(fetchResponse(i).toByteArray());
        }
        assertThat(closed).hasValue(2 * MESSAGES);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void clientReadsWhatAGeneratedServerSends(Transport transport) throws IOException {
        List<byte[]> answers = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            answers.add(fetchResponse(i).toByteArray());
        }
        ManagedChannel channel =
                connect(transport, raw(RawLogService.FETCH, new Collector<>(), answers));
        Collector<IncomingFrame<FetchData>> received = new Collector<>();
        ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(LogMethods.FETCH_CLIENT, CallOptions.DEFAULT), received)
                .onNext(FetchRequest.getDefaultInstance());

        List<IncomingFrame<FetchData>> frames = received.await(MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            try (IncomingFrame<FetchData> frame = frames.get(i)) {
                assertThat(joined(frame)).isEqualTo(fetchResponse(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void restOfTheServiceIsTheGeneratedOne(Transport transport) throws IOException {
        ManagedChannel channel = connect(transport, service(new Collector<>(), new Collector<>()));

        assertThat(
                        LogServiceGrpc.newBlockingStub(channel)
                                .listOffsets(ListOffsetsRequest.getDefaultInstance())
                                .getAnswers(0)
                                .getOffset())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void malformedRequestEndsItsStreamAndFreesIt(Transport transport) throws IOException {
        GRPC_LOG.setLevel(Level.OFF); // It tells of every request that cannot be read.
        Collector<ProduceFrame> received = new Collector<>();
        ManagedChannel channel = connect(transport, service(received, new Collector<>()));
        byte[] malformed = produceRequest(9).toByteArray();
        malformed[1] = (byte) 0xff;
        Collector<byte[]> answers = new Collector<>();
        ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(RawLogService.PRODUCE, CallOptions.DEFAULT), answers)
                .onNext(malformed);

        assertThat(RejectionCodec.fromThrowable(answers.awaitFailure()).code().isRetriable())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void malformedResponseIsNotTakenForALostNode(Transport transport) throws IOException {
        byte[] malformed = fetchResponse(9).toByteArray();
        malformed[1] = (byte) 0xff;
        ManagedChannel channel =
                connect(transport, raw(RawLogService.FETCH, new Collector<>(), List.of(malformed)));
        Collector<IncomingFrame<FetchData>> received = new Collector<>();
        ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(LogMethods.FETCH_CLIENT, CallOptions.DEFAULT), received)
                .onNext(FetchRequest.getDefaultInstance());

        assertThat(RejectionCodec.fromThrowable(received.awaitFailure()).code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    private ManagedChannel connect(Transport transport, ServerServiceDefinition service)
            throws IOException {
        Server server;
        ManagedChannel channel;
        if (transport == Transport.NETTY) {
            NettyServerBuilder builder =
                    NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server =
                    TunedTransport.server(builder, loops)
                            .withChildOption(ChannelOption.ALLOCATOR, allocator)
                            .addService(service)
                            .build()
                            .start();
            channel =
                    TunedTransport.channel("127.0.0.1", server.getPort(), loops)
                            .withOption(ChannelOption.ALLOCATOR, allocator)
                            .build();
        } else {
            String name = InProcessServerBuilder.generateName();
            server =
                    InProcessServerBuilder.forName(name)
                            .directExecutor()
                            .addService(service)
                            .build()
                            .start();
            channel = InProcessChannelBuilder.forName(name).directExecutor().build();
        }
        servers.add(server);
        channels.add(channel);
        return channel;
    }

    private static ServerServiceDefinition raw(
            MethodDescriptor<byte[], byte[]> method,
            StreamObserver<byte[]> received,
            List<byte[]> answers) {
        return ServerServiceDefinition.builder(method.getServiceName())
                .addMethod(
                        method,
                        ServerCalls.asyncBidiStreamingCall(
                                out -> {
                                    answers.forEach(out::onNext);
                                    return received;
                                }))
                .build();
    }

    private static ServerServiceDefinition service(
            StreamObserver<ProduceFrame> produced, StreamObserver<FetchRequest> fetched) {
        BindableService rest =
                new LogServiceGrpc.LogServiceImplBase() {
                    @Override
                    public void listOffsets(
                            ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> out) {
                        ListOffsetsResponse.Builder response = ListOffsetsResponse.newBuilder();
                        response.addAnswersBuilder().setOffset(7);
                        out.onNext(response.build());
                        out.onCompleted();
                    }
                };
        return LogMethods.service(
                rest,
                ServerCalls.asyncBidiStreamingCall(
                        (StreamObserver<ProduceResponse> out) -> produced),
                ServerCalls.asyncBidiStreamingCall(
                        (StreamObserver<OutgoingFrame<FetchData>> out) -> fetched));
    }

    private static ServerServiceDefinition fetchService(List<OutgoingFrame<FetchData>> frames) {
        return LogMethods.service(
                new LogServiceGrpc.LogServiceImplBase() {},
                ServerCalls.asyncBidiStreamingCall(
                        (StreamObserver<ProduceResponse> out) -> new Collector<>()),
                ServerCalls.asyncBidiStreamingCall(
                        (StreamObserver<OutgoingFrame<FetchData>> out) -> {
                            frames.forEach(out::onNext);
                            return new Collector<>();
                        }));
    }

    /** Packed and plain batches, growing from small ones to some of 200 KB. */
    private static ProduceRequest produceRequest(int i) {
        ProduceBatch.Builder head =
                ProduceBatch.newBuilder()
                        .setCorrelationId(i)
                        .setTopic("first_topic")
                        .setPartition(i % 3)
                        .setAcks(Acks.ACKS_ALL);
        return ProduceRequest.newBuilder()
                .addBatches(head.setPacked(ByteString.copyFrom(recordBatch(i * 5000))))
                .addBatches(head.setPlain(plain(i)))
                .build();
    }

    private static FetchResponse fetchResponse(int i) {
        FetchData.Builder head = FetchData.newBuilder().setTopic("first_topic").setNextOffset(i);
        return FetchResponse.newBuilder()
                .addData(head.setPacked(ByteString.copyFrom(recordBatch(i * 5000))))
                .addData(head.setPlain(plain(i)))
                .addData(head.setPacked(ByteString.copyFrom(recordBatch(i))))
                .build();
    }

    private static Records plain(int i) {
        return Records.newBuilder()
                .addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8("value " + i)))
                .build();
    }

    private static ByteBuffer recordBatch(int valueBytes) {
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31);
        }
        RecordBatchBuilder builder = new RecordBatchBuilder(valueBytes + 100);
        builder.append(1000, null, value);
        return builder.build(CompressionCodec.NONE);
    }

    private static OutgoingProduce outgoing(ProduceRequest request) {
        List<OutgoingProduce.Entry> entries = new ArrayList<>();
        for (ProduceBatch batch : request.getBatchesList()) {
            entries.add(
                    batch.hasPacked()
                            ? OutgoingProduce.Entry.packed(
                                    batch.toBuilder().clearPacked().build(),
                                    ByteBuffer.wrap(batch.getPacked().toByteArray()))
                            : OutgoingProduce.Entry.plain(batch));
        }
        return new OutgoingProduce(entries);
    }

    private static OutgoingFrame<FetchData> frame(FetchResponse response, AtomicInteger closed) {
        List<OutgoingFrame.Part<FetchData>> parts = new ArrayList<>();
        for (FetchData data : response.getDataList()) {
            FrameBody body = data.hasPacked() ? new StoredBody(data.getPacked(), closed) : null;
            parts.add(
                    new OutgoingFrame.Part<>(
                            body == null ? data : data.toBuilder().clearPacked().build(), body));
        }
        return new OutgoingFrame<>(parts);
    }

    private static void assertSame(ProduceFrame frame, ProduceRequest request) {
        assertThat(frame.entries()).hasSize(request.getBatchesCount());
        for (int i = 0; i < request.getBatchesCount(); i++) {
            ProduceFrame.Entry entry = frame.entries().get(i);
            ProduceBatch batch = request.getBatches(i);
            assertThat(entry.problem()).isNull();
            assertThat(entry.correlationId()).isEqualTo(batch.getCorrelationId());
            if (batch.hasPacked()) {
                BatchBytes packed = Objects.requireNonNull(entry.packed());
                assertThat(packed.crcMatches()).isTrue();
                assertThat(ByteString.copyFrom(packed.toContiguous())).isEqualTo(batch.getPacked());
            } else {
                assertThat(entry.plain()).isEqualTo(batch.getPlain());
            }
        }
    }

    private static FetchResponse joined(IncomingFrame<FetchData> frame) {
        FetchResponse.Builder response = FetchResponse.newBuilder();
        for (IncomingFrame.Part<FetchData> part : frame.parts()) {
            FetchData.Builder data = part.head().toBuilder();
            if (part.packedBytes() > 0) {
                data.setPacked(ByteString.copyFrom(part.packed()));
            }
            response.addData(data);
        }
        return response.build();
    }

    /** A stored slice. */
    private record StoredBody(ByteString bytes, AtomicInteger closed) implements FrameBody {

        @Override
        public int sizeBytes() {
            return bytes.size();
        }

        @Override
        public void writeTo(OutputStream out, byte[] scratch) throws IOException {
            bytes.writeTo(out);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
