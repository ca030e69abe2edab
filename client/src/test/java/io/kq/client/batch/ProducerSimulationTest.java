package io.kq.client.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.client.batch.SimulatedProducer.Sent;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Seeded fault schedules against the whole producer but its sockets. A failure prints the seed: run
 * it alone with {@code -Dkq.seed=}; {@code -Dkq.seeds=} tries more of them.
 */
class ProducerSimulationTest {

    private static final int SEEDS = Integer.getInteger("kq.seeds", 100);
    private static final int PARTITIONS = 3;

    private interface Scenario {
        void run(long seed);
    }

    private static void forSeeds(Scenario scenario) {
        String given = System.getProperty("kq.seed");
        long first = given == null ? 1 : Long.parseLong(given);
        long last = given == null ? SEEDS : first;
        for (long seed = first; seed <= last; seed++) {
            try {
                scenario.run(seed);
            } catch (Throwable failure) {
                throw new AssertionError("again with -Dkq.seed=" + seed, failure);
            }
        }
    }

    @Test
    void writesEachRecordOnceAndInOrderWhateverBreaksMeanwhile() {
        forSeeds(
                seed -> {
                    RandomSource random = RandomSource.seeded(seed * 31);
                    SimulatedProducer producer =
                            new SimulatedProducer(seed, PARTITIONS, SimulatedProducer.SETTINGS);
                    producer.cluster.setFaults(new SimulatedCluster.Faults(15, 30, 15, 10, 100));
                    sendAndDisturb(producer, random, 400);
                    producer.cluster.setFaults(SimulatedCluster.Faults.NONE);
                    upAgain(producer);
                    producer.finish(Duration.ofSeconds(60));
                    for (Sent sent : producer.all) {
                        assertThat(sent.failure).as(sent.value).isNull();
                    }
                    assertExactlyOnceInOrder(producer);
                });
    }

    @Test
    void neverWritesTwiceNorOutOfOrderWhenBatchesFailForGood() {
        forSeeds(
                seed -> {
                    RandomSource random = RandomSource.seeded(seed * 37);
                    ProducerSettings impatient =
                            withDeliveryTimeout(Duration.ofMillis(150 + random.nextInt(400)));
                    SimulatedProducer producer = new SimulatedProducer(seed, PARTITIONS, impatient);
                    producer.cluster.setFaults(new SimulatedCluster.Faults(30, 100, 60, 20, 200));
                    producer.cluster.setMessageBytesMax(500);
                    sendAndDisturb(producer, random, 400);
                    producer.cluster.setFaults(SimulatedCluster.Faults.NONE);
                    upAgain(producer);
                    producer.finish(Duration.ofSeconds(60));
                    producer.run(Duration.ofSeconds(1));
                    for (int i = 0; i < 20; i++) {
                        producer.send(i % PARTITIONS, "last" + i);
                    }
                    producer.finish(Duration.ofSeconds(60));
                    assertSound(producer);
                });
    }

    private static ProducerSettings withDeliveryTimeout(Duration timeout) {
        ProducerSettings base = SimulatedProducer.SETTINGS;
        return new ProducerSettings(
                base.acks(),
                base.idempotent(),
                base.linger(),
                base.batchBytesMax(),
                base.bufferBytesMax(),
                base.blockMax(),
                timeout,
                base.requestTimeout(),
                base.codec());
    }

    private static void sendAndDisturb(SimulatedProducer producer, RandomSource random, int count) {
        for (int i = 0; i < count; i++) {
            String padding = "x".repeat(random.nextInt(60));
            producer.send(random.nextInt(PARTITIONS), i + "-" + padding);
            if (random.nextInt(3) == 0) {
                producer.run(Duration.ofMillis(random.nextInt(12)));
            }
            int event = random.nextInt(200);
            if (event < 3) {
                producer.cluster.setDown(event, true);
            } else if (event < 9) {
                producer.cluster.setDown(event % 3, false);
            } else if (event == 9) {
                producer.cluster.moveLeader(random.nextInt(PARTITIONS), random.nextInt(3));
            }
        }
    }

    private static void upAgain(SimulatedProducer producer) {
        for (int node = 0; node < 3; node++) {
            producer.cluster.setDown(node, false);
        }
    }

