package io.kq.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.client.admin.DeletionOutcome;
import io.kq.client.admin.NewTopic;
import io.kq.client.admin.TopicDescription;
import io.kq.client.fake.FakeCluster;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Producer, consumer and admin over sockets, against nodes that keep their topics in memory. */
@Timeout(120)
class ClientIT {

    private static final String TOPIC = "first_topic";

    private FakeCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = FakeCluster.start(2);
        cluster.createTopic(TOPIC, 3);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private ClientConfig config() {
        return ClientConfig.of(cluster.address(0));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte @Nullable [] bytes) {
        return new String(Objects.requireNonNull(bytes), UTF_8);
    }

    /** Sends numbered values with few keys and returns the futures. */
    private static List<CompletableFuture<RecordMetadata>> send(
            KqProducer producer, int from, int to) {
        List<CompletableFuture<RecordMetadata>> sends = new ArrayList<>();
        for (int i = from; i < to; i++) {
            sends.add(
                    producer.send(ProducerRecord.of(TOPIC, bytes("key" + i % 17), bytes("" + i))));
        }
        return sends;
    }

    /** Reads until {@code count} records have come; each key's values must ascend by 17. */
    private static void assertReadsAllInOrder(KqConsumer consumer, int count) {
        Map<String, Integer> next = new HashMap<>();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        int[] seen = {0};
        Eventually.eventually(
                "all records",
                () -> {
                    for (ConsumerRecord each : consumer.poll(Duration.ofMillis(100))) {
                        String key = text(each.key());
                        int expected = next.getOrDefault(key, Integer.parseInt(key.substring(3)));
                        assertThat(text(each.value())).isEqualTo("" + expected);
                        next.put(key, expected + 17);
                        TopicPartition from = new TopicPartition(each.topic(), each.partition());
                        assertThat(each.offset()).isEqualTo(offsets.getOrDefault(from, 0L));
                        offsets.put(from, each.offset() + 1);
                        seen[0]++;
                    }
                    return seen[0] >= count;
                });
        assertThat(seen[0]).isEqualTo(count);
    }

    private static KqConsumer consumerFromTheStart(ClientConfig config) {
        KqConsumer consumer = KqConsumer.open(config, ConsumerConfig.defaults());
        Map<TopicPartition, KqConsumer.Position> positions = new HashMap<>();
        for (TopicPartition partition : consumer.partitionsOf(TOPIC)) {
            positions.put(partition, KqConsumer.Position.EARLIEST);
        }
        consumer.assign(positions);
        return consumer;
    }

