package io.kq.client.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.client.metadata.ClusterView;
import io.kq.client.metadata.NodeRoutes;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Seeded fault schedules against the whole consumer but its sockets. A failure prints the seed: run
 * it alone with {@code -Dkq.seed=}; {@code -Dkq.seeds=} tries more of them.
 */
class ConsumerSimulationTest {

    private static final int SEEDS = Integer.getInteger("kq.seeds", 100);
    private static final int PARTITIONS = 3;
    private static final Duration FAULT_MAX = Duration.ofSeconds(10);

    /** A consumer, its cluster, and what an application must see next. */
    private static final class World {

        private final ManualClock clock = new ManualClock();
        private final ManualEventLoop loop = new ManualEventLoop(clock);
        private final SimulatedReads reads;
        private final RecordPoller poller;

        /** Per partition the offset from which the next visible record is expected. */
        private final Map<Integer, Long> expected = new HashMap<>();

        private long seen;

        World(RandomSource random, FetchSettings settings) {
            reads = new SimulatedReads(clock, loop, random, PARTITIONS);
            ClusterView view =
                    new ClusterView(
                            loop,
                            clock,
                            reads,
                            topic -> new CompletableFuture<>(),
                            List.of(SimulatedReads.address(0)));
            poller =
                    new RecordPoller(
                            loop,
                            clock,
                            settings,
                            new RecordPoller.Ports(
                                    view, new NodeRoutes(view, clock), reads, reads));
            var known = view.topic(SimulatedReads.TOPIC, Duration.ofSeconds(5));
            run(50);
            assertThat(known).isCompleted();
        }

        private void run(int millis) {
            for (int i = 0; i < millis; i++) {
                loop.runDue();
                clock.advance(Duration.ofMillis(1));
            }
            loop.runDue();
        }

        private void assign(long offset) {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (int i = 0; i < PARTITIONS; i++) {
                offsets.put(partition(i), offset);
            }
            assign(offsets);
        }

        private void assign(Map<TopicPartition, Long> offsets) {
            offsets.forEach((partition, offset) -> expected.put(partition.partition(), offset));
            poller.assign(offsets);
        }

        private void seek(int partition, long offset) {
            poller.seek(partition(partition), offset);
            expected.put(partition, offset);
        }

        private void poll() {
            poller.poll(
                    Duration.ZERO,
                    (partition, record) -> {
                        int index = partition.partition();
                        Map.Entry<Long, String> next =
                                reads.log(index).visible.ceilingEntry(expected.get(index));
                        assertThat(next).as("nothing is left at " + partition).isNotNull();
                        assertThat(record.offset()).isEqualTo(next.getKey());
                        String value = new String(Objects.requireNonNull(record.value()), UTF_8);
                        assertThat(value).isEqualTo(next.getValue());
                        expected.put(index, record.offset() + 1);
                        seen++;
                    });
        }

        private Map<TopicPartition, ErrorCode> stalls() {
            Map<TopicPartition, ErrorCode> stalls = new HashMap<>();
            poller.stalls((partition, why, lasts) -> stalls.put(partition, why.code()));
            return stalls;
        }

        private boolean isAllRead() {
            return expected.entrySet().stream()
                    .allMatch(
                            each ->
                                    reads.log(each.getKey()).visible.ceilingEntry(each.getValue())
                                            == null);
        }

        private void readToTheEnd() {
            for (int i = 0; i < 20_000 && !isAllRead(); i++) {
                run(1);
                poll();
            }
            assertThat(isAllRead()).as("read to the end").isTrue();
        }
    }

    private static TopicPartition partition(int index) {
        return new TopicPartition(SimulatedReads.TOPIC, index);
    }

    private static FetchSettings settings(FetchSettings.Reset reset) {
        return new FetchSettings(65_536, 200_000, reset, FAULT_MAX);
    }

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
    void givesEachRecordOnceAndInOrderWhateverBreaksMeanwhile() {
        forSeeds(
                seed -> {
                    RandomSource random = RandomSource.seeded(seed);
                    World world = new World(random, settings(FetchSettings.Reset.NONE));
                    world.reads.setFaultsPerMille(30);
                    world.assign(0);
                    for (int i = 0; i < 300; i++) {
                        disturb(world, random);
                        world.run(random.nextInt(6));
                        world.poll();
                    }
                    world.reads.setFaultsPerMille(0);
                    world.poller.resume(world.poller.assignment());
                    world.readToTheEnd();
                    assertThat(world.seen).isPositive();
                });
    }

    private static void disturb(World world, RandomSource random) {
        int partition = random.nextInt(PARTITIONS);
        world.reads.append(partition, 1 + random.nextInt(20));
        switch (random.nextInt(30)) {
            case 0 -> world.reads.moveLeader(partition, random.nextInt(3));
            case 1 -> world.reads.breakAll();
            case 2 ->
                    world.seek(
                            partition,
                            random.nextInt((int) world.reads.log(partition).endOffset + 1));
            case 3 -> world.poller.pause(Set.of(partition(partition)));
            case 4, 5 -> world.poller.resume(world.poller.assignment());
            default -> {}
        }
    }

    @Test
    void goesOnAtTheEarliestOffsetWhereThePolicySaysSo() {
        World world = new World(RandomSource.seeded(1), settings(FetchSettings.Reset.EARLIEST));
        for (int i = 0; i < 50; i++) {
            world.reads.append(0, 10);
        }
        long start = world.reads.log(0).endOffset - 20;
        world.reads.truncateBefore(0, start);
        world.assign(0);
        world.expected.put(0, start);
        world.readToTheEnd();
        assertThat(world.poller.position(partition(0))).isEqualTo(world.reads.log(0).endOffset);
    }

