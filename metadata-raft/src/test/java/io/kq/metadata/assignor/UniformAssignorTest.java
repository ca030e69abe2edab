package io.kq.metadata.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.assignor.GroupSpec.MemberSpec;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.RandomSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UniformAssignorTest {

    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID C = new UUID(0, 3);

    private final Map<UUID, Integer> topics = new HashMap<>();
    private final TreeMap<String, Set<UUID>> members = new TreeMap<>();
    private Shares shares = new Shares(Map.of());

    private void join(String member, UUID... subscribed) {
        members.put(member, Set.of(subscribed));
    }

    private GroupSpec group() {
        TreeMap<String, MemberSpec> specs = new TreeMap<>();
        members.forEach((id, wanted) -> specs.put(id, new MemberSpec("", wanted, shares.of(id))));
        return new GroupSpec(specs, topics);
    }

    /** Partitions that another member than before has. */
    private int assign() {
        Shares before = shares;
        shares = new UniformAssignor().assign(group());
        int moved = 0;
        for (String member : before.byMember().keySet()) {
            Set<TopicIdPartition> gone = new HashSet<>(before.of(member));
            gone.removeAll(shares.of(member));
            moved += gone.size();
        }
        return moved;
    }

    private List<Integer> sizes() {
        return members.keySet().stream().map(id -> shares.of(id).size()).toList();
    }

    private static Set<TopicIdPartition> partitions(UUID topic, int... numbers) {
        Set<TopicIdPartition> all = new HashSet<>();
        for (int number : numbers) {
            all.add(new TopicIdPartition(topic, number));
        }
        return all;
    }

    @Test
    void givesOneMemberEverything() {
        topics.put(A, 3);
        join("m1", A);
        assign();
        assertThat(shares.of("m1")).isEqualTo(partitions(A, 0, 1, 2));
    }

    @Test
    void leavesWhomThereIsNothingForWithoutAShare() {
        topics.put(A, 2);
        join("m1", A);
        join("m2", A);
        join("m3", A);
        assign();
        assertThat(sizes()).containsExactly(1, 1, 0);
    }

    @Test
    void aJoinMovesNoMoreThanTheNewShare() {
        topics.put(A, 1_000);
        for (int i = 0; i < 200; i++) {
            join("m%03d".formatted(i), A);
            int share = (1_000 + i) / (i + 1);
            assertThat(assign()).as("member %d", i).isLessThanOrEqualTo(share);
        }
        assertThat(sizes()).containsOnly(5);
    }

    @Test
    void aLeaveMovesWhatTheOneHadThatLeft() {
        topics.put(A, 12);
        join("m1", A);
        join("m2", A);
        join("m3", A);
        assign();
        Shares before = shares;
        members.remove("m2");
        assertThat(assign()).isEqualTo(4);
        assertThat(shares.of("m1")).containsAll(before.of("m1"));
        assertThat(shares.of("m3")).containsAll(before.of("m3"));
        assertThat(sizes()).containsExactly(6, 6);
    }

    @Test
    void newPartitionsMoveNothing() {
        topics.put(A, 4);
        join("m1", A);
        join("m2", A);
        assign();
        topics.put(A, 9);
        assertThat(assign()).isZero();
        assertThat(sizes()).containsExactlyInAnyOrder(4, 5);
    }

    @Test
    void takesAwayWhatIsDeletedOrNotWantedAnyMore() {
        topics.put(A, 2);
        topics.put(B, 2);
        join("m1", A, B);
        assign();
        topics.remove(B);
        assign();
        assertThat(shares.of("m1")).isEqualTo(partitions(A, 0, 1));
        join("m1", C);
        assign();
        assertThat(shares.of("m1")).isEmpty();
    }

    /** m1 can only give to m2, which can only give to m3. */
    @Test
    void evensOutOverMembersInBetween() {
        topics.put(A, 4);
        topics.put(B, 1);
        topics.put(C, 1);
        join("m1", A);
        join("m2", A, B);
        join("m3", B, C);
        shares =
                new Shares(
                        Map.of(
                                "m1", partitions(A, 0, 1, 2),
                                "m2", union(partitions(A, 3), partitions(B, 0)),
                                "m3", partitions(C, 0)));
        assertThat(assign()).isEqualTo(2);
        assertThat(sizes()).containsExactly(2, 2, 2);
    }

    private static Set<TopicIdPartition> union(
            Set<TopicIdPartition> some, Set<TopicIdPartition> others) {
        Set<TopicIdPartition> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** Whatever happens: each has one owner, who wants it, and nobody could be relieved. */
    @Test
    void isEvenAndWholeAfterAnyChange() {
        for (long seed = 1; seed <= 200; seed++) {
            RandomSource random = RandomSource.seeded(seed);
            topics.clear();
            members.clear();
            shares = new Shares(Map.of());
            for (int step = 0; step < 20; step++) {
                change(random);
                assign();
                check("seed " + seed + " step " + step);
            }
        }
    }

    private void change(RandomSource random) {
        UUID topic = new UUID(0, 1 + random.nextInt(4));
        String member = "m" + random.nextInt(6);
        switch (random.nextInt(4)) {
            case 0 -> topics.merge(topic, 1 + random.nextInt(7), Integer::sum);
            case 1 -> topics.remove(topic);
            case 2 -> members.remove(member);
            default -> {
                Set<UUID> wanted = new HashSet<>();
                for (int i = 0; i <= random.nextInt(4); i++) {
                    wanted.add(new UUID(0, 1 + random.nextInt(4)));
                }
                members.put(member, wanted);
            }
        }
    }

    private void check(String when) {
        Map<TopicIdPartition, String> owners = new HashMap<>();
        members.forEach(
                (member, wanted) ->
                        shares.of(member)
                                .forEach(
                                        p -> {
                                            assertThat(wanted).as(when).contains(p.topicId());
                                            assertThat(owners.put(p, member)).as(when).isNull();
                                        }));
        topics.forEach(
                (topic, count) -> {
                    boolean wanted = members.values().stream().anyMatch(w -> w.contains(topic));
                    for (int p = 0; p < count; p++) {
                        assertThat(owners.containsKey(new TopicIdPartition(topic, p)))
                                .as(when)
                                .isEqualTo(wanted);
                    }
                });
        owners.forEach(
                (partition, owner) ->
                        members.forEach(
                                (other, wanted) -> {
                                    if (wanted.contains(partition.topicId())) {
                                        assertThat(shares.of(other).size())
                                                .as(when)
                                                .isGreaterThan(shares.of(owner).size() - 2);
                                    }
                                }));
    }
}
