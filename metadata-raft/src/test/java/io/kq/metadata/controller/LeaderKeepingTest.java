package io.kq.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.controller.BrokerSessions.HeartbeatAnswer;
import io.kq.metadata.decision.ElectionResult;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.image.PartitionImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who leads when brokers stop in good order, come back uncleanly, or an operator asks. */
class LeaderKeepingTest {

    private final SimulatedQuorum quorum =
            new SimulatedQuorum(
                    2,
                    ControllerConfig.DEFAULT.withBrokerSession(Duration.ofMinutes(10)),
                    RandomSource.seeded(3),
                    3);
    private final SimulatedBrokers brokers = new SimulatedBrokers(quorum);

    /** What brokers say of their only log; who is not in here does not answer. */
    private final Map<Integer, ReplicaProbe.End> logs = new TreeMap<>();

    private final List<Integer> surveyed = new ArrayList<>();

    @BeforeEach
    void bringUpThree() {
        quorum.elect(0, false);
        quorum.settle();
        quorum.replicaProbe =
                (broker, replicas) -> {
                    surveyed.add(broker.id());
                    return CompletableFuture.completedFuture(
                            replicas.stream()
                                    .map(r -> Optional.ofNullable(logs.get(broker.id())))
                                    .toList());
                };
        brokers.up(1);
        brokers.up(2);
        brokers.up(3);
    }

    private PartitionImage partition() {
        return brokers.partitions("t").get(0);
    }

    private void passTime(Duration time) {
        quorum.advance(time);
    }

    @Test
    void brokerThatStopsHandsOverInOneBatchAndLeadsOnWhatNobodyElseHas() {
        brokers.create("alone", 1, 1);
        brokers.create("t", 2, 1, 2);
        int entries = quorum.log.size();
        assertThat(brokers.heartbeat(1, true).mayShutDown()).isFalse();
        assertThat(quorum.log).hasSize(entries + 1);
        assertThat(brokers.image().isActive(1)).isFalse();
        assertThat(brokers.partitions("t"))
                .allSatisfy(
                        p -> {
                            assertThat(p.leader()).isEqualTo(2);
                            assertThat(p.isr()).containsExactly(2);
                        });
        HeartbeatAnswer answer = brokers.heartbeat(1, true);
        assertThat(answer.mayShutDown()).isTrue();
        assertThat(answer.fenced()).isFalse();
        assertThat(brokers.partitions("alone")).allMatch(p -> p.leader() == 1);
        brokers.controller().left(1, brokers.epoch(1));
        quorum.settle();
        assertThat(brokers.image().isUp(1)).isFalse();
        assertThat(brokers.partitions("alone")).noneMatch(PartitionImage::hasLeader);
        brokers.heartbeat(1, true);
        assertThat(brokers.image().isUp(1)).isFalse();
    }

    @Test
    void largeHandOverIsNotAnsweredBeforeItsLastPart() {
        brokers.create("t", 10, 1, 2, 3);
        assertThat(brokers.heartbeat(1, true).mayShutDown()).isFalse();
        assertThat(brokers.partitions("t")).noneMatch(p -> p.leader() == 1);
        assertThat(brokers.heartbeat(1, true).mayShutDown()).isTrue();
    }

    @Test
    void lastMemberThatStopsHandsOverAsSoonAsSomebodyIsInSync() {
        brokers.create("t", 1, 1, 2);
        brokers.crash(2);
        brokers.heartbeat(1, true);
        assertThat(brokers.heartbeat(1, true).mayShutDown()).as("nobody else has it").isTrue();
        brokers.restart(2, true);
        assertThat(partition().leader()).isEqualTo(1);
        assertThat(brokers.propose("t", 1, 2)).isEmpty();
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(partition().isr()).containsExactly(2);
    }

    @Test
    void brokerThatRegistersAnewIsNotShuttingDown() {
        brokers.heartbeat(1, true);
        brokers.controller().left(1, brokers.epoch(1));
        quorum.settle();
        brokers.restart(1, true);
        assertThat(brokers.image().isActive(1)).isTrue();
    }

    @Test
    void brokerThatNeverCameUpMayStop() {
        long epoch = brokers.registering(4, 1).join();
        assertThat(brokers.heartbeat(4, epoch, true).mayShutDown()).isTrue();
    }

