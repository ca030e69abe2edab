package io.kq.broker.rpc.log;

import static io.kq.runtime.Eventually.eventually;

import com.google.protobuf.ByteString;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.v1.Acks;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import io.kq.v1.ProduceResponse;
import io.kq.v1.ProduceResult;
import io.kq.v1.Record;
import io.kq.v1.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A produce stream as a client made from the .proto alone has it. */
final class ProduceClient implements AutoCloseable {

    final List<ProduceResult> results = new CopyOnWriteArrayList<>();
    final AtomicLong responses = new AtomicLong();
    volatile @Nullable Status end;

    private final ManagedChannel channel;
    private @Nullable ClientCallStreamObserver<ProduceRequest> call;
    private long nextCorrelation = 1;
    private final List<ProduceBatch> unsent = new ArrayList<>();

    ProduceClient(TestNode node) {
        this(node, new Metadata(), Integer.MAX_VALUE);
    }

    /**
     * @param readMax responses to read; the rest stays in the transport
     */
    ProduceClient(TestNode node, Metadata headers, int readMax) {
        this.channel = node.channel();
        ClientInterceptor attach = MetadataUtils.newAttachHeadersInterceptor(headers);
        LogServiceGrpc.newStub(channel)
                .withInterceptors(attach)
                .produce(
                        new ClientResponseObserver<ProduceRequest, ProduceResponse>() {
                            @Override
                            public void beforeStart(ClientCallStreamObserver<ProduceRequest> c) {
                                call = c;
                                c.disableAutoRequestWithInitial(readMax);
                            }

                            @Override
                            public void onNext(ProduceResponse response) {
                                responses.incrementAndGet();
                                results.addAll(response.getResultsList());
                            }

                            @Override
                            public void onError(Throwable t) {
                                end = Status.fromThrowable(t);
                            }

                            @Override
                            public void onCompleted() {
                                end = Status.OK;
                            }
                        });
    }

    private ClientCallStreamObserver<ProduceRequest> call() {
        if (call == null) {
            throw new IllegalStateException("not started");
        }
        return call;
    }

    /** A packed batch of {@code values}. */
    static ByteString packed(CompressionCodec codec, String... values) {
        return packed(codec, -1, 0, values);
    }

    /** A packed batch of an idempotent producer. */
    static ByteString packed(
            CompressionCodec codec, long producerId, int sequence, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256);
        for (String value : values) {
            builder.append(1_000, null, value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return ByteString.copyFrom(
                producerId < 0
                        ? builder.build(codec)
                        : builder.build(codec, producerId, (short) 0, sequence));
    }

    static Records plain(String... values) {
        Records.Builder records = Records.newBuilder();
        for (String value : values) {
            records.addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8(value)));
        }
        return records.build();
    }

    ProduceBatch.Builder batch(String topic, int partition) {
        return ProduceBatch.newBuilder()
                .setCorrelationId(nextCorrelation++)
                .setTopic(topic)
                .setPartition(partition)
                .setAcks(Acks.ACKS_ALL);
    }

    /** Adds to the next message. */
    long add(ProduceBatch.Builder batch) {
        ProduceBatch built = batch.build();
        unsent.add(built);
        return built.getCorrelationId();
    }

    void flush() {
        call().onNext(ProduceRequest.newBuilder().addAllBatches(unsent).build());
        unsent.clear();
    }

    long send(ProduceBatch.Builder batch) {
        long id = add(batch);
        flush();
        return id;
    }

    long sendPacked(String topic, int partition, String... values) {
        return send(batch(topic, partition).setPacked(packed(CompressionCodec.NONE, values)));
    }

    ProduceResult await(long correlationId) {
        eventually(
                "an answer to " + correlationId + ", stream end " + end,
                () -> results.stream().anyMatch(r -> r.getCorrelationId() == correlationId));
        return results.stream()
                .filter(r -> r.getCorrelationId() == correlationId)
                .findFirst()
                .orElseThrow();
    }

    void request(int responseCount) {
        call().request(responseCount);
    }

    boolean isReady() {
        return call().isReady();
    }

    void halfClose() {
        call().onCompleted();
    }

    void cancel() {
        call().cancel("test", null);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
