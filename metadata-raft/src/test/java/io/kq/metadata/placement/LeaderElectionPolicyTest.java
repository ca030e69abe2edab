package io.kq.metadata.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.image.PartitionImage;
import io.kq.runtime.RandomSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LeaderElectionPolicyTest {

    private static final LeaderElectionPolicy ELECTIONS =
            new LeaderElectionPolicy(ReplicaRules.STRICT);
    private static final BrokerStates ALL_UP = BrokerStates.up(id -> true);

    private static BrokerStates only(int brokerId) {
        return BrokerStates.up(id -> id == brokerId);
    }

    private static PartitionImage partition(
            List<Integer> replicas, List<Integer> isr, List<Integer> elr, int leader) {
        return new PartitionImage(replicas, isr, elr, leader, 5, 9);
    }

    @Test
    void onlyReplicaStaysInTheIsrWithoutLeading() {
        PartitionImage before = partition(List.of(1), List.of(1), List.of(), 1);
        PartitionImage after = ELECTIONS.withoutBroker(before, 1, 1, ALL_UP).orElseThrow();
        assertThat(after)
                .isEqualTo(new PartitionImage(List.of(1), List.of(1), List.of(), -1, 6, 10));
    }

    @Test
    void onlyReplicaLeadsAgainWithANewEpochWhenItIsBack() {
        PartitionImage before = partition(List.of(1), List.of(1), List.of(), -1);
        PartitionImage after = ELECTIONS.withLeader(before, only(1)).orElseThrow();
        assertThat(after)
                .isEqualTo(new PartitionImage(List.of(1), List.of(1), List.of(), 1, 6, 10));
    }

    @Test
    void nextOfTheIsrLeadsInTheOrderOfReplicas() {
        PartitionImage before = partition(List.of(3, 2, 1), List.of(1, 2, 3), List.of(), 3);
        PartitionImage after = ELECTIONS.withoutBroker(before, 3, 1, ALL_UP).orElseThrow();
        assertThat(after.leader()).isEqualTo(2);
        assertThat(after.isr()).containsExactly(1, 2);
        assertThat(after.leaderEpoch()).isEqualTo(6);
    }

    @Test
    void followerThatGoesTakesNoLeaderEpochWithIt() {
        PartitionImage before = partition(List.of(3, 2, 1), List.of(3, 2, 1), List.of(), 3);
        PartitionImage after = ELECTIONS.withoutBroker(before, 1, 1, ALL_UP).orElseThrow();
        assertThat(after)
                .isEqualTo(
                        new PartitionImage(List.of(3, 2, 1), List.of(3, 2), List.of(), 3, 5, 10));
    }

    @Test
    void memberThatLeavesAnIsrBelowItsMinimumStaysEligible() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(1, 2), List.of(), 1);
        PartitionImage after = ELECTIONS.withoutBroker(before, 1, 2, ALL_UP).orElseThrow();
        assertThat(after.isr()).containsExactly(2);
        assertThat(after.elr()).containsExactly(1);
        assertThat(after.leader()).isEqualTo(2);
    }

    @Test
    void eligibleReplicaLeadsWhenTheIsrIsDown() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(2), List.of(1), -1);
        PartitionImage after = ELECTIONS.withLeader(before, only(1)).orElseThrow();
        assertThat(after.leader()).isEqualTo(1);
        assertThat(after.isr()).containsExactly(1);
        assertThat(after.elr()).containsExactly(2);
    }

    @Test
    void nobodyLeadsWhoIsInNeitherSet() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(2), List.of(1), -1);
        assertThat(ELECTIONS.withLeader(before, only(3))).isEmpty();
    }

    @Test
    void uncleanBrokerLeavesBothSetsAndIsMarked() {
        PartitionImage inIsr = partition(List.of(1, 2), List.of(1, 2), List.of(), 2);
        PartitionImage left = ELECTIONS.withoutUncleanBroker(inIsr, 1, ALL_UP).orElseThrow();
        assertThat(left.isr()).containsExactly(2);
        assertThat(left.unclean()).containsExactly(1);
        assertThat(left.leader()).isEqualTo(2);
        PartitionImage inElr = partition(List.of(1, 2), List.of(2), List.of(1), 2);
        left = ELECTIONS.withoutUncleanBroker(inElr, 1, ALL_UP).orElseThrow();
        assertThat(left.elr()).isEmpty();
        assertThat(left.unclean()).containsExactly(1);
        PartitionImage outside = partition(List.of(1, 2), List.of(2), List.of(), 2);
        assertThat(ELECTIONS.withoutUncleanBroker(outside, 1, ALL_UP)).isEmpty();
    }

    @Test
    void onlyReplicaLeadsAlsoAfterAnUncleanRestart() {
        PartitionImage alone = partition(List.of(1), List.of(1), List.of(), -1);
        assertThat(ELECTIONS.withoutUncleanBroker(alone, 1, ALL_UP)).isEmpty();
        assertThat(ELECTIONS.withLeader(alone, only(1)).orElseThrow().leader()).isEqualTo(1);
    }

    @Test
    void lastMemberThatRestartedUncleanlyStaysButDoesNotLead() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(2), List.of(1), -1);
        PartitionImage marked = ELECTIONS.withoutUncleanBroker(before, 2, only(3)).orElseThrow();
        assertThat(marked.isr()).containsExactly(2);
        assertThat(marked.unclean()).containsExactly(2);
        assertThat(ELECTIONS.withLeader(marked, BrokerStates.up(id -> id > 1))).isEmpty();
        PartitionImage led = ELECTIONS.withLeader(marked, ALL_UP).orElseThrow();
        assertThat(led.leader()).isEqualTo(1);
        assertThat(led.isr()).containsExactly(1);
        assertThat(led.elr()).as("the unclean one is not eligible").isEmpty();
        assertThat(led.unclean()).containsExactly(2);
    }

    @Test
    void nobodyLeadsWhileAllWhoCouldAreUnclean() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(2), List.of(1), -1);
        PartitionImage marked = ELECTIONS.withoutUncleanBroker(before, 2, only(3)).orElseThrow();
        marked = ELECTIONS.withoutUncleanBroker(marked, 1, only(3)).orElseThrow();
        assertThat(marked.unclean()).containsExactly(2, 1);
        assertThat(ELECTIONS.withLeader(marked, ALL_UP)).isEmpty();
    }

    @Test
    void leavingBrokerHandsOverAndIsNotWaitedFor() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(1, 2), List.of(), 1);
        PartitionImage after = ELECTIONS.withoutLeavingBroker(before, 1, 2, ALL_UP).orElseThrow();
        assertThat(after.leader()).isEqualTo(2);
        assertThat(after.isr()).containsExactly(2);
        assertThat(after.elr()).containsExactly(1);
    }

    @Test
    void leavingBrokerHandsOverToAnEligibleReplica() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(1), List.of(3), 1);
        PartitionImage after = ELECTIONS.withoutLeavingBroker(before, 1, 2, ALL_UP).orElseThrow();
        assertThat(after.leader()).isEqualTo(3);
        assertThat(after.isr()).containsExactly(3);
        assertThat(after.elr()).containsExactly(1);
    }

    @Test
    void leavingBrokerLeadsOnWhereNobodyElseCan() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(1), List.of(), 1);
        assertThat(ELECTIONS.withoutLeavingBroker(before, 1, 2, ALL_UP)).isEmpty();
        assertThat(ELECTIONS.withoutLeavingBroker(before, 1, 1, only(1))).isEmpty();
    }

    @Test
    void brokerThatIsAboutToStopIsElectedOnlyWhereThereIsNobodyElse() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(1), List.of(3), -1);
        BrokerStates oneLeaves = ALL_UP.leaving(1);
        assertThat(ELECTIONS.withLeader(before, oneLeaves).orElseThrow().leader()).isEqualTo(3);
        BrokerStates alone = only(1).leaving(1);
        assertThat(ELECTIONS.withLeader(before, alone).orElseThrow().leader()).isEqualTo(1);
    }

    @Test
    void eligibleReplicasAreForgottenOnceEnoughAreInSync() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(1), List.of(2), 1);
        PartitionImage after = new PartitionChange(before).isr(List.of(1, 3), 2).build();
        assertThat(after.elr()).isEmpty();
        PartitionImage fewer = new PartitionChange(after).isr(List.of(3), 2).build();
        assertThat(fewer.elr()).containsExactly(1);
    }

    @Test
    void memberOfTheIsrIsUncleanNoMore() {
        PartitionImage before =
                new PartitionImage(
                        List.of(1, 2),
                        List.of(1),
                        List.of(),
                        1,
                        5,
                        9,
                        List.of(),
                        List.of(),
                        List.of(2),
                        0);
        PartitionImage after = new PartitionChange(before).isr(List.of(1, 2), 1).build();
        assertThat(after.unclean()).isEmpty();
        assertThat(after.leaderEpoch()).isEqualTo(5);
    }

    @Test
    void anyComingAndGoingKeepsTheInvariants() {
        long seed = Long.getLong("kq.seed", 20_240_601L);
        RandomSource random = RandomSource.seeded(seed);
        List<Integer> replicas = List.of(1, 2, 3, 4);
        for (int round = 0; round < 2_000; round++) {
            PartitionImage partition = new PartitionImage(replicas, replicas, List.of(), 1, 0, 0);
            Set<Integer> up = new TreeSet<>(replicas);
            int minIsr = 1 + random.nextInt(3);
            for (int step = 0; step < 20; step++) {
                int id = 1 + random.nextInt(4);
                Optional<PartitionImage> next;
                if (!up.contains(id) && random.nextInt(3) == 0) {
                    next =
                            ELECTIONS.withoutUncleanBroker(
                                    partition, id, BrokerStates.up(up::contains));
                } else if (up.contains(id) && random.nextInt(3) == 0) {
                    next =
                            ELECTIONS.withoutLeavingBroker(
                                    partition, id, minIsr, BrokerStates.up(up::contains));
                } else if (up.remove(id)) {
                    next =
                            ELECTIONS.withoutBroker(
                                    partition, id, minIsr, BrokerStates.up(up::contains));
                } else {
                    up.add(id);
                    next = ELECTIONS.withLeader(partition, BrokerStates.up(up::contains));
                }
                String as = "-Dkq.seed=" + seed + " round " + round + ": " + next + " up " + up;
                next.ifPresent(n -> assertThat(n.problem()).as(as).isEmpty());
                PartitionImage after = next.orElse(partition);
                assertThat(!after.hasLeader() || up.contains(after.leader())).as(as).isTrue();
                assertThat(after.leaderEpoch() - partition.leaderEpoch())
                        .as(as)
                        .isEqualTo(after.leader() == partition.leader() ? 0 : 1);
                if (after.isr().size() > 1) {
                    assertThat(up).as(as).containsAll(after.isr());
                }
                partition = after;
            }
        }
    }
}
