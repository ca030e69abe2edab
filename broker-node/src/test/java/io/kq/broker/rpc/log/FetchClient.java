package io.kq.broker.rpc.log;

import static io.kq.runtime.Eventually.eventually;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.RecordReader;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.FetchResponse;
import io.kq.v1.FetchSubscription;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A fetch stream as a client made from the .proto alone has it. */
final class FetchClient implements AutoCloseable {

    final List<FetchData> data = new CopyOnWriteArrayList<>();
    volatile @Nullable Status end;

    private final ManagedChannel channel;
    private @Nullable ClientCallStreamObserver<FetchRequest> call;

    FetchClient(TestNode node) {
        this(node, new Metadata(), Integer.MAX_VALUE);
    }

    FetchClient(TestNode node, Metadata headers, int readMax) {
        this.channel = node.channel();
        LogServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .fetch(
                        new ClientResponseObserver<FetchRequest, FetchResponse>() {
                            @Override
                            public void beforeStart(ClientCallStreamObserver<FetchRequest> c) {
                                call = c;
                                c.disableAutoRequestWithInitial(readMax);
                            }

                            @Override
                            public void onNext(FetchResponse response) {
                                data.addAll(response.getDataList());
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

    static FetchSubscription.Builder subscription(
            int id, String topic, int partition, long offset, RecordFormat format) {
        return FetchSubscription.newBuilder()
                .setSubscriptionId(id)
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setFormat(format);
    }

    void send(FetchRequest.Builder request) {
        if (call == null) {
            throw new IllegalStateException("not started");
        }
        call.onNext(request.build());
    }

    void subscribe(FetchSubscription.Builder subscription, long credit) {
        send(FetchRequest.newBuilder().addSubscribe(subscription).setCreditBytes(credit));
    }

    void grant(long credit) {
        send(FetchRequest.newBuilder().setCreditBytes(credit));
    }

    void request(int responseCount) {
        if (call != null) {
            call.request(responseCount);
        }
    }

    boolean isReady() {
        return call != null && call.isReady();
    }

    void halfClose() {
        if (call != null) {
            call.onCompleted();
        }
    }

    void cancel() {
        if (call != null) {
            call.cancel("test", null);
        }
    }

    /** Values received so far by one subscription, in order. */
    List<String> values(int subscription) {
        List<String> values = new ArrayList<>();
        for (FetchData part : data) {
            if (part.getSubscriptionId() == subscription) {
                part.getPlain()
                        .getRecordsList()
                        .forEach(r -> values.add(r.getValue().toStringUtf8()));
                unpack(part.getPacked().asReadOnlyByteBuffer(), values);
            }
        }
        return values;
    }

    private static void unpack(ByteBuffer batches, List<String> into) {
        while (batches.hasRemaining()) {
            RecordReader reader = RecordReader.openNext(batches, 1 << 26);
            while (reader.advance()) {
                BatchRecord record = reader.record();
                byte[] value = record.value();
                into.add(value == null ? "" : new String(value, StandardCharsets.UTF_8));
            }
        }
    }

    /** Bytes of data received so far, as the credit counts them. */
    long dataBytes() {
        return data.stream()
                .mapToLong(
                        d ->
                                d.hasPacked()
                                        ? d.getPacked().size()
                                        : d.hasPlain() ? d.getPlain().getSerializedSize() : 0)
                .sum();
    }

    List<String> awaitValues(int subscription, int count) {
        eventually(
                count + " values, here " + values(subscription).size() + ", end " + end,
                () -> values(subscription).size() >= count);
        return values(subscription);
    }

    FetchData awaitError(int subscription) {
        eventually(
                "an error of " + subscription,
                () ->
                        data.stream()
                                .anyMatch(
                                        d ->
                                                d.getSubscriptionId() == subscription
                                                        && d.hasError()));
        return data.stream()
                .filter(d -> d.getSubscriptionId() == subscription && d.hasError())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
