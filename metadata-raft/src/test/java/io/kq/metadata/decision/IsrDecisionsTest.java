package io.kq.metadata.decision;

import static io.kq.metadata.image.Images.TOPIC;
import static io.kq.metadata.image.Images.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.metadata.decision.IsrProposal.Member;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.metadata.image.Images;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerShuttingDown;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.PartitionState;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IsrDecisionsTest {

    private static final MetadataImage THREE = Images.withBrokers(0, 1, 2, 3);

    private final IsrDecisions decisions = new IsrDecisions(ReplicaRules.STRICT);

    /** A topic with one partition, led by broker 0 in epoch 5. */
    private static MetadataImage image(List<Integer> isr, List<Integer> elr) {
        return image(
                new PartitionState(List.of(0, 1, 2), isr, elr, 0, 5, 9),
                new PartitionState(List.of(0, 1, 2), isr, elr, 0, 5, 9));
    }

    private static MetadataImage image(PartitionState... partitions) {
        MetadataRecord topic =
                new TopicCreated(TOPIC, "t", List.of(partitions), Map.of(), false, 1);
        return with(THREE, topic);
    }

    private static Member member(int id) {
        return new Member(id, 100 + id);
    }

    private static IsrProposal proposal(Integer... members) {
        return new IsrProposal(
                TOPIC, 0, 5, 9, Arrays.stream(members).map(IsrDecisionsTest::member).toList());
    }

    private static AlterIsr of(IsrProposal... proposals) {
        return new AlterIsr(0, 100, List.of(proposals));
    }

    private PartitionImage taken(MetadataImage image, IsrProposal proposal) {
        Decision<List<Optional<RejectedException>>> decision = decisions.alter(of(proposal), image);
        assertThat(decision.reply()).containsExactly(Optional.empty());
        MetadataImage after = with(image, decision.records().toArray(MetadataRecord[]::new));
        PartitionImage partition = after.topic("t").orElseThrow().partitions().get(0);
        assertThat(partition.problem()).isEmpty();
        assertThat(partition.partitionEpoch()).isEqualTo(10);
        return partition;
    }

    private void assertRefused(MetadataImage image, IsrProposal proposal, ErrorCode code) {
        Decision<List<Optional<RejectedException>>> decision = decisions.alter(of(proposal), image);
        assertThat(decision.records()).isEmpty();
        RejectedException refusal = decision.reply().get(0).orElseThrow();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.definite()).isTrue();
    }

    @Test
    void memberJoinsWithoutAnotherLeaderEpoch() {
        PartitionImage after = taken(image(List.of(0, 1), List.of()), proposal(0, 1, 2));
        assertThat(after.isr()).containsExactly(0, 1, 2);
        assertThat(after.leader()).isEqualTo(0);
        assertThat(after.leaderEpoch()).isEqualTo(5);
    }

    @Test
    void membersWhoLeaveAnIsrBelowItsMinimumStayEligible() {
        PartitionImage after = taken(image(List.of(0, 1, 2), List.of()), proposal(0));
        assertThat(after.isr()).containsExactly(0);
        assertThat(after.elr()).containsExactly(1, 2);
        PartitionImage enough = taken(image(List.of(0, 1, 2), List.of()), proposal(0, 2));
        assertThat(enough.elr()).isEmpty();
        PartitionImage again = taken(image(List.of(0), List.of(1)), proposal(0, 2));
        assertThat(again.elr()).isEmpty();
    }

    @Test
    void sameIsrRaisesThePartitionEpochToo() {
        PartitionImage after = taken(image(List.of(0, 1), List.of()), proposal(0, 1));
        assertThat(after.isr()).containsExactly(0, 1);
    }

    @Test
    void proposalOfThePastIsRefused() {
        MetadataImage image = image(List.of(0, 1), List.of());
        List<Member> members = List.of(member(0), member(1), member(2));
        assertRefused(
                image, new IsrProposal(TOPIC, 0, 4, 9, members), ErrorCode.FENCED_LEADER_EPOCH);
        assertRefused(
                image, new IsrProposal(TOPIC, 0, 6, 9, members), ErrorCode.UNKNOWN_LEADER_EPOCH);
        assertRefused(
                image, new IsrProposal(TOPIC, 0, 5, 8, members), ErrorCode.STALE_PARTITION_EPOCH);
        assertRefused(
                image, new IsrProposal(TOPIC, 0, 5, 10, members), ErrorCode.STALE_PARTITION_EPOCH);
        assertRefused(
                image, new IsrProposal(TOPIC, 2, 5, 9, members), ErrorCode.PARTITION_NOT_FOUND);
        assertRefused(
                image, new IsrProposal(TOPIC, -1, 5, 9, members), ErrorCode.PARTITION_NOT_FOUND);
        assertRefused(
                image,
                new IsrProposal(new UUID(3, 9), 0, 5, 9, members),
                ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void onlyTheLeaderProposes() {
        MetadataImage image = image(List.of(0, 1), List.of());
        Decision<List<Optional<RejectedException>>> decision =
                decisions.alter(new AlterIsr(1, 101, List.of(proposal(0, 1, 2))), image);
        assertThat(decision.records()).isEmpty();
        assertThat(decision.reply().get(0).orElseThrow().code())
                .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
    }

    @Test
    void brokerOfThePastIsNotHeardAtAll() {
        MetadataImage image = image(List.of(0, 1), List.of());
        for (AlterIsr stale :
                List.of(
                        new AlterIsr(0, 99, List.of(proposal(0))),
                        new AlterIsr(7, 107, List.of(proposal(0))))) {
            assertThatThrownBy(() -> decisions.alter(stale, image))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED_BROKER_EPOCH));
        }
    }

    @Test
    void memberIsAnIncarnationAndNotANumber() {
        MetadataImage image = image(List.of(0, 1), List.of());
        IsrProposal restarted =
                new IsrProposal(TOPIC, 0, 5, 9, List.of(member(0), member(1), new Member(2, 50)));
        assertRefused(image, restarted, ErrorCode.FENCED_BROKER_EPOCH);
    }

    @Test
    void whoIsDownOrAboutToStopOrNoReplicaDoesNotJoin() {
        MetadataImage image = image(List.of(0, 1), List.of());
        assertRefused(
                with(image, new BrokerFenced(2, 102, 1)),
                proposal(0, 1, 2),
                ErrorCode.INELIGIBLE_REPLICA);
        assertRefused(
                with(image, new BrokerShuttingDown(2, 102, 1)),
                proposal(0, 1, 2),
                ErrorCode.INELIGIBLE_REPLICA);
        assertRefused(image, proposal(0, 1, 3), ErrorCode.INELIGIBLE_REPLICA);
        assertRefused(image, proposal(), ErrorCode.INVALID_ARGUMENT);
        assertRefused(image, proposal(0, 1, 1), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void leaderWithoutADiskIsReplaced() {
        PartitionImage after = taken(image(List.of(0, 1, 2), List.of()), proposal(1, 2));
        assertThat(after.leader()).isEqualTo(1);
        assertThat(after.leaderEpoch()).isEqualTo(6);
        assertThat(after.isr()).containsExactly(1, 2);
        PartitionImage last = taken(image(List.of(0, 2), List.of()), proposal(2));
        assertThat(last.leader()).isEqualTo(2);
        assertThat(last.elr()).containsExactly(0);
    }

    @Test
    void firstWhoCouldTakeOverFromALeaderThatStopsDoesSo() {
        MetadataImage image = with(image(List.of(0), List.of()), new BrokerShuttingDown(0, 100, 1));
        PartitionImage after = taken(image, proposal(0, 2));
        assertThat(after.leader()).isEqualTo(2);
        assertThat(after.isr()).containsExactly(2);
        assertThat(after.elr()).containsExactly(0);
        assertThat(after.leaderEpoch()).isEqualTo(6);
    }

    @Test
    void uncleanReplicaIsNoneAnyMoreOnceItIsInSync() {
        MetadataImage image =
                image(
                        new PartitionState(
                                List.of(0, 1, 2),
                                List.of(0, 1),
                                List.of(),
                                0,
                                5,
                                9,
                                List.of(),
                                List.of(),
                                List.of(2),
                                0));
        assertThat(taken(image, proposal(0, 1)).unclean()).containsExactly(2);
        assertThat(taken(image, proposal(0, 1, 2)).unclean()).isEmpty();
    }

    @Test
    void reassignmentEndsWhenAllWhoStayAreInSync() {
        MetadataImage image =
                image(
                        new PartitionState(
                                List.of(2, 3, 0, 1),
                                List.of(0, 1, 2),
                                List.of(),
                                0,
                                5,
                                9,
                                List.of(2, 3),
                                List.of(0, 1),
                                List.of(),
                                0));
        PartitionImage waiting = taken(image, proposal(0, 1, 2));
        assertThat(waiting.isReassigning()).isTrue();
        PartitionImage after = taken(image, proposal(0, 1, 2, 3));
        assertThat(after.replicas()).containsExactly(2, 3);
        assertThat(after.isr()).containsExactly(2, 3);
        assertThat(after.isReassigning()).isFalse();
        assertThat(after.leader()).isEqualTo(2);
        assertThat(after.leaderEpoch()).isEqualTo(6);
    }

    @Test
    void smallerMinimumLeavesNobodyEligible() {
        PartitionState shrinking =
                new PartitionState(
                        List.of(0, 1, 2),
                        List.of(0),
                        List.of(1),
                        0,
                        5,
                        9,
                        List.of(),
                        List.of(1, 2),
                        List.of(),
                        0);
        MetadataImage image = image(shrinking, shrinking);
        Decision<List<Optional<RejectedException>>> decision =
                decisions.alter(of(proposal(0)), image);
        MetadataImage after = with(image, decision.records().toArray(MetadataRecord[]::new));
        assertThat(minIsr(after, 0)).isEqualTo(1);
        assertThat(after.topic("t").orElseThrow().partitions().get(0).elr()).isEmpty();
    }

    @Test
    void minimumFollowsThePartitionsOwnReplicas() {
        PartitionState shrinking =
                new PartitionState(
                        List.of(0, 1, 2),
                        List.of(0),
                        List.of(1),
                        0,
                        5,
                        9,
                        List.of(),
                        List.of(1, 2),
                        List.of(),
                        0);
        PartitionState other =
                new PartitionState(List.of(1, 2, 3), List.of(1), List.of(2), 1, 3, 4);
        MetadataImage image = image(shrinking, other);
        assertThat(minIsr(image, 0)).isEqualTo(2);
        Decision<List<Optional<RejectedException>>> decision =
                decisions.alter(of(proposal(0)), image);
        assertThat(decision.records()).hasSize(1);
        MetadataImage after = with(image, decision.records().toArray(MetadataRecord[]::new));
        assertThat(minIsr(after, 0)).isEqualTo(1);
        assertThat(minIsr(after, 1)).as("the other has three").isEqualTo(2);
        assertThat(after.topic("t").orElseThrow().partitions().get(1).elr()).containsExactly(2);
        MetadataImage set =
                with(after, new TopicConfigChanged(TOPIC, "min.insync.replicas", Optional.of("2")));
        assertThat(minIsr(set, 0)).as("what was set holds for all").isEqualTo(2);
    }

    private static int minIsr(MetadataImage image, int partition) {
        TopicImage topic = image.topic("t").orElseThrow();
        return topic.minIsr(topic.partitions().get(partition));
    }

    @Test
    void eachProposalIsJudgedByItself() {
        MetadataImage image = image(List.of(0, 1), List.of());
        IsrProposal second =
                new IsrProposal(TOPIC, 1, 5, 9, List.of(member(0), member(1), member(2)));
        Decision<List<Optional<RejectedException>>> decision =
                decisions.alter(of(proposal(0, 3), second, proposal(0), proposal(0, 1)), image);
        assertThat(decision.reply().stream().map(r -> r.map(RejectedException::code)).toList())
                .containsExactly(
                        Optional.of(ErrorCode.INELIGIBLE_REPLICA),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(ErrorCode.STALE_PARTITION_EPOCH));
        assertThat(decision.records()).hasSize(2);
    }

    @Test
    void brokerEpochsAreARuleThatCanBeMissed() {
        MetadataImage image = image(List.of(0, 1), List.of());
        IsrProposal restarted =
                new IsrProposal(TOPIC, 0, 5, 9, List.of(member(0), member(1), new Member(2, 50)));
        assertThat(
                        new IsrDecisions(new ReplicaRules(false, true, true))
                                .alter(of(restarted), image)
                                .reply())
                .containsExactly(Optional.empty());
    }
}