    @Test
    void lostDirectoryIsAnUncleanRestart() {
        brokers.create("t", 1, 1, 2);
        brokers.crash(1);
        brokers.crash(2);
        assertThat(partition().isr()).containsExactly(2);
        long again = brokers.registering(2, 2, new UUID(8, 8), true).join();
        assertThat(partition().unclean()).containsExactly(2);
        assertThat(brokers.image().broker(2).orElseThrow().cleanShutdown()).isFalse();
        brokers.heartbeat(2, again, false);
        assertThat(partition().hasLeader()).isFalse();
    }

    @Test
    void largestLogLeadsOnceAllWhoRestartedUncleanlyAreBack() {
        brokers.create("t", 1, 1, 2, 3);
        brokers.crash(3);
        brokers.crash(1);
        brokers.crash(2);
        assertThat(partition().isr()).containsExactly(2);
        assertThat(partition().elr()).containsExactly(1);
        brokers.restart(3, true);
        brokers.restart(1, false);
        passTime(Duration.ofSeconds(3));
        assertThat(partition().hasLeader()).as("2 may have more").isFalse();
        logs.put(1, new ReplicaProbe.End(4, 100));
        logs.put(2, new ReplicaProbe.End(5, 90));
        logs.put(3, new ReplicaProbe.End(3, 500));
        brokers.restart(2, false);
        passTime(Duration.ofMillis(300));
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(partition().isr()).containsExactly(2);
        assertThat(partition().unclean()).containsExactly(1);
        assertThat(partition().uncleanElectionEpoch()).isEqualTo(partition().leaderEpoch());
        assertThat(brokers.propose("t", 2, 1)).isEmpty();
        assertThat(partition().unclean()).isEmpty();
    }

    @Test
    void electionWaitsForWhoDoesNotSayWhereItsLogEnds() {
        brokers.create("t", 1, 1, 2);
        brokers.crash(1);
        brokers.crash(2);
        brokers.restart(2, false);
        passTime(Duration.ofSeconds(3));
        assertThat(surveyed).contains(2);
        assertThat(partition().hasLeader()).isFalse();
        logs.put(2, new ReplicaProbe.End(0, 7));
        passTime(Duration.ofSeconds(1));
        assertThat(partition().leader()).isEqualTo(2);
    }

    @Test
    void emptyDiskDoesNotLeadWhileSomebodyElseMayHaveAnything() {
        brokers.create("t", 1, 1, 2);
        brokers.crash(1);
        brokers.crash(2);
        logs.put(2, new ReplicaProbe.End(-1, 0));
        brokers.restart(2, false);
        passTime(Duration.ofSeconds(3));
        assertThat(partition().hasLeader()).isFalse();
        logs.put(1, new ReplicaProbe.End(0, 90));
        brokers.restart(1, true);
        passTime(Duration.ofMillis(300));
        assertThat(partition().leader()).as("out of the ISR, but not out of records").isEqualTo(1);
    }

    @Test
    void preferredLeadersGetTheirLeadershipBackAfterAPause() {
        brokers.create("t", 4, 1, 2, 3);
        brokers.create("u", 1, 1, 2, 3);
        brokers.crash(1);
        brokers.restart(1, true);
        assertThat(brokers.propose("u", 2, 3, 1)).isEmpty();
        passTime(Duration.ofSeconds(4));
        assertThat(brokers.partitions("u").get(0).leader()).isEqualTo(2);
        passTime(Duration.ofSeconds(3));
        assertThat(brokers.partitions("u").get(0).leader()).isEqualTo(1);
        assertThat(brokers.partitions("t")).as("not in sync yet").allMatch(p -> p.leader() == 2);
    }

    @Test
    void brokerThatIsAboutToStopGetsNothingBack() {
        brokers.create("t", 1, 1, 2, 3);
        brokers.crash(1);
        brokers.restart(1, true);
        assertThat(brokers.propose("t", 2, 3, 1)).isEmpty();
        brokers.heartbeat(1, true);
        passTime(Duration.ofSeconds(10));
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(partition().isr()).doesNotContain(1);
    }

