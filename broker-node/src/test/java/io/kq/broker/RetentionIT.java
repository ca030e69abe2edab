package io.kq.broker;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.DeleteRecordsRequest;
import io.kq.v1.Error;
import io.kq.v1.FetchOnceRequest;
import io.kq.v1.FetchSubscription;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.LogServiceGrpc.LogServiceBlockingStub;
import io.kq.v1.OffsetQuery;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceOnceRequest;
import io.kq.v1.ProduceResult;
import io.kq.v1.Record;
import io.kq.v1.RecordDeletion;
import io.kq.v1.RecordDeletionResult;
import io.kq.v1.Records;
import io.kq.v1.TopicServiceGrpc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Old records of a whole node's topics. */
@TestInstance(Lifecycle.PER_CLASS)
class RetentionIT {

    private InJvmNode node;

    @BeforeAll
    void start(@TempDir Path directory) {
        node =
                InJvmNode.start(
                        directory,
                        "log.retention.check.interval.ms=50ms",
                        "log.retention=-1",
                        "log.retention.bytes=200000",
                        "log.segment.bytes=50000");
    }

    @AfterAll
    void stop() {
        node.close();
        assertThat(node.faults()).isEmpty();
    }

    private LogServiceBlockingStub logs() {
        return LogServiceGrpc.newBlockingStub(node.channel())
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private void create(String topic, Map<String, String> configs) {
        TopicServiceGrpc.newBlockingStub(node.channel())
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .createTopic(
                        CreateTopicRequest.newBuilder()
                                .setName(topic)
                                .setPartitionCount(1)
                                .putAllConfigs(configs)
                                .build());
    }

    /** A topic just made may have no leader yet. */
    private ProduceResult produce(String topic, int sizeBytes) {
        List<ProduceResult> taken = new ArrayList<>();
        eventually(
                "the record is taken",
                () -> {
                    ProduceResult result = tryProduce(topic, sizeBytes);
                    taken.add(result);
                    return !result.hasError();
                });
        return taken.get(taken.size() - 1);
    }

    private ProduceResult tryProduce(String topic, int sizeBytes) {
        Record record =
                Record.newBuilder()
                        .setValue(ByteString.copyFrom(new byte[sizeBytes]))
                        .setTimestampMs(System.currentTimeMillis())
                        .build();
        return logs().produceOnce(
                        ProduceOnceRequest.newBuilder()
                                .addBatches(
                                        ProduceBatch.newBuilder()
                                                .setTopic(topic)
                                                .setPlain(Records.newBuilder().addRecords(record)))
                                .build())
                .getResults(0);
    }

    private long earliest(String topic) {
        return logs().listOffsets(
                        ListOffsetsRequest.newBuilder()
                                .addQueries(
                                        OffsetQuery.newBuilder().setTopic(topic).setEarliest(true))
                                .build())
                .getAnswers(0)
                .getOffset();
    }

    private Error errorOfFetch(String topic, long offset) {
        return logs().fetchOnce(
                        FetchOnceRequest.newBuilder()
                                .addSubscriptions(
                                        FetchSubscription.newBuilder()
                                                .setTopic(topic)
                                                .setOffset(offset))
                                .build())
                .getData(0)
                .getError();
    }

    @Test
    void recordsThatAreTooOldGoAndTheirOffsetsAreNotGivenAgain() {
        create("short", Map.of("retention.ms", "200"));
        for (int i = 0; i < 5; i++) {
            produce("short", 10);
        }
        eventually("all are gone", () -> earliest("short") == 5);
        Error error = errorOfFetch("short", 0);
        assertThat(error.getReason()).isEqualTo("OFFSET_OUT_OF_RANGE");
        assertThat(error.getMetadataMap()).containsEntry("log_start", "5");
        assertThat(produce("short", 10).getBaseOffset()).isEqualTo(5);
    }

    @Test
    void theOldestGoWhenThereAreTooManyBytes() {
        create("small", Map.of("retention.bytes", "10000", "segment.bytes", "4096"));
        for (int i = 0; i < 30; i++) {
            produce("small", 1000);
        }
        eventually("the oldest are gone", () -> earliest("small") >= 15);
        assertThat(earliest("small")).isLessThanOrEqualTo(21);
        assertThat(errorOfFetch("small", earliest("small")).getReason()).isEmpty();
    }

    @Test
    void theNodesDefaultsHoldForTopicsThatDoNotSayOtherwise() {
        create("default", Map.of());
        create("all", Map.of("retention.bytes", "-1"));
        for (int i = 0; i < 15; i++) {
            produce("default", 30_000);
            produce("all", 30_000);
        }
        eventually("the oldest are gone", () -> earliest("default") > 0);
        assertThat(earliest("default")).isLessThanOrEqualTo(8);
        assertThat(earliest("all")).isZero();
    }

    @Test
    void withoutSuchAConfigRecordsStay() {
        create("standard", Map.of());
        produce("standard", 10);
        create("brief", Map.of("retention.ms", "1"));
        produce("brief", 10);
        eventually("the other is gone", () -> earliest("brief") == 1);
        assertThat(earliest("standard")).isZero();
    }

    @Test
    void deletedRecordsAreGoneAndTooHighAnOffsetIsRefused() {
        create("cut", Map.of());
        for (int i = 0; i < 5; i++) {
            produce("cut", 10);
        }
        RecordDeletion.Builder before = RecordDeletion.newBuilder().setTopic("cut");
        List<RecordDeletionResult> results =
                logs().deleteRecords(
                                DeleteRecordsRequest.newBuilder()
                                        .addDeletions(before.setBeforeOffset(3))
                                        .addDeletions(before.setBeforeOffset(6))
                                        .build())
                        .getResultsList();
        assertThat(results.get(0).getLogStartOffset()).isEqualTo(3);
        assertThat(results.get(1).getError().getReason()).isEqualTo("OFFSET_OUT_OF_RANGE");
        assertThat(earliest("cut")).isEqualTo(3);
        assertThat(errorOfFetch("cut", 2).getReason()).isEqualTo("OFFSET_OUT_OF_RANGE");
    }
}
