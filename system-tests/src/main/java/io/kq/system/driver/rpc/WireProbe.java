package io.kq.system.driver.rpc;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.kq.v1.FetchData;
import io.kq.v1.FetchOnceRequest;
import io.kq.v1.FetchSubscription;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.OffsetAnswer;
import io.kq.v1.OffsetQuery;
import io.kq.v1.RecordFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks one node, whether or not it leads. What it does not answer is left out. */
public final class WireProbe implements AutoCloseable {

    private static final int RECORD_BYTES_MAX = 64 * 1024;

    private final ManagedChannel channel;
    private final String topic;
    private final Duration bound;

    /**
     * @param address {@code host:port}
     * @param bound of one question
     */
    public WireProbe(String address, String topic, Duration bound) {
        channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
        this.topic = topic;
        this.bound = bound;
    }

    /** An end of a partition, as its leader of the epoch says. */
    public record Told(int partition, boolean earliest, int leaderEpoch, long offset) {}

    /** First offsets and high watermarks of the partitions. */
    public List<Told> offsets(int partitions) {
        ListOffsetsRequest.Builder request = ListOffsetsRequest.newBuilder();
        for (int i = 0; i < partitions; i++) {
            request.addQueries(query(i).setLatest(true));
        }
        List<Told> told = new ArrayList<>(ask(request.build(), false));
        request.clear();
        for (int i = 0; i < partitions; i++) {
            request.addQueries(query(i).setEarliest(true));
        }
        told.addAll(ask(request.build(), true));
        return told;
    }

    private OffsetQuery.Builder query(int partition) {
        return OffsetQuery.newBuilder().setTopic(topic).setPartition(partition);
    }

    private List<Told> ask(ListOffsetsRequest request, boolean earliest) {
        List<Told> told = new ArrayList<>();
        try {
            for (OffsetAnswer answer : stub().listOffsets(request).getAnswersList()) {
                if (!answer.hasError()) {
                    told.add(
                            new Told(
                                    answer.getPartition(),
                                    earliest,
                                    answer.getLeaderEpoch(),
                                    answer.getOffset()));
                }
            }
        } catch (StatusRuntimeException noAnswer) {
            return told;
        }
        return told;
    }

    /** Records at consecutive offsets, and the high watermark of the same answer. */
    public record Read(int partition, long highWatermark, long first, List<byte[]> values) {}

    /**
     * Reads some of a partition from an offset on; empty if it cannot be read, or nothing is there.
     */
    public List<Read> read(int partition, long offset) {
        FetchOnceRequest request =
                FetchOnceRequest.newBuilder()
                        .addSubscriptions(
                                FetchSubscription.newBuilder()
                                        .setSubscriptionId(1)
                                        .setTopic(topic)
                                        .setPartition(partition)
                                        .setOffset(offset)
                                        .setFormat(RecordFormat.RECORD_FORMAT_PLAIN)
                                        .setMaxBytes(RECORD_BYTES_MAX))
                        .setMaxBytes(RECORD_BYTES_MAX)
                        .build();
        try {
            List<Read> reads = new ArrayList<>();
            for (FetchData data : stub().fetchOnce(request).getDataList()) {
                if (!data.hasError() && data.getPlain().getRecordsCount() > 0) {
                    reads.add(read(data));
                }
            }
            return reads;
        } catch (StatusRuntimeException noAnswer) {
            return List.of();
        }
    }

    private static Read read(FetchData data) {
        List<byte[]> values = new ArrayList<>();
        data.getPlain().getRecordsList().forEach(r -> values.add(r.getValue().toByteArray()));
        return new Read(
                data.getPartition(),
                data.getHighWatermark(),
                data.getPlain().getRecords(0).getOffset(),
                values);
    }

    private LogServiceGrpc.LogServiceBlockingStub stub() {
        return LogServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(bound.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
