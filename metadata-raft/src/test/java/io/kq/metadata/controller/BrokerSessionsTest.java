package io.kq.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.controller.BrokerSessions.BrokerProbe.Answer;
import io.kq.metadata.controller.BrokerSessions.HeartbeatAnswer;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerSessionsTest {

    /** Three partitions a batch, so that transitions have parts. */
    private final SimulatedQuorum quorum =
            new SimulatedQuorum(2, ControllerConfig.DEFAULT, RandomSource.seeded(3), 3);

    private final SimulatedBrokers brokers = new SimulatedBrokers(quorum);

    @BeforeEach
    void begin() {
        quorum.elect(0, false);
        quorum.settle();
    }

    private ControllerLoop controller() {
        return quorum.active().controller;
    }

    private MetadataImage image() {
        return quorum.active().image;
    }

    private CompletableFuture<Long> registering(int id, long incarnation) {
        return brokers.registering(id, incarnation);
    }

    private HeartbeatAnswer heartbeat(int id, long epoch, boolean wantsShutdown) {
        return brokers.heartbeat(id, epoch, wantsShutdown);
    }

    private long up(int id) {
        return brokers.up(id);
    }

    private void create(String name, int partitions) {
        brokers.create(name, partitions, 1);
    }

    private List<PartitionImage> partitions(String name) {
        return image().topic(name).orElseThrow().partitions();
    }

    private static RejectedException refusal(CompletableFuture<?> reply) {
        assertThat(reply).isCompletedExceptionally();
        return (RejectedException) reply.handle((r, e) -> e).join();
    }

    @Test
    void brokerOfAnotherClusterIsRefused() {
        var reply =
                controller()
                        .register(
                                new Registration(
                                        1,
                                        new UUID(1, 1),
                                        "other",
                                        List.of(),
                                        "",
                                        List.of(),
                                        true,
                                        "test"));
        quorum.settle();
        assertThat(refusal(reply).code()).isEqualTo(ErrorCode.CLUSTER_MISMATCH);
    }

    @Test
    void newBrokerIsFencedUntilItHasCaughtUp() {
        long epoch = registering(1, 1).join();
        assertThat(image().isUp(1)).isFalse();
        CompletableFuture<?> early = controller().heartbeat(1, epoch, image().index() - 1, false);
        quorum.settle();
        assertThat(early).isCompleted();
        assertThat(image().isUp(1)).isFalse();
        assertThat(heartbeat(1, epoch, false).fenced()).isTrue();
        assertThat(image().isUp(1)).isTrue();
        assertThat(heartbeat(1, epoch, false).fenced()).isFalse();
    }

    @Test
    void silentBrokerIsFencedAfterItsSessionAndNotBefore() {
        long epoch = up(1);
        quorum.advance(Duration.ofMillis(2_900));
        assertThat(image().isUp(1)).isTrue();
        heartbeat(1, epoch, false);
        quorum.advance(Duration.ofMillis(2_900));
        assertThat(image().isUp(1)).isTrue();
        quorum.advance(Duration.ofMillis(200));
        assertThat(image().isUp(1)).isFalse();
    }

    @Test
    void fencedBrokerLeadsNothingAndLeadsAgainWithANewEpochWhenItIsBack() {
        long epoch = up(1);
        create("t", 10);
        quorum.advance(Duration.ofMillis(3_100));
        assertThat(image().isUp(1)).isFalse();
        assertThat(partitions("t"))
                .allSatisfy(
                        p -> {
                            assertThat(p.leader()).isEqualTo(PartitionImage.NO_LEADER);
                            assertThat(p.isr()).containsExactly(1);
                            assertThat(p.leaderEpoch()).isEqualTo(1);
                        });
        heartbeat(1, epoch, false);
        assertThat(image().isUp(1)).isTrue();
        assertThat(partitions("t"))
                .allSatisfy(
                        p -> {
                            assertThat(p.leader()).isEqualTo(1);
                            assertThat(p.leaderEpoch()).isEqualTo(2);
                            assertThat(p.partitionEpoch()).isEqualTo(2);
                        });
    }

    @Test
    void noFencedBrokerLeadsBetweenThePartsOfALargeFencing() {
        up(1);
        create("t", 10);
        quorum.onApplied(
                (node, delta) -> {
                    if (!delta.after().isUp(1)) {
                        assertThat(delta.after().topic("t").orElseThrow().partitions())
                                .noneMatch(PartitionImage::hasLeader);
                    }
                });
        int entries = quorum.log.size();
        quorum.advance(Duration.ofMillis(3_100));
        assertThat(image().isUp(1)).isFalse();
        assertThat(quorum.log.size() - entries).isGreaterThanOrEqualTo(4);
    }

    @Test
    void nextControllerFinishesWhatWasLeftHalfDone() {
        long epoch = up(1);
        create("t", 10);
        quorum.probes.put(1, Answer.REFUSED);
        controller().streamBroken(1, epoch);
        quorum.runLoops();
        quorum.commitSubmitted();
        quorum.probes.put(1, Answer.ANSWERED);
        assertThat(partitions("t")).anyMatch(p -> !p.hasLeader());
        assertThat(image().isUp(1)).isTrue();
        quorum.elect(1, false);
        quorum.settle();
        assertThat(image().isUp(1)).isTrue();
        assertThat(partitions("t")).allMatch(PartitionImage::hasLeader);
    }

    @Test
    void refusingPortEndsTheSessionAtOnce() {
        long epoch = up(1);
        quorum.probes.put(1, Answer.REFUSED);
        controller().streamBroken(1, epoch);
        quorum.settle();
        assertThat(image().isUp(1)).isFalse();
    }

    @Test
    void anotherProcessInItsPlaceEndsTheSessionToo() {
        long epoch = up(1);
        quorum.probes.put(1, Answer.REPLACED);
        controller().streamBroken(1, epoch);
        quorum.settle();
        assertThat(image().isUp(1)).isFalse();
    }

    @Test
    void brokenStreamOfALivingBrokerCostsNothing() {
        long epoch = up(1);
        for (Answer answer : List.of(Answer.ANSWERED, Answer.SILENT)) {
            quorum.probes.put(1, answer);
            controller().streamBroken(1, epoch);
            quorum.settle();
            assertThat(image().isUp(1)).isTrue();
        }
        controller().streamBroken(1, epoch - 1);
        assertThat(image().isUp(1)).isTrue();
    }

    @Test
    void newControllerGivesAFullSessionAndDialsEachBrokerAtOnce() {
        up(1);
        up(2);
        quorum.probes.put(2, Answer.REFUSED);
        quorum.probed.clear();
        quorum.advance(Duration.ofMillis(2_500));
        quorum.elect(1, false);
        quorum.settle();
        assertThat(quorum.probed).containsExactlyInAnyOrder(1, 2);
        assertThat(image().isUp(1)).isTrue();
        assertThat(image().isUp(2)).isFalse();
        quorum.advance(Duration.ofMillis(2_800));
        assertThat(image().isUp(1)).isTrue();
        quorum.advance(Duration.ofMillis(300));
        assertThat(image().isUp(1)).isFalse();
    }

    /** It was silent for as long as it takes to stand for election, or it would still lead. */
    @Test
    void newControllerCountsTheSilenceOfTheFormerOne() {
        quorum.elect(1, false);
        quorum.settle();
        up(1);
        up(2);
        quorum.elect(0, false);
        quorum.settle();
        quorum.advance(Duration.ofMillis(2_400));
        assertThat(image().isUp(1)).isTrue();
        quorum.advance(Duration.ofMillis(200));
        assertThat(image().isUp(1)).isFalse();
        assertThat(image().isUp(2)).isTrue();
    }

    @Test
    void pauseOfTheControllerIsNoSilenceOfTheBrokers() {
        long epoch = up(1);
        quorum.clock.advance(Duration.ofSeconds(20));
        quorum.settle();
        assertThat(image().isUp(1)).isTrue();
        heartbeat(1, epoch, false);
        quorum.advance(Duration.ofSeconds(2));
        assertThat(image().isUp(1)).isTrue();
    }

    @Test
    void sameIncarnationKeepsItsBrokerEpochWhenItRegistersAgain() {
        long epoch = up(1);
        int entries = quorum.log.size();
        assertThat(registering(1, 1).join()).isEqualTo(epoch);
        assertThat(quorum.log).hasSize(entries);
        assertThat(image().isUp(1)).isTrue();
    }

    @Test
    void restartedBrokerGetsANewEpochAndItsOldOneIsFenced() {
        long epoch = up(1);
        create("t", 4);
        quorum.probes.put(1, Answer.REPLACED);
        long next = registering(1, 2).join();
        assertThat(next).isGreaterThan(epoch);
        assertThat(image().isUp(1)).isFalse();
        assertThat(partitions("t")).noneMatch(PartitionImage::hasLeader);
        var old = controller().heartbeat(1, epoch, 0, false);
        quorum.settle();
        assertThat(refusal(old).code()).isEqualTo(ErrorCode.FENCED_BROKER_EPOCH);
        heartbeat(1, next, false);
        assertThat(partitions("t")).allMatch(PartitionImage::hasLeader);
    }

    @Test
    void secondProcessOfAnIdIsTurnedAwayWhileTheFirstAnswers() {
        long epoch = up(1);
        quorum.probes.put(1, Answer.ANSWERED);
        RejectedException refused = refusal(registering(1, 2));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refused).hasMessageContaining("broker id 1 is in use by another process");
        assertThat(heartbeat(1, epoch, false).fenced()).isFalse();
        assertThat(image().isUp(1)).isTrue();
    }

    @Test
    void unknownBrokerIsToldToRegister() {
        var reply = controller().heartbeat(9, 1, 0, false);
        quorum.settle();
        assertThat(refusal(reply).code()).isEqualTo(ErrorCode.FENCED_BROKER_EPOCH);
    }
}
