package io.kq.broker.partition;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.broker.doubles.Batches;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.doubles.MemoryLogStore;
import io.kq.broker.doubles.NoOtherNodes;
import io.kq.broker.partition.ack.Acks;
import io.kq.log.LogConfig;
import io.kq.metadata.image.PartitionImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionRegistryTest {

    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final MemoryLogStore store = new MemoryLogStore();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private PartitionRegistry registry = newProcess();

    private PartitionRegistry newProcess() {
        return new PartitionRegistry(
                store,
                metadata,
                1,
                Clock.system(),
                (where, cause) -> faults.add(where + ": " + cause),
                LogConfig.defaults(),
                NoOtherNodes.outside());
    }

    @BeforeEach
    void register() {
        metadata.broker(1, 9092, 40);
        registry.registered(40);
    }

    @AfterEach
    void close() {
        registry.close();
        assertThat(faults).isEmpty();
    }

    private PartitionLeader leaderOf(String topic, int partition) {
        eventually(
                "leads " + topic + "-" + partition,
                () -> registry.route(topic, partition, null) instanceof PartitionLeader);
        return (PartitionLeader) registry.route(topic, partition, null);
    }

    private RejectedException refusal(String topic, int partition, @Nullable UUID id) {
        return catchThrowableOfType(
                RejectedException.class, () -> registry.route(topic, partition, id));
    }

    @Test
    void leadsWhatTheImageAssignsAndKnowsTheOthers() {
        metadata.broker(2, 4711, 1);
        UUID id = metadata.topic("t", Map.of(), 1, 2);
        assertThat(leaderOf("t", 0).reads().latestOffset()).isZero();
        assertThat(registry.route("t", 1, id))
                .isInstanceOfSatisfying(
                        RemoteLeader.class,
                        r -> {
                            assertThat(r.nodeId()).isEqualTo(2);
                            assertThat(r.clientAddress()).isEqualTo("127.0.0.1:4711");
                            assertThat(r.notLeader().metadata())
                                    .containsEntry("leader_id", "2")
                                    .containsEntry("leader_address", "127.0.0.1:4711");
                        });
        assertThat(store.partitions()).containsExactly(new TopicIdPartition(id, 0));
    }

    @Test
    void saysWhatIsWrongWithARequest() {
        UUID id = metadata.topic("first_topic", Map.of(), 1);
        metadata.lead("first_topic", 0, PartitionImage.NO_LEADER, List.of(1));
        RejectedException typo = refusal("frist_topic", 0, null);
        assertThat(typo.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(typo.metadata()).containsEntry("suggestion", "first_topic");
        assertThat(refusal("first_topic", 7, null).code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
        assertThat(refusal("first_topic", -1, null).code())
                .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
        assertThat(refusal("first_topic", 0, new UUID(9, 9)).code())
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(refusal("first_topic", 0, id).code()).isEqualTo(ErrorCode.NO_LEADER);
    }

    @Test
    void stepsDownWhenAnotherLeadsAndLeadsAgainInALaterEpoch() {
        metadata.topic("t", Map.of(), 1);
        PartitionLeader first = leaderOf("t", 0);
        Turn turn = new Turn(Clock.system());
        turn.begin();
        first.append(Batches.opaque(4, 10), Acks.NONE, 0, null, turn);
        turn.end();
        metadata.lead("t", 0, 2, List.of(1, 2));
        eventually("stepped down", () -> !first.isLeading());
        metadata.lead("t", 0, 1, List.of(1, 2));
        PartitionLeader second = leaderOf("t", 0);
        assertThat(second).isNotSameAs(first);
        assertThat(second.leaderEpoch()).isEqualTo(2);
        assertThat(second.reads().latestOffset()).isEqualTo(4);
    }

    @Test
    void aNewEpochOfTheSameLeaderIsAnotherLeader() {
        metadata.topic("t", Map.of(), 1);
        PartitionLeader first = leaderOf("t", 0);
        metadata.lead("t", 0, 1, List.of(1));
        eventually("stepped down", () -> !first.isLeading());
        assertThat(leaderOf("t", 0).leaderEpoch()).isEqualTo(1);
    }

    /** M7. */
    @Test
    void aTopicMadeAnewUnderTheSameNameShowsNoOldData() {
        UUID old = metadata.topic("t", Map.of(), 1);
        PartitionLeader first = leaderOf("t", 0);
        Turn turn = new Turn(Clock.system());
        turn.begin();
        first.append(Batches.opaque(4, 10), Acks.NONE, 0, null, turn);
        turn.end();
        metadata.delete("t");
        eventually("gone", () -> !first.isLeading() && store.partitions().isEmpty());
        assertThat(refusal("t", 0, null).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        metadata.topic("t", Map.of(), 1);
        assertThat(leaderOf("t", 0).reads().latestOffset()).isZero();
        assertThat(refusal("t", 0, old).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void aLogThatIsAssignedElsewhereGoes() {
        metadata.topic("t", Map.of(), 1);
        leaderOf("t", 0);
        metadata.lead("t", 0, 2, List.of(2));
        eventually("deleted", () -> store.partitions().isEmpty());
    }

    @Test
    void strayLogsGoOnlyWhenTheImageShowsThisProcessRegistered() {
        TopicIdPartition stray = new TopicIdPartition(new UUID(7, 7), 0);
        metadata.topic("t", Map.of(), 1);
        leaderOf("t", 0);
        store.open(stray, "lost", LogConfig.defaults());
        registry.registered(42);
        metadata.broker(1, 9092, 41);
        metadata.topic("u", Map.of(), 1);
        eventually("log opened", () -> store.partitions().size() == 3);
        assertThat(store.partitions()).as("an older registration").contains(stray);
        metadata.broker(1, 9092, 42);
        eventually("stray deleted", () -> !store.partitions().contains(stray));
        assertThat(store.partitions()).hasSize(2);
    }

    @Test
    void leadsAndDeletesNothingByAnImageFromBeforeItsRegistration() {
        metadata.topic("t", Map.of(), 1);
        Turn turn = new Turn(Clock.system());
        turn.begin();
        leaderOf("t", 0).append(Batches.opaque(4, 10), Acks.NONE, 0, null, turn);
        turn.end();
        registry.close();
        registry = newProcess();
        eventually("not ready", () -> refusal("t", 0, null).code() == ErrorCode.NOT_READY);
        metadata.lead("t", 0, 2, List.of(2));
        metadata.lead("t", 0, 1, List.of(1, 2));
        assertThat(refusal("t", 0, null).code()).isEqualTo(ErrorCode.NOT_READY);
        registry.registered(42);
        metadata.broker(1, 9092, 42);
        assertThat(leaderOf("t", 0).reads().logEndOffset()).isEqualTo(4);
    }

    @Test
    void deletesWhatWentMeanwhileOnceAnImageShowsItsRegistration() {
        metadata.topic("t", Map.of(), 1);
        metadata.topic("u", Map.of(), 1);
        leaderOf("t", 0);
        leaderOf("u", 0);
        registry.close();
        registry = newProcess();
        metadata.lead("t", 0, 2, List.of(2));
        metadata.delete("u");
        assertThat(store.partitions()).hasSize(2);
        registry.registered(42);
        metadata.broker(1, 9092, 42);
        eventually("deleted", () -> store.partitions().isEmpty());
    }

    @Test
    void keepsWhatItLeadsWhenItRegistersAnew() {
        metadata.topic("t", Map.of(), 1);
        PartitionLeader leader = leaderOf("t", 0);
        registry.registered(42);
        metadata.broker(1, 9092, 42);
        metadata.topic("u", Map.of(), 1);
        leaderOf("u", 0);
        assertThat(leaderOf("t", 0)).isSameAs(leader);
    }

    @Test
    void aDamagedLogIsRefusedAndTheNodeGoesOn() {
        store.failOpens(ErrorCode.STORAGE_FAULT);
        metadata.topic("t", Map.of(), 1);
        eventually("refused", () -> refusal("t", 0, null).code() == ErrorCode.STORAGE_FAULT);
        store.failOpens(null);
        metadata.topic("u", Map.of(), 1);
        leaderOf("u", 0);
    }

    @Test
    void closingResignsAll() {
        metadata.topic("t", Map.of(), 1);
        PartitionLeader leader = leaderOf("t", 0);
        registry.close();
        assertThat(leader.isLeading()).isFalse();
        assertThat(refusal("t", 0, null).code()).isEqualTo(ErrorCode.NOT_READY);
    }
}
