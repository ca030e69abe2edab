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

    private static PartitionImage partition(
            List<Integer> replicas, List<Integer> isr, List<Integer> elr, int leader) {
        return new PartitionImage(replicas, isr, elr, leader, 5, 9);
    }

    @Test
    void onlyReplicaStaysInTheIsrWithoutLeading() {
        PartitionImage before = partition(List.of(1), List.of(1), List.of(), 1);
        PartitionImage after =
                LeaderElectionPolicy.withoutBroker(before, 1, 1, id -> true).orElseThrow();
        assertThat(after)
                .isEqualTo(new PartitionImage(List.of(1), List.of(1), List.of(), -1, 6, 10));
    }

    @Test
    void onlyReplicaLeadsAgainWithANewEpochWhenItIsBack() {
        PartitionImage before = partition(List.of(1), List.of(1), List.of(), -1);
        PartitionImage after = LeaderElectionPolicy.withLeader(before, id -> id == 1).orElseThrow();
        assertThat(after)
                .isEqualTo(new PartitionImage(List.of(1), List.of(1), List.of(), 1, 6, 10));
    }

    @Test
    void nextOfTheIsrLeadsInTheOrderOfReplicas() {
        PartitionImage before = partition(List.of(3, 2, 1), List.of(1, 2, 3), List.of(), 3);
        PartitionImage after =
                LeaderElectionPolicy.withoutBroker(before, 3, 1, id -> true).orElseThrow();
        assertThat(after.leader()).isEqualTo(2);
        assertThat(after.isr()).containsExactly(1, 2);
        assertThat(after.leaderEpoch()).isEqualTo(6);
    }

    @Test
    void followerThatGoesTakesNoLeaderEpochWithIt() {
        PartitionImage before = partition(List.of(3, 2, 1), List.of(3, 2, 1), List.of(), 3);
        PartitionImage after =
                LeaderElectionPolicy.withoutBroker(before, 1, 1, id -> true).orElseThrow();
        assertThat(after)
                .isEqualTo(
                        new PartitionImage(List.of(3, 2, 1), List.of(3, 2), List.of(), 3, 5, 10));
    }

    @Test
    void memberThatLeavesAnIsrBelowItsMinimumStaysEligible() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(1, 2), List.of(), 1);
        PartitionImage after =
                LeaderElectionPolicy.withoutBroker(before, 1, 2, id -> true).orElseThrow();
        assertThat(after.isr()).containsExactly(2);
        assertThat(after.elr()).containsExactly(1);
        assertThat(after.leader()).isEqualTo(2);
    }

    @Test
    void eligibleReplicaLeadsWhenTheIsrIsDown() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(2), List.of(1), -1);
        PartitionImage after = LeaderElectionPolicy.withLeader(before, id -> id == 1).orElseThrow();
        assertThat(after.leader()).isEqualTo(1);
        assertThat(after.isr()).containsExactly(1);
        assertThat(after.elr()).containsExactly(2);
    }

    @Test
    void nobodyLeadsWhoIsInNeitherSet() {
        PartitionImage before = partition(List.of(1, 2, 3), List.of(2), List.of(1), -1);
        assertThat(LeaderElectionPolicy.withLeader(before, id -> id == 3)).isEmpty();
    }

    @Test
    void uncleanBrokerLeavesBothSets() {
        PartitionImage inIsr = partition(List.of(1, 2), List.of(1, 2), List.of(), 2);
        assertThat(
                        LeaderElectionPolicy.withoutUncleanBroker(inIsr, 1, id -> true)
                                .orElseThrow()
                                .isr())
                .containsExactly(2);
        PartitionImage inElr = partition(List.of(1, 2), List.of(2), List.of(1), 2);
        assertThat(
                        LeaderElectionPolicy.withoutUncleanBroker(inElr, 1, id -> true)
                                .orElseThrow()
                                .elr())
                .isEmpty();
        PartitionImage alone = partition(List.of(1), List.of(1), List.of(), -1);
        assertThat(LeaderElectionPolicy.withoutUncleanBroker(alone, 1, id -> true)).isEmpty();
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
                if (up.remove(id)) {
                    next = LeaderElectionPolicy.withoutBroker(partition, id, minIsr, up::contains);
                } else {
                    up.add(id);
                    next = LeaderElectionPolicy.withLeader(partition, up::contains);
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
