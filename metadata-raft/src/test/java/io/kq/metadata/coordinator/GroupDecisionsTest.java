package io.kq.metadata.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.metadata.coordinator.GroupDecisions.Commit;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.group.MemberInfo;
import io.kq.metadata.group.SampleMembers;
import io.kq.metadata.group.TopicIndex;
import io.kq.metadata.group.TopicIndex.Topic;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.ShardImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GroupDecisionsTest {

    private static final UUID A = new UUID(0, 1);
    private static final TopicIdPartition A0 = new TopicIdPartition(A, 0);
    private static final TopicIdPartition A1 = new TopicIdPartition(A, 1);
    private static final MemberInfo WANTS_A = SampleMembers.of("", Set.of("a"));

    private final Map<String, Topic> topics = new TreeMap<>(Map.of("a", new Topic(A, 2)));
    private final GroupDecisions decisions = new GroupDecisions(() -> new TopicIndex(topics));
    private ShardImage image = ShardImage.EMPTY;

    private <R> R decide(ShardOperation<R> operation) {
        CompletableFuture<R> reply = new CompletableFuture<>();
        run(batch -> batch.add(operation, reply));
        return reply.join();
    }

    private <R> R decide(GroupOperation<R> operation) {
        CompletableFuture<R> reply = new CompletableFuture<>();
        run(batch -> batch.add(operation, reply));
        return reply.join();
    }

    /** Whether it changed anything. */
    private boolean changes(GroupOperation<?> operation) {
        ShardImage before = image;
        var unused = decide(operation);
        return !image.equals(before);
    }

    /** In a turn of its own. */
    private void run(Consumer<TurnBatch> what) {
        TurnBatch batch = new TurnBatch(image, decisions, 77);
        what.accept(batch);
        batch.decideChanges();
        image = image.with(batch.records());
        batch.answer();
    }

    private ErrorCode refusal(ShardOperation<?> operation) {
        RejectedException refused =
                catchThrowableOfType(RejectedException.class, () -> operation.decide(image, 77));
        assertThat(refused).isNotNull();
        return refused.code();
    }

    private ErrorCode refusal(GroupOperation<?> operation) {
        CompletionException failed =
                catchThrowableOfType(CompletionException.class, () -> decide(operation));
        return ((RejectedException) Objects.requireNonNull(failed.getCause())).code();
    }

    private GroupMember join(String member) {
        return decide(decisions.join(new Membership("g", member, false, WANTS_A)));
    }

    private Optional<ErrorCode> commit(
            String member, int epoch, TopicIdPartition partition, long offset) {
        Map<TopicIdPartition, Optional<RejectedException>> outcomes =
                decide(
                        decisions.commit(
                                "g", member, epoch, Map.of(partition, new Commit(offset, 3, "w"))));
        assertThat(outcomes).containsOnlyKeys(partition);
        return outcomes.values().iterator().next().map(RejectedException::code);
    }

    private Optional<CommittedOffset> committed(TopicIdPartition partition) {
        return image.group("g").map(group -> group.offsets().get(partition));
    }

    @Test
    void whoJoinsIsToldWhatItMayRead() {
        assertThat(join("m1").assigned().keySet()).containsExactly(A0, A1);
        assertThat(join("m2").assigned()).isEmpty();
        int version = image.group("g").orElseThrow().group().member("m1").orElseThrow().version();
        assertThat(changes(decisions.released("g", "m1", version))).isTrue();
        assertThat(changes(decisions.released("g", "m1", version))).isFalse();
        assertThat(join("m2").assigned().keySet()).containsExactly(A1);
        assertThat(refusal(decisions.released("g", "nobody", 1)))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER);
    }

    @Test
    void whoLeavesAndNobodyElseChangesTheGroup() {
        join("m1");
        assertThat(changes(decisions.leave("g", Set.of("nobody"), "left"))).isFalse();
        assertThat(changes(decisions.leave("g", Set.of("m1", "nobody"), "left"))).isTrue();
        assertThat(changes(decisions.leave("g", Set.of("m1"), "left"))).isFalse();
        assertThat(changes(decisions.leave("other", Set.of("m1"), "left"))).isFalse();
    }

    /** Rule 11: each partition for itself. */
    @Test
    void aCommitIsJudgedByPartition() {
        join("m1");
        assertThat(commit("m1", 1, A0, 5)).isEmpty();
        assertThat(committed(A0)).contains(new CommittedOffset(5, 3, "w", 77));
        assertThat(commit("m1", 9, A0, 6)).contains(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(commit("zombie", 1, A0, 6)).contains(ErrorCode.UNKNOWN_MEMBER);
        TopicIdPartition other = new TopicIdPartition(A, 7);
        assertThat(
                        decide(
                                decisions.commit(
                                        "g",
                                        "m1",
                                        1,
                                        Map.of(
                                                A1, new Commit(9, -1, ""),
                                                other, new Commit(1, -1, "")))))
                .containsEntry(A1, Optional.empty())
                .hasEntrySatisfying(other, refusal -> assertThat(refusal).isPresent());
        assertThat(committed(A0).orElseThrow().offset()).isEqualTo(5);
        assertThat(committed(A1).orElseThrow().offset()).isEqualTo(9);
        assertThat(committed(other)).isEmpty();
    }

    /** Rule 13. */
    @Test
    void offsetsAreChangedFromOutsideOnlyWhileNobodyIsThere() {
        assertThat(decide(decisions.setOffsets("g", Map.of(A0, new Commit(4, -1, "")), false)))
                .isTrue();
        join("m1");
        for (ShardOperation<?> operation :
                new ShardOperation<?>[] {
                    decisions.setOffsets("g", Map.of(A0, new Commit(1, -1, "")), false),
                    decisions.deleteOffsets("g", Set.of(A0)),
                    decisions.delete("g")
                }) {
            assertThat(refusal(operation)).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
        }
        assertThat(committed(A0).orElseThrow().offset()).isEqualTo(4);
        decide(decisions.leave("g", Set.of("m1"), "left"));
        assertThat(decide(decisions.deleteOffsets("g", Set.of(A0, A1)))).containsExactly(A0);
        assertThat(decide(decisions.delete("g"))).isTrue();
        assertThat(image).isEqualTo(ShardImage.EMPTY);
    }

    @Test
    void aGroupThatIsNotThereIsSaidSo() {
        assertThat(refusal(decisions.delete("g"))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
        assertThat(refusal(decisions.deleteOffsets("g", Set.of(A0))))
                .isEqualTo(ErrorCode.GROUP_NOT_FOUND);
        assertThat(changes(decisions.topicsChanged("g", Set.of(A0.topicId())))).isFalse();
        assertThat(image).isEqualTo(ShardImage.EMPTY);
    }

    /** Rule 3. */
    @Test
    void whatHappensInOneTurnIsOneChange() {
        List<CompletableFuture<GroupMember>> joined = new ArrayList<>();
        run(
                batch -> {
                    for (int i = 0; i < 3; i++) {
                        CompletableFuture<GroupMember> reply = new CompletableFuture<>();
                        joined.add(reply);
                        batch.add(
                                decisions.join(new Membership("g", "m" + i, false, WANTS_A)),
                                reply);
                    }
                });
        assertThat(image.group("g").orElseThrow().group().epoch()).isEqualTo(1);
        assertThat(joined.stream().mapToInt(member -> member.join().assigned().size()).sum())
                .isEqualTo(2);
    }

    /** Rules 10 and 13. */
    @Test
    void aDeletedTopicTakesItsOffsetsAlong() {
        join("m1");
        commit("m1", 1, A0, 5);
        topics.remove("a");
        assertThat(changes(decisions.topicsChanged("g", Set.of(A0.topicId())))).isTrue();
        assertThat(committed(A0)).isEmpty();
        topics.put("a", new Topic(new UUID(0, 9), 1));
        assertThat(changes(decisions.topicsChanged("g", Set.of()))).isTrue();
        assertThat(changes(decisions.topicsChanged("g", Set.of()))).isFalse();
    }
}
