package io.kq.broker.rpc.log;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.partition.PartitionLeader;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.rpc.CallHeaders;
import io.kq.v1.Acks;
import io.kq.v1.DeleteRecordsRequest;
import io.kq.v1.FetchData;
import io.kq.v1.FetchOnceRequest;
import io.kq.v1.FetchOnceResponse;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.ListOffsetsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.OffsetQuery;
import io.kq.v1.ProduceOnceRequest;
import io.kq.v1.ProduceOnceResponse;
import io.kq.v1.ProduceResult;
import io.kq.v1.RecordDeletion;
import io.kq.v1.RecordDeletionResult;
import io.kq.v1.RecordFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partition 0 of each topic is led by node 1, partition 1 by node 2; clients know node 1 only. */
class ForwardIT {

    private static final RecordFormat PACKED = RecordFormat.RECORD_FORMAT_PACKED;
    private static final RecordFormat PLAIN = RecordFormat.RECORD_FORMAT_PLAIN;
    private static final long PLENTY = 1 << 30;

    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final TestNode one = TestNode.start(1, metadata);
    private final TestNode two = TestNode.start(2, metadata);
    private final List<AutoCloseable> clients = new ArrayList<>();
    private UUID topic = new UUID(0, 0);

    @BeforeEach
    void connect() {
        one.knows(two);
        two.knows(one);
        topic = topic("t", Map.of());
    }

    private UUID topic(String name, Map<String, String> configs) {
        UUID id = metadata.topic(name, configs, 1, 2);
        eventually("leads", () -> one.registry.route(name, 0, null) instanceof PartitionLeader);
        eventually("leads", () -> two.registry.route(name, 1, null) instanceof PartitionLeader);
        return id;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        eventually("given back", () -> one.service.inflightBytes() == 0);
        eventually("closed", () -> two.memory().openSlices() == 0);
        one.close();
        two.close();
    }

    private ProduceClient producer(Metadata headers) {
        ProduceClient client = new ProduceClient(one, headers, Integer.MAX_VALUE);
        clients.add(client);
        return client;
    }

    private ProduceClient producer() {
        return producer(new Metadata());
    }

    private FetchClient reader(Metadata headers) {
        FetchClient client = new FetchClient(one, headers, Integer.MAX_VALUE);
        clients.add(client);
        return client;
    }

    private FetchClient reader() {
        return reader(new Metadata());
    }

