package io.kq.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.decision.ClusterDecisions;
import io.kq.metadata.decision.Decision;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.AddPartitions;
import io.kq.metadata.decision.MetadataOperation.AllocateProducerIds;
import io.kq.metadata.decision.MetadataOperation.AlterReplicas;
import io.kq.metadata.decision.MetadataOperation.AlterTopicConfigs;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.DeleteTopic;
import io.kq.metadata.decision.MetadataOperation.DrainBroker;
import io.kq.metadata.decision.MetadataOperation.ProducerIdBlock;
import io.kq.metadata.decision.MetadataOperation.ResumeBroker;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControllerLoopTest {

    private final SimulatedQuorum quorum = new SimulatedQuorum(2, ControllerConfig.DEFAULT);
    private final ControllerLoop controller = quorum.nodes.get(0).controller;
    private long brokerEpoch;

    /** Answers that the test does not look at. */
    private final List<CompletableFuture<?>> unasked = new ArrayList<>();

    @BeforeEach
    void bringUpABroker() {
        quorum.elect(0, false);
        quorum.settle();
        CompletableFuture<Long> registered = controller.register(registration(1));
        quorum.settle();
        brokerEpoch = registered.join();
        heartbeat();
        quorum.settle();
        assertThat(image().isUp(1)).isTrue();
    }

    private static Registration registration(int id) {
        return new Registration(
                id,
                new UUID(5, id),
                SimulatedQuorum.CLUSTER,
                List.of(),
                "",
                List.of(),
                true,
                "test");
    }

    private void heartbeat() {
        unasked.add(controller.heartbeat(1, brokerEpoch, image().index(), false));
    }

    private void send(Optional<UUID> requestId, MetadataOperation<?> operation) {
        unasked.add(controller.submit(requestId, operation));
    }

    private MetadataImage image() {
        return quorum.active().image;
    }

    private static CreateTopic topic(String name) {
        return new CreateTopic(name, 1, 1, List.of(), Map.of(), false, false);
    }

    private static RejectedException refusal(CompletableFuture<?> reply) {
        assertThat(reply).isCompletedExceptionally();
        return (RejectedException) reply.handle((r, e) -> e).join();
    }

    @Test
    void clusterIsBornWithTheFirstController() {
        assertThat(image().cluster().id()).isEqualTo(SimulatedQuorum.CLUSTER);
        assertThat(image().cluster().featureLevels()).containsEntry("metadata.version", 1);
        assertThat(controller.isActive()).isTrue();
    }

    @Test
    void manyOperationsBecomeOneBatchAndAreAnsweredAfterIt() {
        int entries = quorum.log.size();
        List<CompletableFuture<TopicCreation>> replies = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            replies.add(controller.submit(Optional.empty(), topic("t" + i)));
        }
        quorum.runLoops();
        assertThat(replies).noneMatch(CompletableFuture::isDone);
        quorum.settle();
        assertThat(replies).allMatch(r -> r.join().created());
        assertThat(quorum.log).hasSize(entries + 1);
        assertThat(image().topics()).hasSize(100);
    }

    @Test
    void oneBatchIsInFlightAtATime() {
        var first = controller.submit(Optional.empty(), topic("first"));
        quorum.runLoops();
        var second = controller.submit(Optional.empty(), topic("second"));
        quorum.runLoops();
        int entries = quorum.log.size();
        quorum.commitSubmitted();
        assertThat(quorum.log).hasSize(entries + 1);
        quorum.runLoops();
        assertThat(first).isDone();
        assertThat(second).isNotDone();
        quorum.settle();
        assertThat(second).isDone();
    }

    @Test
    void refusalThatRestsOnTheSameBatchWaitsForIt() {
        send(Optional.empty(), topic("t"));
        var again = controller.submit(Optional.empty(), topic("t"));
        quorum.runLoops();
        assertThat(again).isNotDone();
        quorum.settle();
        assertThat(refusal(again).code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void refusalWithoutABatchIsAnsweredAtOnceAndWritesNothing() {
        int entries = quorum.log.size();
        var refused = controller.submit(Optional.empty(), new DeleteTopic("t", false));
        quorum.runLoops();
        assertThat(refusal(refused).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        quorum.settle();
        assertThat(quorum.log).hasSize(entries);
    }

    @Test
    void repeatedRequestGetsItsAnswerAgainAndHasNoSecondEffect() {
        UUID id = new UUID(1, 1);
        var first = controller.submit(Optional.of(id), topic("t"));
        var beside = controller.submit(Optional.of(id), topic("t"));
        quorum.settle();
        var later = controller.submit(Optional.of(id), topic("t"));
        quorum.settle();
        assertThat(beside.join()).isEqualTo(first.join());
        assertThat(later.join()).isEqualTo(first.join());
        assertThat(image().topics()).hasSize(1);
    }

    @Test
    void everyOperationIsRemembered() {
        UUID ids = new UUID(1, 1);
        UUID delete = new UUID(1, 2);
        send(Optional.empty(), topic("t"));
        var block = controller.submit(Optional.of(ids), new AllocateProducerIds(1, brokerEpoch));
        var gone = controller.submit(Optional.of(delete), new DeleteTopic("t", false));
        quorum.settle();
        var blockAgain =
                controller.submit(Optional.of(ids), new AllocateProducerIds(1, brokerEpoch));
        var goneAgain = controller.submit(Optional.of(delete), new DeleteTopic("t", false));
        quorum.settle();
        assertThat(block.join()).isEqualTo(new ProducerIdBlock(0, 1_000));
        assertThat(blockAgain.join()).isEqualTo(block.join());
        assertThat(goneAgain.join()).isEqualTo(gone.join());
        assertThat(image().nextProducerId()).isEqualTo(1_000);
    }

    @Test
    void repeatedAdministrationHasOneEffectAndOneAnswer() {
        send(Optional.empty(), topic("t"));
        quorum.settle();
        List<MetadataOperation<?>> operations =
                List.of(
                        new AddPartitions("t", 3, List.of(), false),
                        new AlterTopicConfigs("t", Map.of("retention.ms", Optional.of("5")), false),
                        new AlterReplicas(
                                List.of(
                                        new AlterReplicas.Reassignment(
                                                new TopicPartition("t", 0),
                                                Optional.of(List.of(1)))),
                                false),
                        new DrainBroker(1),
                        new ResumeBroker(1));
        for (int i = 0; i < operations.size(); i++) {
            Optional<UUID> id = Optional.of(new UUID(2, i));
            var first = controller.submit(id, operations.get(i));
            quorum.settle();
            var second = controller.submit(id, operations.get(i));
            quorum.settle();
            assertThat(second.join()).as(operations.get(i).toString()).isEqualTo(first.join());
        }
        assertThat(image().topic("t").orElseThrow().partitions()).hasSize(3);
        assertThat(image().isActive(1)).isTrue();
    }

    @Test
    void requestIdOfAnotherOperationIsRefused() {
        UUID id = new UUID(1, 1);
        send(Optional.of(id), topic("t"));
        quorum.settle();
        var other = controller.submit(Optional.of(id), new DeleteTopic("t", false));
        quorum.settle();
        assertThat(refusal(other).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(image().topics()).hasSize(1);
    }

    @Test
    void nextControllerKnowsWhatTheFirstOneAnswered() {
        UUID id = new UUID(1, 1);
        var lost = controller.submit(Optional.of(id), topic("t"));
        quorum.runLoops();
        quorum.elect(1, true);
        quorum.settle();
        assertThat(refusal(lost).code()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(refusal(lost).definite()).isFalse();
        var again = quorum.nodes.get(1).controller.submit(Optional.of(id), topic("t"));
        quorum.settle();
        UUID created = image().topic("t").orElseThrow().id();
        assertThat(again.join().topicId()).isEqualTo(created);
        assertThat(again.join().created()).isTrue();
    }

    @Test
    void whatWaitsWhenLeadershipIsLostDefinitelyDidNotHappen() {
        send(Optional.empty(), topic("in-flight"));
        quorum.runLoops();
        var waiting = controller.submit(Optional.empty(), topic("waiting"));
        quorum.runLoops();
        quorum.elect(1, true);
        quorum.settle();
        assertThat(refusal(waiting).code()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(refusal(waiting).definite()).isTrue();
        assertThat(image().topics()).containsOnlyKeys("in-flight");
    }

    @Test
    void otherVoterRefusesEverything() {
        ControllerLoop other = quorum.nodes.get(1).controller;
        var created = other.submit(Optional.empty(), topic("t"));
        var registered = other.register(registration(2));
        var beat = other.heartbeat(1, brokerEpoch, 0, false);
        quorum.settle();
        for (CompletableFuture<?> reply : List.of(created, registered, beat)) {
            assertThat(refusal(reply).code()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        }
    }

    @Test
    void leaderThatLostAnAnswerBeginsAnewInTheSameTerm() {
        var lost = controller.submit(Optional.empty(), topic("lost"));
        quorum.runLoops();
        quorum.loseAnswers(SimulatedQuorum.Fate.COMMITTED);
        quorum.settle();
        assertThat(refusal(lost).definite()).isFalse();
        quorum.advance(Duration.ofSeconds(1));
        assertThat(controller.isActive()).isTrue();
        assertThat(image().topics()).containsKey("lost");
        var next = controller.submit(Optional.empty(), topic("next"));
        quorum.settle();
        assertThat(next.join().created()).isTrue();
    }

    @Test
    void batchThatIsCommittedLateKeepsOutWhatWasDecidedWithoutIt() {
        UUID id = new UUID(1, 1);
        send(Optional.of(id), topic("t"));
        quorum.runLoops();
        quorum.loseAnswers(SimulatedQuorum.Fate.COMMITTED_LATE);
        quorum.runLoops();
        quorum.clock.advance(Duration.ofMillis(500));
        quorum.runLoops();
        assertThat(controller.isActive()).isTrue();
        var again = controller.submit(Optional.of(id), topic("t"));
        quorum.settle();
        assertThat(refusal(again).code()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        quorum.advance(Duration.ofSeconds(1));
        var third = controller.submit(Optional.of(id), topic("t"));
        quorum.settle();
        assertThat(third.join().topicId()).isEqualTo(image().topic("t").orElseThrow().id());
    }

    @Test
    void controllerWhoseBatchHangsTellsNobodyThatItControls() {
        send(Optional.empty(), topic("hangs"));
        quorum.runLoops();
        quorum.clock.advance(ControllerConfig.DEFAULT.commitStall());
        var later = controller.submit(Optional.empty(), topic("later"));
        var beat = controller.heartbeat(1, brokerEpoch, 0, false);
        quorum.runLoops();
        assertThat(refusal(later).code()).isEqualTo(ErrorCode.QUORUM_LOST);
        assertThat(refusal(beat).code()).isEqualTo(ErrorCode.QUORUM_LOST);
        quorum.settle();
        assertThat(image().topics()).containsOnlyKeys("hangs");
    }

    @Test
    void idleControllerWritesARecordOfNoEffectNowAndThen() {
        int entries = quorum.log.size();
        for (int i = 0; i < 10; i++) {
            heartbeat();
            quorum.advance(Duration.ofSeconds(1));
        }
        assertThat(quorum.log.size() - entries).isBetween(2, 4);
    }

    @Test
    void requestsAreForgottenAfterTheirTimeAndNotBefore() {
        UUID id = new UUID(1, 1);
        send(Optional.of(id), topic("t"));
        quorum.settle();
        Duration ttl = ControllerConfig.DEFAULT.requestTtl();
        quorum.advance(ttl.minusSeconds(1));
        assertThat(image().requests()).containsKey(id);
        quorum.elect(1, false);
        quorum.advance(ttl.minusSeconds(1));
        assertThat(image().requests()).containsKey(id);
        quorum.advance(Duration.ofSeconds(2));
        assertThat(image().requests()).isEmpty();
    }

    @Test
    void batchesStaySmall() {
        List<CompletableFuture<TopicCreation>> replies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            replies.add(
                    controller.submit(
                            Optional.empty(),
                            new CreateTopic(
                                    "large-" + i, 10_000, 1, List.of(), Map.of(), false, false)));
        }
        quorum.settle();
        assertThat(replies).allMatch(r -> r.join().created());
        assertThat(quorum.log).allMatch(entry -> entry.batch().length < 1 << 20);
    }

    @Test
    void operationThatFitsInNoBatchIsRefused() {
        ControllerTenure tenure =
                new ControllerTenure(
                        quorum.term, quorum.active().ports, ControllerConfig.DEFAULT, () -> {});
        CompletableFuture<Boolean> huge = new CompletableFuture<>();
        CompletableFuture<Boolean> next = new CompletableFuture<>();
        MetadataRecord record =
                new RequestAnswered(new UUID(1, 1), new byte[Batch.BYTES_ALONE_MAX], 1);
        tenure.enqueue(
                PendingOperation.internal(
                        (image, turn) -> Decision.of(List.of(record), true), Outcome.to(huge)));
        tenure.enqueue(
                PendingOperation.internal(
                        (image, turn) -> ClusterDecisions.noOp(), Outcome.to(next)));
        quorum.settle();
        assertThat(refusal(huge).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(next.join()).isTrue();
    }
}