    private static void assertExactlyOnceInOrder(SimulatedProducer producer) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<String> expected = new ArrayList<>();
            for (Sent sent : producer.all) {
                if (sent.wantedPartition == partition) {
                    assertThat(sent.offset).as(sent.value).isEqualTo(expected.size());
                    expected.add(sent.value);
                }
            }
            assertThat(producer.cluster.log(partition).values()).isEqualTo(expected);
        }
    }

    /** Acknowledged: there, at its offset. Definitely failed: not there. No record twice. */
    private static void assertSound(SimulatedProducer producer) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<String> log = producer.cluster.log(partition).values();
            Map<String, Integer> positions = new HashMap<>();
            for (int i = 0; i < log.size(); i++) {
                assertThat(positions.put(log.get(i), i)).as("twice: " + log.get(i)).isNull();
            }
            int before = -1;
            for (Sent sent : producer.all) {
                if (sent.wantedPartition != partition) {
                    continue;
                }
                assertThat(sent.done).isTrue();
                Integer at = positions.get(sent.value);
                if (sent.failure == null) {
                    assertThat(at).as("acknowledged: " + sent.value).isEqualTo((int) sent.offset);
                } else if (sent.failure.definite()) {
                    assertThat(at).as("failed: " + sent.value + sent.failure).isNull();
                }
                if (at != null) {
                    assertThat(at).as("order of " + sent.value).isGreaterThan(before);
                    before = at;
                }
            }
        }
    }

    @Test
    void sendsALoneRecordAtOnce() {
        SimulatedProducer producer =
                new SimulatedProducer(1, PARTITIONS, SimulatedProducer.SETTINGS);
        Sent sent = producer.send(0, "alone");
        producer.finish(Duration.ofMillis(60));
        assertThat(sent.offset).isZero();
    }

    @Test
    void spreadsRecordsWithoutKeyOneByOneWhileNothingIsUnderWay() {
        SimulatedProducer producer =
                new SimulatedProducer(1, PARTITIONS, SimulatedProducer.SETTINGS);
        List<Integer> partitions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Sent sent = producer.send(-1, "line " + i);
            producer.finish(Duration.ofSeconds(1));
            partitions.add(sent.partition);
        }
        assertThat(partitions.subList(0, 3)).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(partitions.subList(3, 6)).isEqualTo(partitions.subList(0, 3));
    }

    @Test
    void failsOnlyTheRecordsThatAreTooLargeEvenInOneBatch() {
        SimulatedProducer producer =
                new SimulatedProducer(1, PARTITIONS, SimulatedProducer.SETTINGS);
        producer.cluster.setMessageBytesMax(250);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            boolean large = i % 7 == 3;
            String value = "v" + i + (large ? "x".repeat(300) : "");
            producer.send(0, value);
            if (!large) {
                expected.add(value);
            }
        }
        producer.finish(Duration.ofSeconds(20));
        assertThat(producer.cluster.log(0).values()).isEqualTo(expected);
        assertSound(producer);
    }

    @Test
    void failsOnlyTheBatchThatIsTooLarge() {
        SimulatedProducer producer =
                new SimulatedProducer(1, PARTITIONS, SimulatedProducer.SETTINGS);
        producer.cluster.setMessageBytesMax(400);
        Sent first = producer.send(0, "first");
        Sent large = producer.send(0, "x".repeat(500));
        Sent last = producer.send(0, "last");
        producer.finish(Duration.ofSeconds(5));
        assertThat(first.failure).isNull();
        assertThat(Objects.requireNonNull(large.failure).definite()).isTrue();
        assertThat(last.failure).isNull();
        assertThat(producer.cluster.log(0).values()).containsExactly("first", "last");
    }

    @Test
    void tellsWhichPartitionsDoNotAnswerUntilTheyDo() {
        SimulatedProducer producer =
                new SimulatedProducer(1, PARTITIONS, SimulatedProducer.SETTINGS);
        producer.cluster.moveLeader(0, 1);
        producer.cluster.moveLeader(1, 2);
        producer.run(Duration.ofSeconds(1));
        producer.cluster.setDown(1, true);
        producer.send(0, "waits");
        producer.send(1, "goes");
        producer.run(Duration.ofSeconds(3));
        assertThat(stalls(producer, Duration.ofSeconds(2)))
                .containsOnlyKeys(0)
                .hasEntrySatisfying(0, why -> assertThat(why.code().isRetriable()).isTrue());
        assertThat(stalls(producer, Duration.ofSeconds(4))).isEmpty();
        producer.cluster.setDown(1, false);
        producer.finish(Duration.ofSeconds(20));
        assertThat(stalls(producer, Duration.ZERO)).isEmpty();
    }

    private static Map<Integer, RejectedException> stalls(
            SimulatedProducer producer, Duration atLeast) {
        Map<Integer, RejectedException> stalls = new HashMap<>();
        CompletableFuture<Void> shown =
                producer.accumulator.stalls(
                        atLeast, (partition, why, lasts) -> stalls.put(partition.partition(), why));
        producer.run(Duration.ZERO);
        assertThat(shown).isDone();
        return stalls;
    }
}