    @Test
    void operatorElectsPreferredLeadersAtOnce() {
        brokers.create("t", 1, 1, 2, 3);
        brokers.create("u", 1, 1, 2, 3);
        brokers.crash(1);
        brokers.restart(1, true);
        brokers.propose("t", 2, 3, 1);
        List<ElectionResult> results =
                brokers.call(
                        new ElectLeaders(
                                false,
                                List.of(
                                        new TopicPartition("t", 0),
                                        new TopicPartition("u", 0),
                                        new TopicPartition("t", 7),
                                        new TopicPartition("x", 0)),
                                List.of()));
        assertThat(results.get(0).elected()).isTrue();
        assertThat(results.get(0).leader()).isEqualTo(1);
        assertThat(codes(results).subList(1, 4))
                .containsExactly(
                        ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                        ErrorCode.PARTITION_NOT_FOUND,
                        ErrorCode.TOPIC_NOT_FOUND);
        assertThat(partition().leader()).isEqualTo(1);
        ElectionResult again =
                brokers.call(
                                new ElectLeaders(
                                        false, List.of(new TopicPartition("t", 0)), List.of()))
                        .get(0);
        assertThat(again.elected()).isFalse();
        assertThat(again.refusal()).isEmpty();
    }

    private static List<ErrorCode> codes(List<ElectionResult> results) {
        return results.stream()
                .map(r -> r.refusal().map(RejectedException::code).orElse(ErrorCode.INTERNAL))
                .toList();
    }

    @Test
    void electionOfAllPartitionsTellsOnlyOfThoseThatNeededIt() {
        brokers.create("t", 10, 1, 2, 3);
        brokers.create("u", 10, 2, 1, 3);
        brokers.crash(1);
        brokers.restart(1, true);
        for (int i = 0; i < 10; i++) {
            assertThat(brokers.partitions("t").get(i).leader()).isEqualTo(2);
        }
        brokers.create("v", 1, 1, 2, 3);
        brokers.crash(1);
        brokers.restart(1, true);
        brokers.propose("v", 2, 3, 1);
        List<ElectionResult> results = brokers.call(new ElectLeaders(false, List.of(), List.of()));
        assertThat(results).hasSize(11);
        assertThat(results.stream().filter(ElectionResult::elected))
                .singleElement()
                .satisfies(r -> assertThat(r.partition()).isEqualTo(new TopicPartition("v", 0)));
    }

    @Test
    void operatorElectsUncleanlyAndIsToldWhatIsLost() {
        brokers.create("t", 1, 1, 2, 3);
        brokers.crash(3);
        brokers.crash(2);
        brokers.crash(1);
        assertThat(partition().isr()).containsExactly(1);
        assertThat(partition().elr()).containsExactly(2);
        ElectLeaders unclean =
                new ElectLeaders(true, List.of(new TopicPartition("t", 0)), List.of());
        assertThat(codes(brokers.call(unclean)))
                .containsExactly(ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE);
        brokers.restart(3, true);
        passTime(Duration.ofSeconds(5));
        assertThat(partition().hasLeader()).as("never by itself").isFalse();
        logs.put(3, new ReplicaProbe.End(2, 77));
        ElectionResult result = brokers.call(unclean).get(0);
        assertThat(result.elected()).isTrue();
        assertThat(result.leader()).isEqualTo(3);
        assertThat(result.logEndOffset()).isEqualTo(77);
        assertThat(result.hadAll()).containsExactly(1, 2);
        assertThat(partition().isr()).containsExactly(3);
        assertThat(partition().elr()).isEmpty();
        assertThat(partition().uncleanElectionEpoch()).isEqualTo(partition().leaderEpoch());
        assertThat(brokers.call(unclean).get(0).elected()).as("it has a leader").isFalse();
    }

    @Test
    void repeatedElectionIsNotHeldAgain() {
        brokers.create("t", 1, 1, 2, 3);
        brokers.crash(3);
        brokers.crash(2);
        brokers.crash(1);
        brokers.restart(3, true);
        logs.put(3, new ReplicaProbe.End(2, 77));
        UUID id = new UUID(1, 2);
        ElectLeaders unclean =
                new ElectLeaders(true, List.of(new TopicPartition("t", 0)), List.of());
        var first = brokers.controller().submit(Optional.of(id), unclean);
        quorum.settle();
        assertThat(first.join().get(0).elected()).isTrue();
        brokers.crash(3);
        brokers.restart(2, true);
        logs.put(2, new ReplicaProbe.End(2, 90));
        var again = brokers.controller().submit(Optional.of(id), unclean);
        quorum.settle();
        assertThat(again.join().get(0).elected()).isFalse();
        assertThat(partition().hasLeader()).isFalse();
    }
}
