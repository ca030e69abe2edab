package io.kq.metadata.decision;

import static io.kq.metadata.image.Images.TOPIC;
import static io.kq.metadata.image.Images.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.metadata.decision.MetadataOperation.AlterReplicas;
import io.kq.metadata.decision.MetadataOperation.AlterReplicas.Reassignment;
import io.kq.metadata.image.Images;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.PartitionState;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReassignmentDecisionsTest {

    private final ReassignmentDecisions decisions = new ReassignmentDecisions(ReplicaRules.STRICT);

    private static MetadataImage image(List<Integer> replicas, List<Integer> isr, int leader) {
        PartitionState state = new PartitionState(replicas, isr, List.of(), leader, 5, 9);
        MetadataRecord topic = new TopicCreated(TOPIC, "t", List.of(state), Map.of(), false, 1);
        return with(Images.withBrokers(1, 2, 3, 4, 5), topic);
    }

    private static AlterReplicas to(Integer... target) {
        return one(Optional.of(Arrays.asList(target)), false);
    }

    private static AlterReplicas cancel() {
        return one(Optional.empty(), false);
    }

    private static AlterReplicas one(Optional<List<Integer>> target, boolean validateOnly) {
        return new AlterReplicas(
                List.of(new Reassignment(new TopicPartition("t", 0), target)), validateOnly);
    }

    private MetadataImage after(MetadataImage image, AlterReplicas operation) {
        Decision<Integer> decision = decisions.alter(operation, image);
        assertThat(decision.reply()).isEqualTo(decision.records().isEmpty() ? 0 : 1);
        return with(image, decision.records().toArray(MetadataRecord[]::new));
    }

    private static PartitionImage partition(MetadataImage image) {
        PartitionImage partition = image.topic("t").orElseThrow().partitions().get(0);
        assertThat(partition.problem()).isEmpty();
        return partition;
    }

    private ErrorCode refused(MetadataImage image, AlterReplicas operation) {
        return catchThrowableOfType(
                        RejectedException.class, () -> decisions.alter(operation, image))
                .code();
    }

    @Test
    void newReplicasJoinBesideTheOldOnes() {
        PartitionImage moving =
                partition(after(image(List.of(1, 2, 3), List.of(1, 2, 3), 1), to(4, 2, 5)));
        assertThat(moving.replicas()).containsExactly(4, 2, 5, 1, 3);
        assertThat(moving.adding()).containsExactly(4, 5);
        assertThat(moving.removing()).containsExactly(1, 3);
        assertThat(moving.isr()).containsExactly(1, 2, 3);
        assertThat(moving.leader()).isEqualTo(1);
        assertThat(moving.leaderEpoch()).isEqualTo(5);
        assertThat(moving.targetReplicas()).containsExactly(4, 2, 5);
    }

    @Test
    void fewerReplicasInSyncAreDoneAtOnce() {
        PartitionImage smaller =
                partition(after(image(List.of(1, 2, 3), List.of(1, 2, 3), 1), to(2, 3)));
        assertThat(smaller.replicas()).containsExactly(2, 3);
        assertThat(smaller.isReassigning()).isFalse();
        assertThat(smaller.leader()).isEqualTo(2);
        assertThat(smaller.isr()).containsExactly(2, 3);
    }

    /** Rule 34: a follower that has not heard that it is gone is refused until it has. */
    @Test
    void aReplicaThatGoesRaisesTheEpochOfALeaderThatStays() {
        MetadataImage image = image(List.of(1, 2, 3), List.of(1, 2, 3), 1);
        PartitionImage smaller = partition(after(image, to(1, 3)));
        assertThat(smaller.leader()).isEqualTo(1);
        assertThat(smaller.leaderEpoch()).isEqualTo(6);
        PartitionImage back = partition(after(after(image, to(1, 3)), to(1, 3, 2)));
        assertThat(back.adding()).containsExactly(2);
        assertThat(back.leaderEpoch()).isEqualTo(6);
    }

    @Test
    void otherOrderChangesThePreferredLeaderOnly() {
        PartitionImage turned = partition(after(image(List.of(1, 2), List.of(1, 2), 1), to(2, 1)));
        assertThat(turned.replicas()).containsExactly(2, 1);
        assertThat(turned.leader()).isEqualTo(1);
    }

    @Test
    void sameReplicasAreNoChange() {
        MetadataImage image = image(List.of(1, 2), List.of(1, 2), 1);
        assertThat(decisions.alter(to(1, 2), image).records()).isEmpty();
    }

    @Test
    void cancelledOneGoesBackToTheOriginalReplicas() {
        MetadataImage moving = after(image(List.of(1, 2, 3), List.of(1, 2, 3), 1), to(4, 5, 2));
        PartitionImage back = partition(after(moving, cancel()));
        assertThat(back.replicas()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(back.isReassigning()).isFalse();
        assertThat(back.isr()).containsExactly(1, 2, 3);
        assertThat(back.leader()).isEqualTo(1);
        assertThat(refused(image(List.of(1), List.of(1), 1), cancel()))
                .isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
    }

    @Test
    void anotherTargetReplacesTheFirst() {
        MetadataImage moving = after(image(List.of(1, 2), List.of(1, 2), 1), to(3, 4));
        PartitionImage other = partition(after(moving, to(4, 5)));
        assertThat(other.replicas()).containsExactly(4, 5, 1, 2);
        assertThat(other.adding()).containsExactly(4, 5);
        assertThat(other.removing()).containsExactly(1, 2);
    }

    @Test
    void cancellingNeverLeavesNobodyInSync() {
        PartitionState state =
                new PartitionState(
                        List.of(3, 1),
                        List.of(3),
                        List.of(),
                        3,
                        5,
                        9,
                        List.of(3),
                        List.of(),
                        List.of(),
                        0);
        MetadataImage image =
                with(
                        Images.withBrokers(1, 2, 3),
                        (MetadataRecord)
                                new TopicCreated(TOPIC, "t", List.of(state), Map.of(), false, 1));
        assertThat(refused(image, cancel())).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    }

    @Test
    void leaderThatGoesWithACancelledReassignmentIsReplaced() {
        PartitionState state =
                new PartitionState(
                        List.of(3, 1, 2),
                        List.of(3, 2),
                        List.of(),
                        3,
                        5,
                        9,
                        List.of(3),
                        List.of(),
                        List.of(),
                        0);
        MetadataImage image =
                with(
                        Images.withBrokers(1, 2, 3),
                        (MetadataRecord)
                                new TopicCreated(TOPIC, "t", List.of(state), Map.of(), false, 1));
        PartitionImage back = partition(after(image, cancel()));
        assertThat(back.leader()).isEqualTo(2);
        assertThat(back.leaderEpoch()).isEqualTo(6);
    }

    @Test
    void wrongOnesAreRefusedWithAllOfTheirOperation() {
        MetadataImage image = image(List.of(1, 2), List.of(1, 2), 1);
        for (AlterReplicas wrong : List.of(to(), to(3, 3), to(9))) {
            assertThat(refused(image, wrong)).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        }
        Reassignment good = new Reassignment(new TopicPartition("t", 0), Optional.of(List.of(3)));
        Reassignment noPartition =
                new Reassignment(new TopicPartition("t", 1), Optional.of(List.of(3)));
        Reassignment noTopic =
                new Reassignment(new TopicPartition("u", 0), Optional.of(List.of(3)));
        assertThat(refused(image, new AlterReplicas(List.of(good, noPartition), false)))
                .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
        assertThat(refused(image, new AlterReplicas(List.of(good, noTopic), false)))
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void validationChangesNothing() {
        MetadataImage image = image(List.of(1, 2), List.of(1, 2), 1);
        Decision<Integer> decision = decisions.alter(one(Optional.of(List.of(3)), true), image);
        assertThat(decision.records()).isEmpty();
        assertThat(decision.reply()).isEqualTo(1);
    }

    @Test
    void smallerMinimumOfFewerReplicasLeavesNobodyEligibleInThatPartition() {
        PartitionState first =
                new PartitionState(List.of(1, 2, 3), List.of(1), List.of(2), 1, 5, 9);
        PartitionState second =
                new PartitionState(List.of(2, 3, 4), List.of(2), List.of(3), 2, 5, 9);
        MetadataImage image =
                with(
                        Images.withBrokers(1, 2, 3, 4),
                        (MetadataRecord)
                                new TopicCreated(
                                        TOPIC, "t", List.of(first, second), Map.of(), false, 1));
        MetadataImage after =
                with(image, decisions.alter(to(1), image).records().toArray(MetadataRecord[]::new));
        TopicImage topic = after.topic("t").orElseThrow();
        assertThat(topic.partitions().get(0).elr()).isEmpty();
        assertThat(topic.minIsr(topic.partitions().get(0))).isEqualTo(1);
        assertThat(topic.partitions().get(1).elr()).containsExactly(3);
        assertThat(topic.minIsr(topic.partitions().get(1))).isEqualTo(2);
    }
}
