package io.kq.broker.rpc.log;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.doubles.MemoryLog;
import io.kq.broker.doubles.MemoryLogStore;
import io.kq.broker.partition.PartitionLeader;
import io.kq.metadata.image.PartitionImage;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.rpc.TopicIds;
import io.kq.v1.Acks;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.ProduceOnceRequest;
import io.kq.v1.ProduceOnceResponse;
import io.kq.v1.ProduceResult;
import io.kq.v1.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProduceIT {

    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final MemoryLogStore store = new MemoryLogStore();
    private final TestNode node = TestNode.start(1, metadata, store, 1 << 20);
    private final List<AutoCloseable> clients = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        node.close();
        assertThat(node.faults).isEmpty();
        assertThat(store.openSlices()).isZero();
    }

    private ProduceClient client() {
        ProduceClient client = new ProduceClient(node);
        clients.add(client);
        return client;
    }

    private UUID topic(String name, Map<String, String> configs, int partitions) {
        int[] leaders = new int[partitions];
        java.util.Arrays.fill(leaders, 1);
        UUID id = metadata.topic(name, configs, leaders);
        for (int i = 0; i < partitions; i++) {
            awaitLeader(name, i);
        }
        return id;
    }

    private void awaitLeader(String name, int partition) {
        eventually(
                "leads",
                () -> node.registry.route(name, partition, null) instanceof PartitionLeader);
    }

    private MemoryLog log(UUID topic, int partition) {
        return store.log(new TopicIdPartition(topic, partition));
    }

    @Test
    void takesPackedAndPlainRecords() {
        topic("t", Map.of(), 1);
        ProduceClient client = client();
        ProduceResult first = client.await(client.sendPacked("t", 0, "a", "b"));
        assertThat(first.hasError()).isFalse();
        assertThat(first.getBaseOffset()).isZero();
        ProduceResult second =
                client.await(client.send(client.batch("t", 0).setPlain(ProduceClient.plain("c"))));
        assertThat(second.getBaseOffset()).isEqualTo(2);
        assertThat(second.getTopic()).isEqualTo("t");
        client.halfClose();
        eventually("ended", () -> client.end != null);
        assertThat(client.end).isEqualTo(Status.OK);
    }

    @Test
    void answersInOrderPerPartitionWithManyInFlight() {
        topic("t", Map.of(), 3);
        ProduceClient client = client();
        List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sent.add(
                    client.add(
                            client.batch("t", i % 3)
                                    .setPacked(
                                            ProduceClient.packed(CompressionCodec.NONE, "v" + i))));
            if (i % 7 == 0) {
                client.flush();
            }
        }
        client.flush();
        client.await(sent.get(299));
        eventually("all answered", () -> client.results.size() == 300);
        for (int p = 0; p < 3; p++) {
            int partition = p;
            List<ProduceResult> its =
                    client.results.stream().filter(r -> r.getPartition() == partition).toList();
            for (int i = 0; i < its.size(); i++) {
                assertThat(its.get(i).getBaseOffset()).isEqualTo(i);
            }
            assertThat(its.stream().map(ProduceResult::getCorrelationId)).isSorted();
        }
        assertThat(client.responses.get())
                .as("one response per message, not per batch")
                .isLessThan(100);
    }

    @Test
    void aRetryIsAnsweredWithTheOffsetsOfTheFirst() {
        UUID id = topic("t", Map.of(), 1);
        ProduceClient client = client();
        ByteString batch = ProduceClient.packed(CompressionCodec.NONE, 7, 0, "a", "b");
        client.await(client.send(client.batch("t", 0).setPacked(batch)));
        ProduceResult again = client.await(client.send(client.batch("t", 0).setPacked(batch)));
        assertThat(again.getDuplicate()).isTrue();
        assertThat(again.getBaseOffset()).isZero();
        assertThat(log(id, 0).logEndOffset()).isEqualTo(2);
    }

    @Test
    void withoutAcksThereIsNoAnswerEvenToErrors() {
        UUID id = topic("t", Map.of(), 1);
        ProduceClient client = client();
        for (String name : List.of("t", "missing")) {
            client.send(
                    client.batch(name, 0)
                            .setAcks(Acks.ACKS_NONE)
                            .setPlain(ProduceClient.plain("x")));
        }
        client.await(client.sendPacked("t", 0, "last"));
        assertThat(client.results).hasSize(1);
        assertThat(log(id, 0).logEndOffset()).isEqualTo(2);
        eventually("nothing in flight", () -> node.service.inflightBytes() == 0);
    }

    private static void assertRefused(ProduceResult result, String reason, boolean definite) {
        assertThat(result.getError().getReason()).isEqualTo(reason);
        assertThat(result.getError().getDefinite()).isEqualTo(definite);
    }

    @Test
    void refusesBatchesOneByOneAndTheStreamGoesOn() {
        UUID id = topic("t", Map.of("max.message.bytes", "1024"), 1);
        ProduceClient client = client();
        ProduceResult missing =
                client.await(client.send(client.batch("tt", 0).setPlain(ProduceClient.plain("x"))));
        assertRefused(missing, "TOPIC_NOT_FOUND", true);
        assertThat(missing.getError().getMetadataMap()).containsEntry("suggestion", "t");
        assertThat(missing.getError().getRetriable()).isFalse();
        assertRefused(client.await(client.sendPacked("t", 9, "x")), "PARTITION_NOT_FOUND", true);
        assertRefused(client.await(client.sendPacked("t", -9, "x")), "INVALID_ARGUMENT", true);
        ProduceResult large = client.await(client.sendPacked("t", 0, "x".repeat(2000)));
        assertRefused(large, "MESSAGE_TOO_LARGE", true);
        assertThat(large.getError().getMetadataMap()).containsEntry("limit", "1024");
        byte[] broken = ProduceClient.packed(CompressionCodec.NONE, "abc").toByteArray();
        broken[broken.length - 1] ^= 1;
        assertRefused(
                client.await(
                        client.send(client.batch("t", 0).setPacked(ByteString.copyFrom(broken)))),
                "CORRUPT_BATCH",
                true);
        assertRefused(
                client.await(
                        client.send(
                                client.batch("t", 0)
                                        .setPacked(
                                                ProduceClient.packed(
                                                        CompressionCodec.NONE, 7, 5, "gap")))),
                "OUT_OF_ORDER_SEQUENCE",
                true);
        assertRefused(
                client.await(
                        client.send(
                                client.batch("t", 0)
                                        .setTopicId(TopicIds.toBytes(new UUID(1, 2)))
                                        .setPlain(ProduceClient.plain("x")))),
                "TOPIC_NOT_FOUND",
                true);
        assertRefused(client.await(client.send(client.batch("t", 0))), "INVALID_ARGUMENT", true);
        assertRefused(
                client.await(client.send(client.batch("t", 0).setPlain(Records.newBuilder()))),
                "INVALID_ARGUMENT",
                true);
        ProduceResult good =
                client.await(
                        client.send(
                                client.batch("t", 0)
                                        .setTopicId(TopicIds.toBytes(id))
                                        .setPlain(ProduceClient.plain("x"))));
        assertThat(good.hasError()).isFalse();
        assertThat(good.getBaseOffset()).isZero();
    }

    @Test
    void refusesIdempotenceWithoutAcksOfAll() {
        topic("t", Map.of(), 1);
        ProduceClient client = client();
        ProduceResult packed =
                client.await(
                        client.send(
                                client.batch("t", 0)
                                        .setAcks(Acks.ACKS_LEADER)
                                        .setPacked(
                                                ProduceClient.packed(
                                                        CompressionCodec.NONE, 7, 0, "x"))));
        assertRefused(packed, "INVALID_ARGUMENT", true);
        ProduceResult plain =
                client.await(
                        client.send(
                                client.batch("t", 0)
                                        .setAcks(Acks.ACKS_LEADER)
                                        .setPlain(
                                                ProduceClient.plain("x").toBuilder()
                                                        .setProducerId(7))));
        assertRefused(plain, "INVALID_ARGUMENT", true);
    }

    @Test
    void aDeletedTopicAnswersThoseWhoWaitThatTheOutcomeIsUnknown() {
        UUID id = topic("t", Map.of("flush", "fsync"), 1);
        ProduceClient client = client();
        long sent = client.sendPacked("t", 0, "x");
        eventually("appended", () -> log(id, 0).logEndOffset() == 1);
        metadata.delete("t");
        assertRefused(client.await(sent), "TOPIC_NOT_FOUND", false);
        assertRefused(client.await(client.sendPacked("t", 0, "x")), "TOPIC_NOT_FOUND", true);
    }

    @Test
    void aLostLeadershipAnswersThoseWhoWaitThatTheOutcomeIsUnknown() {
        UUID id = topic("t", Map.of("flush", "fsync"), 1);
        ProduceClient client = client();
        long sent = client.sendPacked("t", 0, "x");
        eventually("appended", () -> log(id, 0).logEndOffset() == 1);
        metadata.lead("t", 0, PartitionImage.NO_LEADER, List.of(1));
        assertRefused(client.await(sent), "NO_LEADER", false);
        assertRefused(client.await(client.sendPacked("t", 0, "x")), "NO_LEADER", true);
    }

    @Test
    void anAcknowledgementWaitsForTheDiskWhereTheTopicSaysSo() {
        UUID id = topic("t", Map.of("flush", "fsync"), 1);
        ProduceClient client = client();
        long first = client.sendPacked("t", 0, "x");
        long second = client.sendPacked("t", 0, "y");
        eventually("appended", () -> log(id, 0).logEndOffset() == 2);
        assertThat(client.results).isEmpty();
        log(id, 0).sync();
        assertThat(client.await(first).getBaseOffset()).isZero();
        eventually(
                "second",
                () -> {
                    log(id, 0).sync();
                    return client.results.size() == 2;
                });
        assertThat(client.await(second).getBaseOffset()).isEqualTo(1);
    }

    /** A6. */
    @Test
    void isReadOnlyAsFarAsTheBudgetGoes() {
        UUID id = topic("t", Map.of("flush", "fsync"), 1);
        ProduceClient client = client();
        String value = "x".repeat(100_000);
        for (int i = 0; i < 100; i++) {
            client.sendPacked("t", 0, value);
        }
        eventually("budget used", () -> node.service.inflightBytes() > 500_000);
        assertThat(node.service.inflightBytes()).isLessThanOrEqualTo(1 << 20);
        assertThat(log(id, 0).logEndOffset()).isLessThan(15);
        eventually(
                "all taken",
                () -> {
                    log(id, 0).sync();
                    return client.results.size() == 100;
                });
        assertThat(client.results).noneMatch(ProduceResult::hasError);
        assertThat(node.service.inflightBytes()).isZero();
    }

    @Test
    void aClientThatDoesNotReadItsAnswersStopsItself() {
        topic("t", Map.of(), 1);
        ProduceClient client = new ProduceClient(node, new Metadata(), 1);
        clients.add(client);
        AtomicInteger sent = new AtomicInteger();
        eventually(
                "its own answers stop it",
                () -> {
                    while (client.isReady() && sent.get() < 200_000) {
                        for (int i = 0; i < 100; i++) {
                            client.add(
                                    client.batch("missing".repeat(10), 0)
                                            .setPlain(ProduceClient.plain("")));
                        }
                        client.flush();
                        sent.addAndGet(100);
                    }
                    return node.service.inflightBytes() > 500_000;
                });
        assertThat(node.service.inflightBytes()).isLessThanOrEqualTo(1 << 20);
        client.request(1_000_000);
        eventually("all answered", () -> client.results.size() == sent.get());
        eventually("nothing in flight", () -> node.service.inflightBytes() == 0);
    }

    @Test
    void aCancelledStreamGivesEverythingBack() {
        UUID id = topic("t", Map.of("flush", "fsync"), 1);
        ProduceClient client = client();
        for (int i = 0; i < 5; i++) {
            client.sendPacked("t", 0, "x".repeat(10_000));
        }
        eventually("appended", () -> log(id, 0).logEndOffset() == 5);
        assertThat(node.service.inflightBytes()).isGreaterThan(50_000);
        client.cancel();
        eventually("given back", () -> node.service.inflightBytes() == 0);
        log(id, 0).sync();
    }

    @Test
    void produceOnceAnswersAllBatchesInTheirOrder() {
        topic("t", Map.of(), 2);
        ProduceClient client = client();
        ProduceOnceResponse response =
                LogServiceGrpc.newBlockingStub(channel())
                        .produceOnce(
                                ProduceOnceRequest.newBuilder()
                                        .addBatches(
                                                client.batch("t", 1)
                                                        .setPlain(ProduceClient.plain("a", "b")))
                                        .addBatches(
                                                client.batch("x", 0)
                                                        .setPlain(ProduceClient.plain("a")))
                                        .addBatches(
                                                client.batch("t", 1)
                                                        .setPlain(ProduceClient.plain("c")))
                                        .build());
        assertThat(response.getResultsList())
                .extracting(ProduceResult::getCorrelationId)
                .containsExactly(1L, 2L, 3L);
        assertThat(response.getResults(1).getError().getReason()).isEqualTo("TOPIC_NOT_FOUND");
        assertThat(response.getResults(2).getBaseOffset()).isEqualTo(2);
        assertThat(
                        LogServiceGrpc.newBlockingStub(channel())
                                .produceOnce(ProduceOnceRequest.getDefaultInstance())
                                .getResultsCount())
                .isZero();
        eventually("nothing in flight", () -> node.service.inflightBytes() == 0);
    }

    private io.grpc.ManagedChannel channel() {
        io.grpc.ManagedChannel channel = node.channel();
        clients.add(channel::shutdownNow);
        return channel;
    }

    @Test
    void producerIdsAreNeverGivenTwice() {
        LogServiceGrpc.LogServiceBlockingStub stub = LogServiceGrpc.newBlockingStub(channel());
        var request = io.kq.v1.InitProducerRequest.getDefaultInstance();
        assertThat(stub.initProducer(request).getProducerId())
                .isNotEqualTo(stub.initProducer(request).getProducerId());
    }
}