    private LogServiceGrpc.LogServiceBlockingStub stub(Metadata headers) {
        ManagedChannel channel = one.channel();
        clients.add(channel::shutdownNow);
        return LogServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Metadata direct() {
        Metadata headers = new Metadata();
        headers.put(CallHeaders.ROUTE, CallHeaders.ROUTE_DIRECT);
        return headers;
    }

    private static Metadata forwarded() {
        Metadata headers = new Metadata();
        headers.put(CallHeaders.FORWARDED, "7");
        return headers;
    }

    private long endOffset() {
        return two.memory().log(new TopicIdPartition(topic, 1)).logEndOffset();
    }

    @Test
    void passesBatchesOnInOrderAndAnswersThemInOrder() {
        ProduceClient client = producer();
        for (int i = 0; i < 200; i++) {
            client.add(batch(client, i));
            if (i % 5 == 0) {
                client.flush();
            }
        }
        client.flush();
        eventually("all answered", () -> client.results.size() == 200);
        assertThat(client.results).noneMatch(ProduceResult::hasError);
        for (int p = 0; p < 2; p++) {
            int partition = p;
            List<ProduceResult> its =
                    client.results.stream().filter(r -> r.getPartition() == partition).toList();
            assertThat(its).hasSize(100);
            assertThat(its.stream().map(ProduceResult::getBaseOffset)).isSorted();
            assertThat(its.stream().map(ProduceResult::getCorrelationId)).isSorted();
        }
        FetchClient reader = reader();
        reader.subscribe(FetchClient.subscription(1, "t", 1, 0, PACKED), PLENTY);
        List<String> values = reader.awaitValues(1, 100);
        for (int i = 0; i < 100; i++) {
            assertThat(values.get(i)).isEqualTo("v" + (2 * i + 1));
        }
        client.halfClose();
        eventually("ended", () -> client.end != null);
    }

    private static io.kq.v1.ProduceBatch.Builder batch(ProduceClient client, int number) {
        io.kq.v1.ProduceBatch.Builder batch = client.batch("t", number % 2);
        return number % 3 == 0
                ? batch.setPlain(ProduceClient.plain("v" + number))
                : batch.setPacked(ProduceClient.packed(CompressionCodec.LZ4, "v" + number));
    }

    @Test
    void aRetryThroughAnotherNodeIsTheSameBatch() {
        ProduceClient client = producer();
        var batch = ProduceClient.packed(CompressionCodec.NONE, 7, 0, "a", "b");
        client.await(client.send(client.batch("t", 1).setPacked(batch)));
        ProduceResult again = client.await(client.send(client.batch("t", 1).setPacked(batch)));
        assertThat(again.getDuplicate()).isTrue();
        assertThat(endOffset()).isEqualTo(2);
    }

    @Test
    void batchesWithoutAcksArePassedOnUnanswered() {
        ProduceClient client = producer();
        client.send(
                client.batch("t", 1).setAcks(Acks.ACKS_NONE).setPlain(ProduceClient.plain("a")));
        eventually("appended", () -> endOffset() == 1);
        client.await(client.sendPacked("t", 1, "b"));
        assertThat(client.results).hasSize(1);
    }

    @Test
    void aDirectClientIsToldTheLeader() {
        ProduceClient client = producer(direct());
        ProduceResult refused = client.await(client.sendPacked("t", 1, "a"));
        assertThat(refused.getError().getReason()).isEqualTo("NOT_LEADER");
        assertThat(refused.getError().getDefinite()).isTrue();
        assertThat(refused.getError().getMetadataMap())
                .containsEntry("leader_id", "2")
                .containsKey("leader_address");
        FetchClient reader = reader(direct());
        reader.subscribe(FetchClient.subscription(1, "t", 1, 0, PACKED), PLENTY);
        assertThat(reader.awaitError(1).getError().getReason()).isEqualTo("NOT_LEADER");
        assertThat(once(direct(), 0).getDataList())
                .anyMatch(d -> d.getError().getReason().equals("NOT_LEADER"));
    }

    /** At most once: two nodes that disagree do not send a batch to and fro. */
    @Test
    void whatWasForwardedIsNotForwardedAgain() {
        ProduceClient client = producer(forwarded());
        ProduceResult refused = client.await(client.sendPacked("t", 1, "a"));
        assertThat(refused.getError().getReason()).isEqualTo("NOT_LEADER");
        assertThat(endOffset()).isZero();
        FetchClient reader = reader(forwarded());
        reader.subscribe(FetchClient.subscription(1, "t", 1, 0, PACKED), PLENTY);
        assertThat(reader.awaitError(1).getError().getReason()).isEqualTo("NOT_LEADER");
        assertThat(once(forwarded(), 0).getDataList())
                .anyMatch(d -> d.getError().getReason().equals("NOT_LEADER"));
        ListOffsetsResponse offsets =
                stub(forwarded())
                        .listOffsets(
                                ListOffsetsRequest.newBuilder()
                                        .addQueries(query(1).setLatest(true))
                                        .build());
        assertThat(offsets.getAnswers(0).getError().getReason()).isEqualTo("NOT_LEADER");
    }

    @Test
    void errorsOfTheLeaderComeBackAsTheyAre() {
        ProduceClient client = producer();
        ProduceResult gap =
                client.await(
                        client.send(
                                client.batch("t", 1)
                                        .setPacked(
                                                ProduceClient.packed(
                                                        CompressionCodec.NONE, 7, 9, "x"))));
        assertThat(gap.getError().getReason()).isEqualTo("OUT_OF_ORDER_SEQUENCE");
        assertThat(gap.getError().getDefinite()).isTrue();
        FetchClient reader = reader();
        reader.subscribe(FetchClient.subscription(1, "t", 1, 99, PACKED), PLENTY);
        FetchData error = reader.awaitError(1);
        assertThat(error.getError().getReason()).isEqualTo("OFFSET_OUT_OF_RANGE");
        assertThat(error.getError().getMetadataMap()).containsEntry("log_end", "0");
    }

    @Test
    void aBrokenStreamLeavesTheOutcomeOfUnansweredBatchesUnknown() {
        UUID synced = topic("synced", Map.of("flush", "fsync"));
        ProduceClient client = producer();
        long waiting = client.sendPacked("synced", 1, "a");
        eventually(
                "appended",
                () -> two.memory().log(new TopicIdPartition(synced, 1)).logEndOffset() == 1);
        two.kill();
        ProduceResult lost = client.await(waiting);
        assertThat(lost.hasError()).isTrue();
        assertThat(lost.getError().getDefinite()).isFalse();
        assertThat(lost.getError().getRetriable()).isTrue();
        assertThat(lost.getError().getMetadataMap()).containsEntry("leader_id", "2");
        ProduceResult next = client.await(client.sendPacked("t", 1, "b"));
        assertThat(next.getError().getReason()).isEqualTo("UNREACHABLE");
        assertThat(client.await(client.sendPacked("t", 0, "c")).hasError())
                .as("what this node leads goes on")
                .isFalse();
    }

    @Test
    void subscriptionsOfBothNodesShareOneStream() {
        ProduceClient producer = producer();
        FetchClient reader = reader();
        reader.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        reader.subscribe(FetchClient.subscription(2, "t", 1, 0, PACKED), 0);
        reader.subscribe(FetchClient.subscription(3, "t", 1, 0, PLAIN), 0);
        for (int i = 0; i < 20; i++) {
            producer.sendPacked("t", i % 2, "v" + i);
        }
        assertThat(reader.awaitValues(1, 10)).hasSize(10).startsWith("v0");
        assertThat(reader.awaitValues(2, 10)).hasSize(10).startsWith("v1");
        assertThat(reader.awaitValues(3, 10)).hasSize(10).endsWith("v19");
        FetchData last = reader.data.get(reader.data.size() - 1);
        assertThat(last.getNextOffset()).isPositive();
    }

    @Test
    void theClientsCreditHoldsForWhatIsPassedOn() {
        ProduceClient producer = producer();
        String value = "x".repeat(10_000);
        for (int i = 0; i < 100; i++) {
            producer.await(producer.sendPacked("t", 1, value));
        }
        FetchClient reader = reader();
        reader.subscribe(
                FetchClient.subscription(1, "t", 1, 0, PACKED).setMaxBytes(20_000), 100_000);
        eventually("credit used", () -> reader.dataBytes() >= 100_000);
        producer.await(producer.sendPacked("t", 0, "meanwhile"));
        assertThat(reader.dataBytes()).isLessThan(125_000);
        reader.grant(PLENTY);
        assertThat(reader.awaitValues(1, 100)).hasSize(100);
    }

    @Test
    void aSeekOfAForwardedSubscriptionGivesItsWindowBack() {
        ProduceClient producer = producer();
        String value = "x".repeat(50_000);
        for (int i = 0; i < 40; i++) {
            producer.await(producer.sendPacked("t", 1, value));
        }
        FetchClient reader = reader();
        for (int i = 0; i < 20; i++) {
            reader.subscribe(FetchClient.subscription(1, "t", 1, 0, PACKED), 1);
        }
        reader.subscribe(FetchClient.subscription(2, "t", 1, 0, PACKED), PLENTY);
        assertThat(reader.awaitValues(2, 40)).hasSize(40);
    }

    @Test
    void aLostNodeEndsItsSubscriptionsOnly() {
        FetchClient reader = reader();
        reader.subscribe(FetchClient.subscription(1, "t", 0, 0, PACKED), PLENTY);
        reader.subscribe(FetchClient.subscription(2, "t", 1, 0, PACKED), 0);
        ProduceClient producer = producer();
        producer.await(producer.sendPacked("t", 1, "a"));
        reader.awaitValues(2, 1);
        two.kill();
        assertThat(reader.awaitError(2).getError().getRetriable()).isTrue();
        producer.await(producer.sendPacked("t", 0, "b"));
        assertThat(reader.awaitValues(1, 1)).containsExactly("b");
    }

    @Test
    void produceOnceReachesBothNodes() {
        ProduceClient client = producer();
        ProduceOnceResponse response =
                stub(new Metadata())
                        .produceOnce(
                                ProduceOnceRequest.newBuilder()
                                        .addBatches(batch(client, 1))
                                        .addBatches(batch(client, 2))
                                        .addBatches(batch(client, 3))
                                        .build());
        assertThat(response.getResultsList()).hasSize(3).noneMatch(ProduceResult::hasError);
        assertThat(response.getResults(2).getBaseOffset()).isEqualTo(1);
        assertThat(response.getResults(2).getCorrelationId()).isEqualTo(3);
    }

    private FetchOnceResponse once(Metadata headers, int waitMillis) {
        return stub(headers)
                .fetchOnce(
                        FetchOnceRequest.newBuilder()
                                .setMaxWaitMs(waitMillis)
                                .addSubscriptions(FetchClient.subscription(1, "t", 0, 0, PLAIN))
                                .addSubscriptions(FetchClient.subscription(2, "t", 1, 0, PLAIN))
                                .build());
    }

    @Test
    void fetchOnceGathersFromBothNodesAndWaitsForEither() throws Exception {
        assertThat(once(new Metadata(), 0).getDataList()).hasSize(2).noneMatch(FetchData::hasError);
        CompletableFuture<FetchOnceResponse> waiting =
                CompletableFuture.supplyAsync(() -> once(new Metadata(), 250_000));
        ProduceClient producer = producer();
        producer.await(producer.sendPacked("t", 1, "a"));
        assertThat(waiting.get().getDataList()).anyMatch(d -> d.getPlain().getRecordsCount() == 1);
        producer.await(producer.sendPacked("t", 0, "b"));
        assertThat(once(new Metadata(), 250_000).getDataList())
                .filteredOn(d -> d.getPlain().getRecordsCount() == 1)
                .hasSize(2);
    }

    private static OffsetQuery.Builder query(int partition) {
        return OffsetQuery.newBuilder().setTopic("t").setPartition(partition);
    }

    @Test
    void listsOffsetsOfBothNodesInTheOrderOfTheQueries() {
        ProduceClient producer = producer();
        producer.await(producer.sendPacked("t", 1, "a", "b"));
        producer.await(producer.sendPacked("t", 0, "c"));
        ListOffsetsResponse response =
                stub(new Metadata())
                        .listOffsets(
                                ListOffsetsRequest.newBuilder()
                                        .addQueries(query(1).setLatest(true))
                                        .addQueries(query(0).setLatest(true))
                                        .addQueries(query(1).setEarliest(true))
                                        .addQueries(query(1).setTimestampMs(0))
                                        .build());
        assertThat(response.getAnswersList())
                .extracting(a -> a.getOffset())
                .containsExactly(2L, 1L, 0L, 0L);
        two.kill();
        assertThat(
                        stub(new Metadata())
                                .listOffsets(
                                        ListOffsetsRequest.newBuilder()
                                                .addQueries(query(1).setLatest(true))
                                                .addQueries(query(0).setLatest(true))
                                                .build())
                                .getAnswersList())
                .extracting(a -> a.getError().getReason())
                .containsExactly("UNREACHABLE", "");
    }

    private static RecordDeletion.Builder deletion(int partition, long beforeOffset) {
        return RecordDeletion.newBuilder()
                .setTopic("t")
                .setPartition(partition)
                .setBeforeOffset(beforeOffset);
    }

    private List<RecordDeletionResult> delete(Metadata headers, RecordDeletion.Builder... each) {
        DeleteRecordsRequest.Builder request = DeleteRecordsRequest.newBuilder();
        for (RecordDeletion.Builder deletion : each) {
            request.addDeletions(deletion);
        }
        return stub(headers).deleteRecords(request.build()).getResultsList();
    }

    @Test
    void deletesRecordsOfBothNodesInTheOrderAsked() {
        ProduceClient producer = producer();
        producer.await(producer.sendPacked("t", 1, "a", "b", "c"));
        producer.await(producer.sendPacked("t", 0, "d"));
        List<RecordDeletionResult> results =
                delete(new Metadata(), deletion(1, 2), deletion(0, -1), deletion(1, 9));
        assertThat(results)
                .extracting(r -> r.getTopic() + r.getPartition() + "=" + r.getLogStartOffset())
                .containsExactly("t1=2", "t0=1", "t1=-1");
        assertThat(results)
                .extracting(r -> r.getError().getReason())
                .containsExactly("", "", "OFFSET_OUT_OF_RANGE");
        assertThat(two.memory().log(new TopicIdPartition(topic, 1)).logStartOffset()).isEqualTo(2);
        for (Metadata headers : List.of(direct(), forwarded())) {
            assertThat(delete(headers, deletion(1, 3)).get(0).getError().getReason())
                    .isEqualTo("NOT_LEADER");
        }
        two.kill();
        assertThat(delete(new Metadata(), deletion(1, 3), deletion(0, 1)))
                .extracting(r -> r.getError().getReason())
                .containsExactly("UNREACHABLE", "");
    }

    @Test
    void cancellingTheClientsStreamEndsTheOneToTheLeader() {
        UUID synced = topic("synced", Map.of("flush", "fsync"));
        ProduceClient client = producer();
        client.sendPacked("synced", 1, "x".repeat(10_000));
        eventually(
                "appended",
                () -> two.memory().log(new TopicIdPartition(synced, 1)).logEndOffset() == 1);
        assertThat(two.service.inflightBytes()).isPositive();
        client.cancel();
        eventually("given back here", () -> one.service.inflightBytes() == 0);
        eventually("given back there", () -> two.service.inflightBytes() == 0);
    }
}
