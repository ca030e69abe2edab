package io.kq.metadata.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.assignor.GroupSpec.MemberSpec;
import io.kq.protocol.TopicIdPartition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RangeAssignorTest {

    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    private final TreeMap<String, MemberSpec> members = new TreeMap<>();

    private void join(String member, String instance, UUID... topics) {
        members.put(member, new MemberSpec(instance, Set.of(topics), Set.of()));
    }

    private List<Integer> numbers(Map<UUID, Integer> topics, String member, UUID topic) {
        return new RangeAssignor()
                .assign(new GroupSpec(members, topics)).of(member).stream()
                        .filter(p -> p.topicId().equals(topic))
                        .map(TopicIdPartition::partition)
                        .toList();
    }

    @Test
    void givesNeighboursAndTheFirstOnesTheRest() {
        join("m1", "", A);
        join("m2", "", A);
        join("m3", "", A);
        Map<UUID, Integer> topics = Map.of(A, 8);
        assertThat(numbers(topics, "m1", A)).containsExactly(0, 1, 2);
        assertThat(numbers(topics, "m2", A)).containsExactly(3, 4, 5);
        assertThat(numbers(topics, "m3", A)).containsExactly(6, 7);
    }

    @Test
    void givesTheSameNumbersOfTopicsOfEqualSize() {
        join("m1", "", A, B);
        join("m2", "", A, B);
        Map<UUID, Integer> topics = Map.of(A, 5, B, 5);
        assertThat(numbers(topics, "m1", A)).isEqualTo(numbers(topics, "m1", B));
        assertThat(numbers(topics, "m2", A)).isEqualTo(numbers(topics, "m2", B));
    }

    @Test
    void givesATopicToThoseOnlyWhoSubscribeToIt() {
        join("m1", "", A);
        join("m2", "", B);
        Map<UUID, Integer> topics = Map.of(A, 2, B, 1);
        assertThat(numbers(topics, "m1", A)).containsExactly(0, 1);
        assertThat(numbers(topics, "m1", B)).isEmpty();
        assertThat(numbers(topics, "m2", B)).containsExactly(0);
    }

    @Test
    void aStaticMemberKeepsItsRangeWhenItsProcessIsReplaced() {
        join("m1", "i2", A);
        join("m2", "i1", A);
        Map<UUID, Integer> topics = Map.of(A, 4);
        assertThat(numbers(topics, "m1", A)).containsExactly(2, 3);
        members.remove("m1");
        join("a-new-name", "i2", A);
        assertThat(numbers(topics, "a-new-name", A)).containsExactly(2, 3);
    }
}
