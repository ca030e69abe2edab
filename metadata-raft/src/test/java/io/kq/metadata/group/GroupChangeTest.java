package io.kq.metadata.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.group.CommitRule.Verdict;
import io.kq.metadata.group.ConsumerGroup.State;
import io.kq.metadata.group.TopicIndex.Topic;
import io.kq.protocol.TopicIdPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GroupChangeTest {

    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    private final Map<String, Topic> topics = new TreeMap<>(Map.of("a", new Topic(A, 4)));
    private ConsumerGroup group = ConsumerGroup.empty("g");

    private void change(UnaryOperator<GroupChange> what) {
        group = what.apply(new GroupChange(group)).done(new TopicIndex(topics), HandOver.STRICT);
    }

    private static MemberInfo of(String instance, String... names) {
        return SampleMembers.of(instance, Set.copyOf(Arrays.asList(names)));
    }

    private void join(String member, String... names) {
        change(c -> c.join(member, of("", names)));
    }

    private GroupMember member(String id) {
        return group.member(id).orElseThrow();
    }

    private void answers(String id) {
        int version = member(id).version();
        change(c -> c.released(id, version));
    }

    private static List<Integer> numbers(Map<TopicIdPartition, Integer> partitions) {
        return partitions.keySet().stream().map(TopicIdPartition::partition).toList();
    }

    private Verdict commit(String id, int epoch, int partition) {
        return CommitRule.STRICT.judge(group, id, epoch, new TopicIdPartition(A, partition));
    }

    @Test
    void theFirstMemberHasEverythingAtOnce() {
        assertThat(group.state()).isEqualTo(State.EMPTY);
        join("m1", "a");
        assertThat(numbers(member("m1").assigned())).containsExactly(0, 1, 2, 3);
        assertThat(member("m1").epoch()).isEqualTo(1);
        assertThat(group.state()).isEqualTo(State.STABLE);
    }

    /** Rules 6 and 7. */
    @Test
    void theSecondWaitsForWhatTheFirstReleasesAndTheRestGoesOn() {
        join("m1", "a");
        join("m2", "a");
        assertThat(numbers(member("m1").assigned())).containsExactly(0, 1);
        assertThat(numbers(member("m1").revoking())).containsExactly(2, 3);
        assertThat(member("m1").epoch()).as("until it has released").isEqualTo(1);
        assertThat(member("m2").assigned()).isEmpty();
        assertThat(group.state()).isEqualTo(State.RECONCILING);
        answers("m1");
        assertThat(numbers(member("m2").assigned())).containsExactly(2, 3);
        assertThat(member("m1").epoch()).isEqualTo(2);
        assertThat(group.state()).isEqualTo(State.STABLE);
    }

    /** Rule 6. */
    @Test
    void aWordAboutAnOlderAssignmentReleasesNothing() {
        join("m1", "a");
        int older = member("m1").version();
        join("m2", "a");
        ConsumerGroup before = group;
        change(c -> c.released("m1", older).released("nobody", 1));
        assertThat(group).isEqualTo(before);
    }

    /** Rule 3. */
    @Test
    void manyWhoJoinTogetherMakeOneTarget() {
        change(c -> c.join("m1", of("", "a")).join("m2", of("", "a")).join("m3", of("", "a")));
        assertThat(group.epoch()).isEqualTo(1);
        assertThat(group.state()).isEqualTo(State.STABLE);
    }

    /** Rule 2. */
    @Test
    void whatAMemberHadThatLeftIsGivenAtOnce() {
        join("m1", "a");
        join("m2", "a");
        change(c -> c.leave("m1", "left"));
        assertThat(numbers(member("m2").assigned())).containsExactly(0, 1, 2, 3);
        change(c -> c.leave("m2", "left").leave("m2", "left"));
        assertThat(group.state()).isEqualTo(State.EMPTY);
        assertThat(group.epoch()).isEqualTo(4);
    }

    /** Rule 10. */
    @Test
    void topicsThatComeAndGrowChangeTheGroup() {
        change(
                c ->
                        c.join("m1", of("", "a", "later"))
                                .join("m2", SampleMembers.of("", Set.of(), "la.*")));
        topics.put("later", new Topic(B, 2));
        change(c -> c);
        assertThat(group.epoch()).isEqualTo(2);
        assertThat(member("m2").assigned().keySet())
                .containsExactly(new TopicIdPartition(B, 0), new TopicIdPartition(B, 1));
        topics.remove("a");
        change(c -> c);
        assertThat(member("m1").assigned()).isEmpty();
        assertThat(numbers(member("m1").revoking())).containsExactly(0, 1, 2, 3);
    }

    @Test
    void whatSaysNothingNewChangesNothing() {
        join("m1", "a");
        ConsumerGroup before = group;
        join("m1", "a");
        change(c -> c);
        assertThat(group).isEqualTo(before);
    }

    /** Rule 5. */
    @Test
    void aStaticMembersNewProcessGoesOnWithWhatItHad() {
        change(c -> c.join("m1", of("i1", "a")).join("m2", of("i2", "a")));
        List<Integer> had = numbers(member("m1").assigned());
        change(c -> c.join("m3", of("i1", "a")));
        assertThat(group.epoch()).isEqualTo(1);
        assertThat(numbers(member("m3").assigned())).isEqualTo(had);
        assertThat(group.members()).containsOnlyKeys("m2", "m3");
        assertThat(commit("m1", 1, had.get(0))).isEqualTo(Verdict.UNKNOWN_MEMBER);
        assertThat(commit("m3", 1, had.get(0))).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void onlyTheLastOfTwoProcessesOfOneStaticMemberIsIn() {
        change(c -> c.join("m1", of("i1", "a")).join("m2", of("i1", "a")));
        assertThat(group.members()).containsOnlyKeys("m2");
        assertThat(numbers(member("m2").assigned())).containsExactly(0, 1, 2, 3);
    }

    /** Rules 4 and 11. */
    @Test
    void aCommitCountsWhileThePartitionIsTheMembers() {
        join("m1", "a");
        join("m2", "a");
        assertThat(commit("m1", 1, 3)).as("being released").isEqualTo(Verdict.TAKEN);
        assertThat(commit("m2", 1, 3)).as("not given yet").isEqualTo(Verdict.NOT_OWNED);
        answers("m1");
        assertThat(commit("m1", 1, 3)).isEqualTo(Verdict.NOT_OWNED);
        assertThat(commit("m1", 1, 0)).as("its own all the time").isEqualTo(Verdict.TAKEN);
        assertThat(commit("m1", 2, 0)).isEqualTo(Verdict.TAKEN);
        assertThat(commit("m1", 3, 0)).as("has not begun").isEqualTo(Verdict.OTHER_EPOCH);
        assertThat(commit("m2", 1, 3)).as("before it had it").isEqualTo(Verdict.OTHER_EPOCH);
        assertThat(commit("nobody", 2, 0)).isEqualTo(Verdict.UNKNOWN_MEMBER);
    }
}
