package io.kq.metadata.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kq.metadata.coordinator.ShardOperation.Decided;
import io.kq.metadata.group.TopicIndex;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CoordinatorLoopTest {

    private static final TopicIdPartition PARTITION = new TopicIdPartition(new UUID(0, 1), 0);

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final Queue<CompletableFuture<AppliedEntry>> appends = new ArrayDeque<>();
    private final List<ShardBatch> batches = new ArrayList<>();
    private ShardImage image = ShardImage.EMPTY;
    private long term = 3;

    private final CoordinatorLoop coordinator =
            new CoordinatorLoop(
                    1,
                    new CoordinatorPorts(
                            loop,
                            clock,
                            this::append,
                            () -> image,
                            () -> OptionalLong.of(term),
                            new GroupDecisions(() -> new TopicIndex(Map.of())),
                            Duration.ofSeconds(2)));

    private CompletableFuture<AppliedEntry> append(ShardBatch batch) {
        CompletableFuture<AppliedEntry> reply = new CompletableFuture<>();
        batches.add(batch);
        appends.add(reply);
        return reply;
    }

    /** The oldest batch is committed and applied. */
    private void commit() {
        ShardBatch batch = batches.get(batches.size() - appends.size());
        boolean ignored = image.ignores(batch, term);
        image = image.after(batch, image.index() + 1, term);
        appends.remove().complete(new AppliedEntry(image.index(), term, ignored));
        loop.runDue();
    }

    private void leads() {
        coordinator.onLeaderReady(term);
        loop.runDue();
    }

    /** Adds one to what the group has committed, and tells what it is then. */
    private CompletableFuture<Long> count(String group) {
        CompletableFuture<Long> reply =
                coordinator.submit(
                        (seen, nowMillis) -> {
                            long next = offset(seen, group) + 1;
                            return new Decided<>(
                                    List.of(
                                            new OffsetsCommitted(
                                                    group,
                                                    Map.of(
                                                            PARTITION,
                                                            new CommittedOffset(
                                                                    next, 0, "", nowMillis)))),
                                    next);
                        });
        loop.runDue();
        return reply;
    }

    private static long offset(ShardImage image, String group) {
        return image.group(group).stream()
                .flatMap(g -> g.offsets().values().stream())
                .mapToLong(CommittedOffset::offset)
                .findFirst()
                .orElse(0);
    }

    private static ErrorCode refusal(CompletableFuture<?> reply) {
        return ((RejectedException) failure(reply)).code();
    }

    private static Throwable failure(CompletableFuture<?> reply) {
        CompletionException failure = (CompletionException) catchThrowable(reply::join);
        return Objects.requireNonNull(failure.getCause());
    }

    @Test
    void refusesWhileItDoesNotLead() {
        assertThat(refusal(count("g"))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        leads();
        coordinator.onNotLeader();
        assertThat(refusal(count("g"))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(batches).isEmpty();
    }

    @Test
    void answersWhenItIsAppliedAndNotBefore() {
        leads();
        CompletableFuture<Long> reply = count("g");
        assertThat(reply).isNotDone();
        commit();
        assertThat(reply).isCompletedWithValue(1L);
    }

    /** Rule 15. */
    @Test
    void whatComesWhileABatchIsOnItsWayMakesOneEntry() {
        leads();
        CompletableFuture<Long> first = count("g");
        List<CompletableFuture<Long>> replies = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            replies.add(count("g"));
        }
        assertThat(batches).hasSize(1);
        commit();
        assertThat(first).isCompleted();
        assertThat(batches).hasSize(2);
        assertThat(batches.get(1).records()).hasSize(500);
        commit();
        assertThat(replies.get(499)).isCompletedWithValue(501L);
    }

    @Test
    void aRefusalWaitsForWhatItMayRestOn() {
        leads();
        CompletableFuture<Long> first = count("g");
        CompletableFuture<Long> good = count("g");
        CompletableFuture<Long> refused =
                coordinator.submit(
                        (seen, nowMillis) -> {
                            throw new RejectedException(
                                    ErrorCode.GROUP_NOT_EMPTY, "at " + offset(seen, "g"));
                        });
        commit();
        assertThat(first).isCompleted();
        assertThat(refused).isNotDone();
        commit();
        assertThat(good).isCompleted();
        assertThat(failure(refused)).hasMessage("at 2");
    }

    @Test
    void whatChangesNothingIsAnsweredAtOnce() {
        leads();
        CompletableFuture<String> reply =
                coordinator.submit((seen, nowMillis) -> new Decided<>(List.of(), "nothing"));
        loop.runDue();
        assertThat(reply).isCompletedWithValue("nothing");
        assertThat(batches).isEmpty();
    }

    /** Rule 17. */
    @Test
    void whoLosesItsLeadershipDoesNotKnowWhatBecameOfItsBatch() {
        leads();
        CompletableFuture<Long> submitted = count("g");
        CompletableFuture<Long> waiting = count("g");
        coordinator.onNotLeader();
        loop.runDue();
        assertThat(((RejectedException) failure(submitted)).definite()).isFalse();
        assertThat(((RejectedException) failure(waiting)).definite()).isTrue();
        commit();
        assertThat(offset(image, "g")).isEqualTo(1);
    }

    /** Rule 17: a batch of the former term, committed in the next one, changes nothing. */
    @Test
    void aBatchThatMeetsAnotherTermEndsTheTenure() {
        leads();
        CompletableFuture<Long> lost = count("g");
        term = 4;
        commit();
        assertThat(refusal(lost)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(offset(image, "g")).isZero();
        leads();
        CompletableFuture<Long> next = count("g");
        commit();
        assertThat(next).isCompletedWithValue(1L);
    }

    @Test
    void takesNoMoreWhileNoMajorityAnswers() {
        leads();
        CompletableFuture<Long> first = count("g");
        clock.advance(Duration.ofSeconds(2));
        assertThat(refusal(count("g"))).isEqualTo(ErrorCode.QUORUM_LOST);
        commit();
        assertThat(first).isCompletedWithValue(1L);
        CompletableFuture<Long> next = count("g");
        commit();
        assertThat(next).isCompletedWithValue(2L);
    }

    /** The log may refuse an entry, or be slow, without anybody else being elected. */
    @Test
    void goesOnWhenABatchIsLostAndItStillLeads() {
        leads();
        CompletableFuture<Long> lost = count("g");
        appends.remove().completeExceptionally(new IllegalStateException("refused by the log"));
        loop.runDue();
        assertThat(refusal(lost)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        clock.advance(Duration.ofMillis(200));
        loop.runDue();
        CompletableFuture<Long> next = count("g");
        commit();
        assertThat(next).isCompletedWithValue(1L);
    }

    /** What would not fit into an entry is refused alone; what comes after it is done. */
    @Test
    void operationThatNoEntryTakesIsRefusedAlone() {
        leads();
        CompletableFuture<Long> tooLarge =
                coordinator.submit(
                        (seen, nowMillis) ->
                                new Decided<>(
                                        List.of(
                                                new OffsetsCommitted(
                                                        "g",
                                                        Map.of(
                                                                PARTITION,
                                                                new CommittedOffset(
                                                                        1,
                                                                        0,
                                                                        "x".repeat(1 << 20),
                                                                        nowMillis)))),
                                        1L));
        CompletableFuture<Long> small = count("g");
        commit();
        assertThat(refusal(tooLarge)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(small).isCompletedWithValue(1L);
    }
}
