package io.kq.broker.rpc.log;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.doubles.MemoryLog;
import io.kq.broker.doubles.MemoryLogStore;
import io.kq.broker.partition.PartitionLeader;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.CompressionCodec;
import io.kq.v1.FetchData;
import io.kq.v1.FetchOnceRequest;
import io.kq.v1.FetchOnceResponse;
import io.kq.v1.FetchRequest;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.ListOffsetsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.OffsetAnswer;
import io.kq.v1.OffsetQuery;
import io.kq.v1.RecordFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchIT {

    private static final RecordFormat PACKED = RecordFormat.RECORD_FORMAT_PACKED;
    private static final RecordFormat PLAIN = RecordFormat.RECORD_FORMAT_PLAIN;
    private static final long PLENTY = 1 << 30;

    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final MemoryLogStore store = new MemoryLogStore();
    private final TestNode node = TestNode.start(1, metadata, store, 64 << 20);
    private final List<AutoCloseable> clients = new ArrayList<>();
    private final ProduceClient producer = new ProduceClient(node);
    private UUID topic = new UUID(0, 0);

    @BeforeEach
    void makeTopic() {
        topic = topic("t", 2);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        producer.close();
        eventually("all slices closed", () -> store.openSlices() == 0);
        node.close();
        assertThat(node.faults).isEmpty();
    }

    private UUID topic(String name, int partitions) {
        int[] leaders = new int[partitions];
        java.util.Arrays.fill(leaders, 1);
        UUID id = metadata.topic(name, Map.of(), leaders);
        for (int i = 0; i < partitions; i++) {
            int p = i;
            eventually(
                    "leads", () -> node.registry.route(name, p, null) instanceof PartitionLeader);
        }
        return id;
    }

    private FetchClient client() {
        return client(Integer.MAX_VALUE);
    }

    private FetchClient client(int readMax) {
        FetchClient client = new FetchClient(node, new Metadata(), readMax);
        clients.add(client);
        return client;
    }

    private ManagedChannel channel() {
        ManagedChannel channel = node.channel();
        clients.add(channel::shutdownNow);
        return channel;
    }

    private void produce(int partition, String... values) {
        producer.await(producer.sendPacked("t", partition, values));
    }

    private MemoryLog log(int partition) {
        return store.log(new TopicIdPartition(topic, partition));
    }

    @Test
    void sendsWhatIsThereAndThenWhatComes() {
        produce(0, "a", "b");
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        client.subscribe(FetchClient.subscription(2, "t", 0, 1, PLAIN), 0);
        assertThat(client.awaitValues(1, 2)).containsExactly("a", "b");
        assertThat(client.awaitValues(2, 1)).as("from the middle of a batch").containsExactly("b");
        produce(0, "c");
        assertThat(client.awaitValues(1, 3)).containsExactly("a", "b", "c");
        assertThat(client.awaitValues(2, 2)).containsExactly("b", "c");
        FetchData last = client.data.get(client.data.size() - 1);
        assertThat(last.getNextOffset()).isEqualTo(3);
        assertThat(last.getHighWatermark()).isEqualTo(3);
        assertThat(last.getLastStableOffset()).isEqualTo(3);
        assertThat(last.getTopic()).isEqualTo("t");
    }

    @Test
    void plainReadersGetRecordsWithAllTheirFieldsFromAnyCodec() {
        for (CompressionCodec codec : CompressionCodec.values()) {
            String value = codec.configName() + " ".repeat(500);
            producer.await(
                    producer.send(
                            producer.batch("t", 0)
                                    .setPacked(ProduceClient.packed(codec, value, value))));
        }
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PLAIN), PLENTY);
        int count = 2 * CompressionCodec.values().length;
        client.awaitValues(1, count);
        List<Long> offsets = new ArrayList<>();
        client.data.forEach(
                d -> d.getPlain().getRecordsList().forEach(r -> offsets.add(r.getOffset())));
        assertThat(offsets).hasSize(count).isSorted().startsWith(0L).doesNotHaveDuplicates();
        assertThat(client.data.get(0).getPlain().getRecords(0).getTimestampMs()).isEqualTo(1000);
    }

    @Test
    void neverSendsMoreThanTheCreditButForOneBatch() {
        for (int i = 0; i < 100; i++) {
            produce(0, "x".repeat(1000));
        }
        FetchClient client = client();
        long batch = 1000 + 61 + 12;
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED).setMaxBytes(3000), 10_000);
        eventually("credit used", () -> client.dataBytes() >= 10_000 - batch);
        produce(0, "more");
        assertThat(client.dataBytes()).isLessThanOrEqualTo(10_000 + batch);
        long before = client.dataBytes();
        client.grant(20_000);
        eventually("more", () -> client.dataBytes() >= before + 20_000 - 2 * batch);
        assertThat(client.dataBytes()).isLessThanOrEqualTo(30_000 + batch);
        client.grant(PLENTY);
        client.awaitValues(1, 101);
        assertThat(client.dataBytes()).isEqualTo(log(0).sizeBytes());
    }

    @Test
    void aBatchLargerThanTheCreditIsSentWhole() {
        produce(0, "x".repeat(100_000));
        produce(0, "y");
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), 1);
        client.awaitValues(1, 1);
        produce(0, "z");
        assertThat(client.values(1)).hasSize(1);
        client.grant(1);
        client.awaitValues(1, 2);
    }

    @Test
    void plainDataIsCutWithinBatchesAndCountsAsItIsSent() {
        String[] values = new String[1000];
        java.util.Arrays.fill(values, "x".repeat(100));
        producer.await(
                producer.send(
                        producer.batch("t", 0)
                                .setPacked(ProduceClient.packed(CompressionCodec.GZIP, values))));
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PLAIN).setMaxBytes(5000), 20_000);
        eventually("credit used", () -> client.dataBytes() > 15_000);
        client.grant(1);
        eventually("one more", () -> client.dataBytes() > 15_000);
        assertThat(client.dataBytes()).isLessThan(22_000);
        assertThat(client.data).allMatch(d -> d.getPlain().getSerializedSize() <= 5000);
        client.grant(PLENTY);
        assertThat(client.awaitValues(1, 1000)).hasSize(1000);
    }

    /** A6: an unpacked batch that is large is not kept for a reader that does not read. */
    @Test
    void aLargeUnpackedBatchIsReadAnewWhenItsReaderReadsOn() {
        String[] values = new String[20_000];
        java.util.Arrays.fill(values, "x".repeat(1000));
        producer.await(
                producer.send(
                        producer.batch("t", 0)
                                .setPacked(ProduceClient.packed(CompressionCodec.ZSTD, values))));
        FetchClient client = client(1);
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PLAIN), PLENTY);
        eventually("something", () -> client.data.size() == 1);
        client.request(Integer.MAX_VALUE);
        assertThat(client.awaitValues(1, values.length)).hasSize(values.length);
        List<Long> offsets = new ArrayList<>();
        client.data.forEach(
                d -> d.getPlain().getRecordsList().forEach(r -> offsets.add(r.getOffset())));
        assertThat(offsets).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aBatchThatUnpacksOverTheBoundEndsThePlainSubscriptionOnly() {
        String[] values = new String[40];
        java.util.Arrays.fill(values, "x".repeat(1_000_000));
        producer.await(
                producer.send(
                        producer.batch("t", 0)
                                .setPacked(ProduceClient.packed(CompressionCodec.ZSTD, values))));
        produce(1, "fine");
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PLAIN), PLENTY);
        client.subscribe(FetchClient.subscription(2, "t", 1, 0, PLAIN), PLENTY);
        assertThat(client.awaitError(1).getError().getReason()).isEqualTo("CORRUPT_BATCH");
        client.awaitValues(2, 1);
    }

    /** A6: errors that nobody reads do not pile up, the requests for them wait. */
    @Test
    void aClientThatDoesNotReadItsErrorsIsNotReadOn() {
        FetchClient client = client(1);
        AtomicInteger sent = new AtomicInteger();
        String missing = "missing".repeat(30);
        FetchRequest.Builder request = FetchRequest.newBuilder();
        for (int i = 0; i < 500; i++) {
            request.addSubscribe(FetchClient.subscription(i, missing, 0, 0, PACKED));
        }
        eventually(
                "the client's own flow control stops it",
                () -> {
                    while (client.isReady() && sent.get() < 1_000) {
                        client.send(request);
                        sent.incrementAndGet();
                    }
                    return sent.get() > 20;
                });
        assertThat(sent.get()).isLessThan(1_000);
        client.request(Integer.MAX_VALUE);
        eventually("all answered", () -> client.data.size() == sent.get() * 500);
    }

    @Test
    void tooManySubscriptionsInOneRequestAreRefused() {
        FetchClient client = client();
        FetchRequest.Builder request = FetchRequest.newBuilder();
        for (int i = 0; i < 10_001; i++) {
            request.addSubscribe(FetchClient.subscription(i, "t", 0, 0, PACKED));
        }
        client.send(request);
        eventually("ended", () -> client.end != null);
        assertThat(client.end).extracting(Status::getCode).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void seeksByASubscriptionOfTheSameId() {
        produce(0, "a");
        produce(0, "b");
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        client.awaitValues(1, 2);
        client.subscribe(FetchClient.subscription(1, "t", 0, 1, PACKED), 0);
        assertThat(client.awaitValues(1, 3)).containsExactly("a", "b", "b");
        produce(0, "c");
        assertThat(client.awaitValues(1, 4)).containsExactly("a", "b", "b", "c");
    }

    @Test
    void anEndedSubscriptionGetsNothingMore() {
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        client.subscribe(FetchClient.subscription(2, "t", 1, 0, PACKED), 0);
        produce(0, "a");
        client.awaitValues(1, 1);
        client.send(FetchRequest.newBuilder().addUnsubscribeIds(1).addUnsubscribeIds(77));
        client.subscribe(FetchClient.subscription(3, "t", 0, 1, PACKED), 0);
        produce(0, "b");
        client.awaitValues(3, 1);
        assertThat(client.values(1)).containsExactly("a");
    }

    @Test
    void anErrorEndsItsSubscriptionOnly() {
        FetchClient client = client();
        client.send(
                FetchRequest.newBuilder()
                        .addSubscribe(FetchClient.subscription(1, "missing", 0, 0, PACKED))
                        .addSubscribe(FetchClient.subscription(2, "t", 9, 0, PACKED))
                        .addSubscribe(FetchClient.subscription(3, "t", 0, 5, PACKED))
                        .addSubscribe(FetchClient.subscription(4, "t", 0, 0, PACKED))
                        .addSubscribe(
                                FetchClient.subscription(5, "t", 0, 0, PACKED)
                                        .setTopicId(ByteString.copyFromUtf8("short")))
                        .setCreditBytes(PLENTY));
        assertThat(client.awaitError(1).getError().getReason()).isEqualTo("TOPIC_NOT_FOUND");
        assertThat(client.awaitError(2).getError().getReason()).isEqualTo("PARTITION_NOT_FOUND");
        FetchData outOfRange = client.awaitError(3);
        assertThat(outOfRange.getError().getReason()).isEqualTo("OFFSET_OUT_OF_RANGE");
        assertThat(outOfRange.getError().getMetadataMap())
                .containsEntry("log_start", "0")
                .containsEntry("log_end", "0");
        assertThat(client.awaitError(5).getError().getReason()).isEqualTo("INVALID_ARGUMENT");
        produce(0, "a");
        assertThat(client.awaitValues(4, 1)).containsExactly("a");
    }

    @Test
    void readsWhatIsColdInTheBackgroundWithTheSameResult() {
        for (int i = 0; i < 50; i++) {
            produce(0, "v" + i);
        }
        log(0).setCold(true);
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 10, PACKED).setMaxBytes(200), PLENTY);
        client.subscribe(FetchClient.subscription(2, "t", 0, 10, PLAIN), 0);
        client.subscribe(FetchClient.subscription(3, "t", 1, 0, PACKED), 0);
        assertThat(client.awaitValues(1, 40)).hasSize(40).startsWith("v10").endsWith("v49");
        assertThat(client.awaitValues(2, 40)).hasSize(40).endsWith("v49");
        produce(1, "hot");
        client.awaitValues(3, 1);
    }

    /** A6: a stream that is not read holds what its transport holds, and hinders nobody. */
    @Test
    void aReaderThatDoesNotReadIsNotSentMoreAndDoesNotBlockOthers() {
        String large = "x".repeat(200_000);
        for (int i = 0; i < 200; i++) {
            produce(0, large);
        }
        FetchClient lazy = client(1);
        lazy.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        eventually("one answer", () -> lazy.data.size() == 1);
        FetchClient busy = client();
        busy.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        assertThat(busy.awaitValues(1, 200)).hasSize(200);
        assertThat(lazy.data).hasSize(1);
        lazy.request(Integer.MAX_VALUE);
        assertThat(lazy.awaitValues(1, 200)).hasSize(200);
    }

    @Test
    void subscriptionsShareTheCreditFairly() {
        for (int i = 0; i < 200; i++) {
            producer.sendPacked("t", 0, "x".repeat(1000));
            produce(1, "y".repeat(1000));
        }
        FetchClient client = client();
        client.send(
                FetchRequest.newBuilder()
                        .addSubscribe(
                                FetchClient.subscription(1, "t", 0, 0, PACKED).setMaxBytes(1500))
                        .addSubscribe(
                                FetchClient.subscription(2, "t", 1, 0, PACKED).setMaxBytes(1500))
                        .setCreditBytes(100_000));
        eventually("credit used", () -> client.dataBytes() >= 100_000);
        assertThat(Math.abs(client.values(1).size() - client.values(2).size()))
                .isLessThanOrEqualTo(1);
    }

    @Test
    void aDeletedTopicEndsItsSubscriptions() {
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        produce(0, "a");
        client.awaitValues(1, 1);
        metadata.delete("t");
        FetchData end = client.awaitError(1);
        assertThat(end.getError().getReason()).isEqualTo("TOPIC_NOT_FOUND");
        assertThat(client.end).isNull();
    }

    @Test
    void aLostLeadershipEndsSubscriptionsWithTheNewLeader() {
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        produce(0, "a");
        client.awaitValues(1, 1);
        metadata.broker(2, 4711, 1);
        metadata.lead("t", 0, 2, List.of(1, 2));
        FetchData end = client.awaitError(1);
        assertThat(end.getError().getReason()).isEqualTo("NOT_LEADER");
        assertThat(end.getError().getMetadataMap())
                .containsEntry("leader_id", "2")
                .containsEntry("leader_address", "127.0.0.1:4711");
    }

    @Test
    void aCancelledStreamFreesEverything() {
        for (int i = 0; i < 50; i++) {
            produce(0, "x".repeat(50_000));
        }
        log(0).setCold(true);
        for (int i = 0; i < 20; i++) {
            FetchClient client = client(1);
            client.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
            client.subscribe(FetchClient.subscription(2, "t", 0, 0, PLAIN), PLENTY);
            client.cancel();
        }
        eventually("slices closed", () -> store.openSlices() == 0);
        assertThat(node.service.inflightBytes()).isZero();
    }

    @Test
    void afterTheLastRequestDataComesUntilTheCreditIsUsed() {
        produce(0, "a");
        FetchClient client = client();
        client.subscribe(FetchClient.subscription(1, "t", 0, 0, PLAIN), 5);
        client.halfClose();
        client.awaitValues(1, 1);
        eventually("ended", () -> client.end != null);
        assertThat(client.end).isEqualTo(Status.OK);
    }

    private static FetchOnceRequest.Builder once(int waitMillis) {
        return FetchOnceRequest.newBuilder()
                .setMaxWaitMs(waitMillis)
                .addSubscriptions(FetchClient.subscription(1, "t", 0, 0, PLAIN))
                .addSubscriptions(FetchClient.subscription(2, "t", 1, 0, PACKED));
    }

    @Test
    void fetchOnceAnswersAtOnceWithoutAWait() {
        LogServiceGrpc.LogServiceBlockingStub stub = LogServiceGrpc.newBlockingStub(channel());
        FetchOnceResponse empty = stub.fetchOnce(once(0).build());
        assertThat(empty.getDataList()).hasSize(2).noneMatch(FetchData::hasError);
        assertThat(empty.getData(0).getNextOffset()).isZero();
        produce(0, "a", "b");
        produce(1, "c");
        FetchOnceResponse full = stub.fetchOnce(once(0).build());
        assertThat(full.getData(0).getPlain().getRecordsCount()).isEqualTo(2);
        assertThat(full.getData(0).getNextOffset()).isEqualTo(2);
        assertThat(full.getData(1).getPacked().size()).isPositive();
        FetchOnceResponse missing =
                stub.fetchOnce(
                        once(60_000)
                                .addSubscriptions(FetchClient.subscription(3, "nope", 0, 0, PLAIN))
                                .build());
        assertThat(missing.getDataList())
                .anyMatch(d -> d.getError().getReason().equals("TOPIC_NOT_FOUND"));
    }

    @Test
    void fetchOnceWaitsForTheFirstByte() throws Exception {
        LogServiceGrpc.LogServiceBlockingStub stub = LogServiceGrpc.newBlockingStub(channel());
        CompletableFuture<FetchOnceResponse> answer =
                CompletableFuture.supplyAsync(() -> stub.fetchOnce(once(600_000).build()));
        produce(0, "a");
        assertThat(answer.get().getDataList()).anyMatch(d -> d.getPlain().getRecordsCount() == 1);
    }

    @Test
    void fetchOnceKeepsToItsBound() {
        for (int i = 0; i < 10; i++) {
            produce(0, "x".repeat(1000));
            produce(1, "y".repeat(1000));
        }
        FetchOnceResponse some =
                LogServiceGrpc.newBlockingStub(channel())
                        .fetchOnce(once(0).setMaxBytes(5_000).build());
        assertThat(some.getSerializedSize()).isBetween(3_000, 6_000);
    }

    @Test
    void listsOffsets() {
        produce(0, "a", "b");
        produce(0, "c");
        log(0).removeBefore(2);
        ListOffsetsResponse response =
                LogServiceGrpc.newBlockingStub(channel())
                        .listOffsets(
                                ListOffsetsRequest.newBuilder()
                                        .addQueries(query().setEarliest(true))
                                        .addQueries(query().setLatest(true))
                                        .addQueries(query().setTimestampMs(900))
                                        .addQueries(query().setTimestampMs(5_000))
                                        .addQueries(query())
                                        .addQueries(query().setTopic("nope").setLatest(true))
                                        .build());
        assertThat(response.getAnswersList())
                .extracting(OffsetAnswer::getOffset)
                .containsExactly(2L, 3L, 2L, -1L, -1L, -1L);
        assertThat(response.getAnswers(2).getTimestampMs()).isEqualTo(1000);
        assertThat(response.getAnswersList())
                .extracting(a -> a.getError().getReason())
                .containsExactly("", "", "", "", "INVALID_ARGUMENT", "TOPIC_NOT_FOUND");
    }

    private static OffsetQuery.Builder query() {
        return OffsetQuery.newBuilder().setTopic("t");
    }
}