    @Test
    void takesTimesThatMeanForEver() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        ClientConfig patient = new ClientConfig(List.of(cluster.address(0)), "patient", forEver);
        ProducerConfig base = ProducerConfig.defaults();
        ProducerConfig unhurried =
                new ProducerConfig(
                        base.acks(),
                        base.idempotent(),
                        base.linger(),
                        base.batchBytesMax(),
                        base.bufferBytesMax(),
                        forEver,
                        forEver,
                        base.compression());
        try (KqAdmin admin = KqAdmin.open(patient);
                KqProducer producer = KqProducer.open(patient, unhurried);
                KqConsumer consumer = consumerFromTheStart(patient)) {
            assertThat(admin.listTopics().join()).hasSize(1);
            producer.send(ProducerRecord.of(TOPIC, bytes("x"))).join();
            assertThat(consumer.poll(forEver)).hasSize(1);
        }
    }

    @Test
    void readsWhatWasSentInOrder() {
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults());
                KqConsumer consumer = consumerFromTheStart(config())) {
            List<CompletableFuture<RecordMetadata>> sends = send(producer, 0, 20_000);
            producer.flush();
            assertThat(sends).allMatch(CompletableFuture::isDone);
            sends.forEach(CompletableFuture::join);
            assertReadsAllInOrder(consumer, 20_000);
            assertThat(cluster.node(0).producedElsewhereLed()).isZero();
            assertThat(cluster.node(1).produced()).isPositive();
        }
    }

    @Test
    void readsWhatWasSentWithEachCodec() {
        int expected = 0;
        for (ProducerConfig.Compression codec : ProducerConfig.Compression.values()) {
            ProducerConfig base = ProducerConfig.defaults();
            ProducerConfig compressing =
                    new ProducerConfig(
                            base.acks(),
                            base.idempotent(),
                            Duration.ofMillis(5),
                            base.batchBytesMax(),
                            base.bufferBytesMax(),
                            base.blockMax(),
                            base.deliveryTimeout(),
                            codec);
            try (KqProducer producer = KqProducer.open(config(), compressing)) {
                send(producer, expected, expected + 1700).forEach(CompletableFuture::join);
                expected += 1700;
            }
        }
        try (KqConsumer consumer = consumerFromTheStart(config())) {
            assertReadsAllInOrder(consumer, expected);
        }
    }

    @Test
    void losesNothingAndDoublesNothingWhenConnectionsBreakAndNodesRestart() throws Exception {
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults());
                KqConsumer consumer = consumerFromTheStart(config())) {
            List<CompletableFuture<RecordMetadata>> sends = new ArrayList<>();
            sends.addAll(send(producer, 0, 2_000));
            sends.forEach(CompletableFuture::join);
            cluster.node(0).breakAfterBatches(cluster.node(0).produced() + 2);
            sends.addAll(send(producer, 2_000, 4_000));
            cluster.node(1).stop();
            sends.addAll(send(producer, 4_000, 6_000));
            cluster.node(1).start();
            cluster.node(0).stop();
            sends.addAll(send(producer, 6_000, 8_000));
            cluster.node(0).start();
            producer.flush();
            sends.forEach(CompletableFuture::join);
            assertReadsAllInOrder(consumer, 8_000);
        }
    }

    @Test
    void followsALeaderThatMoves() {
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults());
                KqConsumer consumer = consumerFromTheStart(config())) {
            List<CompletableFuture<RecordMetadata>> sends = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sends.addAll(send(producer, i * 500, (i + 1) * 500));
                cluster.moveLeader(TOPIC, i % 3, i % 2);
            }
            producer.flush();
            sends.forEach(CompletableFuture::join);
            assertReadsAllInOrder(consumer, 5_000);
        }
    }

    @Test
    void worksThroughTheBootstrapAddressWhereAdvertisedOnesDoNotAnswer() {
        cluster.advertise(0, 1);
        cluster.advertise(1, 1);
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults());
                KqConsumer consumer = consumerFromTheStart(config())) {
            send(producer, 0, 100).forEach(CompletableFuture::join);
            assertReadsAllInOrder(consumer, 100);
            assertThat(cluster.node(1).produced()).isZero();
        }
    }

    @Test
    void spreadsLinesWithoutKeyOverAllPartitions() {
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults())) {
            Set<Integer> used = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                used.add(producer.send(ProducerRecord.of(TOPIC, bytes("line"))).join().partition());
            }
            assertThat(used).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    @Test
    void acknowledgesWithoutAnOffsetWhenNobodyIsAsked() {
        ProducerConfig base = ProducerConfig.defaults();
        ProducerConfig unasked =
                new ProducerConfig(
                        ProducerConfig.Acks.NONE,
                        false,
                        base.linger(),
                        base.batchBytesMax(),
                        base.bufferBytesMax(),
                        base.blockMax(),
                        base.deliveryTimeout(),
                        base.compression());
        try (KqProducer producer = KqProducer.open(config(), unasked);
                KqConsumer consumer = consumerFromTheStart(config())) {
            for (CompletableFuture<RecordMetadata> sent : send(producer, 0, 1_000)) {
                assertThat(sent.join().offset()).isEqualTo(-1);
            }
            assertReadsAllInOrder(consumer, 1_000);
        }
    }

    @Test
    void failsAtOnceForATopicThatDoesNotExistAndSaysWhichIsNear() {
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults())) {
            CompletableFuture<RecordMetadata> sent =
                    producer.send(ProducerRecord.of("frist_topic", bytes("x")));
            assertThatThrownBy(sent::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
                                assertThat(e.metadata()).containsEntry("suggestion", TOPIC);
                            });
            assertThat(producer.partitionCount(TOPIC)).isEqualTo(3);
        }
    }

    @Test
    void failsOnlyTheRecordThatIsTooLarge() {
        cluster.node(0).setMessageBytesMax(1_000);
        cluster.node(1).setMessageBytesMax(1_000);
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults())) {
            CompletableFuture<RecordMetadata> small =
                    producer.send(ProducerRecord.of(TOPIC, bytes("k"), bytes("x")));
            CompletableFuture<RecordMetadata> large =
                    producer.send(ProducerRecord.of(TOPIC, bytes("k"), new byte[2_000]));
            CompletableFuture<RecordMetadata> huge =
                    producer.send(ProducerRecord.of(TOPIC, bytes("k"), new byte[8 << 20]));
            assertThat(small.join().offset()).isZero();
            for (CompletableFuture<RecordMetadata> refused : List.of(large, huge)) {
                assertThatThrownBy(refused::join)
                        .cause()
                        .isInstanceOfSatisfying(
                                RejectedException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
            }
            assertThat(
                            producer.send(ProducerRecord.of(TOPIC, bytes("k"), bytes("y")))
                                    .join()
                                    .offset())
                    .isEqualTo(1);
        }
    }

    @Test
    void tellsTheReaderThatTheTopicWasDeleted() {
        try (KqConsumer consumer = consumerFromTheStart(config())) {
            cluster.deleteTopic(TOPIC);
            Eventually.eventually(
                    "poll fails",
                    () -> {
                        try {
                            consumer.poll(Duration.ofMillis(50));
                            return false;
                        } catch (RejectedException refused) {
                            return refused.code() == ErrorCode.TOPIC_NOT_FOUND;
                        }
                    });
        }
    }

    @Test
    void seeksPausesAndTellsOffsets() {
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults());
                KqConsumer consumer = KqConsumer.open(config(), ConsumerConfig.defaults())) {
            TopicPartition partition = new TopicPartition(TOPIC, 1);
            for (int i = 0; i < 10; i++) {
                producer.send(ProducerRecord.to(TOPIC, 1, null, bytes("" + i))).join();
            }
            producer.flush();
            consumer.assign(Map.of(partition, KqConsumer.Position.LATEST));
            assertThat(consumer.position(partition)).isEqualTo(10);
            assertThat(consumer.poll(Duration.ofMillis(50))).isEmpty();
            consumer.seek(partition, KqConsumer.Position.offset(7));
            List<String> values = new ArrayList<>();
            Eventually.eventually(
                    "three records",
                    () -> {
                        consumer.poll(Duration.ofMillis(50))
                                .forEach(each -> values.add(text(each.value())));
                        return values.size() == 3;
                    });
            assertThat(values).containsExactly("7", "8", "9");
            consumer.pause(Set.of(partition));
            producer.send(ProducerRecord.to(TOPIC, 1, null, bytes("10"))).join();
            assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
            consumer.resume(Set.of(partition));
            Eventually.eventually(
                    "the paused record", () -> !consumer.poll(Duration.ofMillis(50)).isEmpty());
            assertThat(consumer.offsets(Set.of(partition)))
                    .containsEntry(partition, new KqConsumer.Range(0, 11));
        }
    }

    private static RejectedException refusalOf(
            TopicPartition partition, Map<TopicPartition, DeletionOutcome> outcomes) {
        return Objects.requireNonNull(outcomes.get(partition)).refusal().orElseThrow();
    }

    @Test
    void deletesRecordsAndAsksAgainOnlyWhereItMayHelp() {
        try (KqProducer producer = KqProducer.open(config(), ProducerConfig.defaults());
                KqAdmin admin = KqAdmin.open(config())) {
            for (int i = 0; i < 5; i++) {
                producer.send(ProducerRecord.to(TOPIC, 0, null, bytes("" + i))).join();
                producer.send(ProducerRecord.to(TOPIC, 1, null, bytes("" + i))).join();
            }
            TopicPartition zero = new TopicPartition(TOPIC, 0);
            TopicPartition one = new TopicPartition(TOPIC, 1);
            cluster.node(0).refuseDeletions(ErrorCode.NO_LEADER, ErrorCode.NOT_LEADER);
            assertThat(admin.deleteRecords(Map.of(zero, 3L, one, KqAdmin.HIGH_WATERMARK)).join())
                    .containsEntry(zero, DeletionOutcome.done(3))
                    .containsEntry(one, DeletionOutcome.done(5));
            Map<TopicPartition, DeletionOutcome> mixed =
                    admin.deleteRecords(Map.of(zero, 9L, one, 2L)).join();
            assertThat(mixed).containsEntry(one, DeletionOutcome.done(5));
            assertThat(refusalOf(zero, mixed).code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
            assertThat(admin.listOffsets(Map.of(zero, KqConsumer.Position.EARLIEST)).join())
                    .containsEntry(zero, 3L);
        }
    }

    @Test
    void saysOfEachPartitionThatNobodyAnswered() {
        TopicPartition zero = new TopicPartition(TOPIC, 0);
        try (KqAdmin admin = KqAdmin.open(config())) {
            cluster.node(0).stop();
            assertThat(refusalOf(zero, admin.deleteRecords(Map.of(zero, 0L)).join()).code())
                    .isEqualTo(ErrorCode.UNREACHABLE);
        }
    }

    @Test
    void listsAllPagesAndRepeatsMutationsUnderOneId() {
        try (KqAdmin admin = KqAdmin.open(config())) {
            for (int i = 0; i < 4; i++) {
                cluster.createTopic("more" + i, 1);
            }
            assertThat(admin.listTopics().join())
                    .extracting(TopicDescription::name)
                    .containsExactly(TOPIC, "more0", "more1", "more2", "more3");
            cluster.node(0).refuseMutations(ErrorCode.NOT_CONTROLLER, ErrorCode.QUORUM_LOST);
            assertThat(admin.createTopic(NewTopic.of("made", 2)).join().created()).isTrue();
            assertThat(cluster.node(0).mutations()).hasSize(3);
            assertThat(new HashSet<>(cluster.node(0).mutations())).hasSize(1);
        }
    }
}