    @Test
    void failsAtAnOffsetThatIsGoneUntilItIsSought() {
        World world = new World(RandomSource.seeded(1), settings(FetchSettings.Reset.NONE));
        for (int i = 0; i < 20; i++) {
            world.reads.append(0, 10);
        }
        world.reads.truncateBefore(0, 100);
        world.assign(0);
        world.run(50);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(world::poll)
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
        }
        world.seek(0, 100);
        world.readToTheEnd();
    }

    @Test
    void saysThatTheTopicWasDeletedAfterItsRecordsWereGiven() {
        World world = new World(RandomSource.seeded(1), settings(FetchSettings.Reset.NONE));
        world.assign(0);
        world.reads.append(1, 5);
        world.run(50);
        world.reads.deleteTopic();
        world.run(50);
        world.poll();
        assertThat(world.isAllRead()).isTrue();
        assertThatThrownBy(world::poll)
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND));
    }

    @Test
    void failsAtABatchWhoseBytesChanged() {
        World world = new World(RandomSource.seeded(1), settings(FetchSettings.Reset.NONE));
        world.reads.append(2, 5);
        world.reads.append(2, 5);
        long damaged = world.reads.log(2).endOffset - 5;
        world.reads.corruptLast(2);
        world.assign(0);
        world.run(50);
        world.poll();
        assertThatThrownBy(world::poll)
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
                            assertThat(e.metadata()).containsEntry("partition", "t-2");
                        });
        assertThat(world.poller.position(partition(2))).isLessThanOrEqualTo(damaged);
    }

    private static World reading(int partition) {
        World world = new World(RandomSource.seeded(1), settings(FetchSettings.Reset.NONE));
        world.reads.append(partition, 5);
        world.assign(Map.of(partition(partition), 0L));
        world.run(50);
        world.poll();
        assertThat(world.isAllRead()).isTrue();
        assertThat(world.stalls()).isEmpty();
        return world;
    }

    private static void assertFailsWith(World world, ErrorCode code) {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(world::poll)
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.code()).isEqualTo(code));
        }
    }

    @Test
    void failsAtOnceAtAStorageFaultOfTheOnlyReplica() {
        World world = reading(1);
        world.reads.setReplicaCount(1);
        world.reads.refuseAt(1, ErrorCode.STORAGE_FAULT);
        world.reads.breakAll();
        world.run(2_000);
        assertFailsWith(world, ErrorCode.STORAGE_FAULT);
        assertThat(world.stalls()).isEmpty();
        world.reads.refuseAt(1, null);
        world.reads.append(1, 5);
        world.seek(1, world.poller.position(partition(1)));
        world.readToTheEnd();
    }

    @Test
    void goesOnAfterAStorageFaultAtAnotherReplicaThatComesToLead() {
        World world = reading(1);
        world.reads.refuseAt(1, ErrorCode.STORAGE_FAULT);
        world.reads.breakAll();
        world.reads.append(1, 5);
        world.run(5_000);
        world.poll();
        assertThat(world.stalls()).containsEntry(partition(1), ErrorCode.STORAGE_FAULT);
        world.reads.moveLeader(1, 2);
        world.readToTheEnd();
        world.run(2_000);
        assertThat(world.stalls()).isEmpty();
    }

    @Test
    void failsAtAStorageFaultWhenNoOtherReplicaCameToLeadInTime() {
        World world = reading(1);
        world.reads.refuseAt(1, ErrorCode.STORAGE_FAULT);
        world.reads.breakAll();
        world.run((int) FAULT_MAX.toMillis() - 1_000);
        world.poll();
        world.run(3_000);
        assertFailsWith(world, ErrorCode.STORAGE_FAULT);
    }

    @Test
    void saysWhyNothingComesAndWaitsForALeaderWithoutAnEnd() {
        World world = reading(1);
        world.reads.moveLeader(1, -1);
        world.run(60_000);
        world.poll();
        assertThat(world.stalls()).containsEntry(partition(1), ErrorCode.NO_LEADER);
        world.reads.moveLeader(1, 0);
        world.run(2_000);
        assertThat(world.stalls()).as("nothing is new, but nothing is refused").isEmpty();
        world.reads.append(1, 5);
        world.readToTheEnd();
    }

    @Test
    void holdsNoMoreThanItGranted() {
        FetchSettings small =
                new FetchSettings(65_536, 64 * 1024, FetchSettings.Reset.NONE, FAULT_MAX);
        World world = new World(RandomSource.seeded(3), small);
        for (int i = 0; i < 3_000; i++) {
            world.reads.append(0, 20);
        }
        world.assign(Map.of(partition(0), 0L));
        world.run(500);
        assertThat(world.reads.grantedBytes()).isEqualTo(64 * 1024);
        assertThat(world.reads.overdrawnBytesMax()).isLessThan(2_000);
        world.readToTheEnd();
        assertThat(world.reads.grantedBytes()).isGreaterThan(3 * 64 * 1024);
    }

    @Test
    void pollComesBackWhenWokenUp() {
        World world = new World(RandomSource.seeded(1), settings(FetchSettings.Reset.NONE));
        world.assign(0);
        world.poller.wakeup();
        world.poller.poll(Duration.ofHours(1), (partition, record) -> {});
        assertThat(world.seen).isZero();
    }
}
