package io.kq.metadata.coordinator;

import io.kq.metadata.coordinator.ShardOperation.Decided;
import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupChange;
import io.kq.metadata.shard.GroupImage;
import io.kq.metadata.shard.GroupRecords;
import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord;
import io.kq.metadata.shard.ShardRecordSize;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What a turn decides: the records of one entry, and the answers that wait for it. Loop thread
 * only, single use.
 */
final class TurnBatch {

    /** Less than half of what Raft takes, so that no estimate comes near it. */
    static final long BYTES_MAX = 3 << 19;

    private static final long BYTES_FULL = 1 << 19;

    private final GroupDecisions decisions;
    private final long nowMillis;
    private ShardImage scratch;
    private final List<ShardRecord> records = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final List<CompletableFuture<?>> waiting = new ArrayList<>();
    private final Map<String, Pending> changes = new LinkedHashMap<>();

    /**
     * How many records {@link #scratch} has; commits, the most frequent, need none but their own.
     */
    private int seen;

    private boolean confirmed;

    /** Of the records, at most. */
    private long bytes;

    /** Whoever waits for a change, and how it is told of the group afterwards. */
    private record Reply(CompletableFuture<?> future, Consumer<ConsumerGroup> done) {}

    /** What happens to one group's members, not decided yet. */
    private static final class Pending {
        private final GroupImage known;
        private final GroupChange change;
        private final List<ShardRecord> besides = new ArrayList<>();
        private final List<Reply> replies = new ArrayList<>();

        Pending(GroupImage known) {
            this.known = known;
            this.change = new GroupChange(known.group());
        }
    }

    TurnBatch(ShardImage committed, GroupDecisions decisions, long nowMillis) {
        this.scratch = committed;
        this.decisions = decisions;
        this.nowMillis = nowMillis;
    }

    /** Decides, or adds to what is decided at the end of the turn. */
    <R> void add(ShardOperation<R> operation, CompletableFuture<R> reply) {
        waiting.add(reply);
        if (!operation.standsBeside()) {
            decideChanges();
            catchUp();
        }
        decide(operation, reply);
    }

    /** What was decided so far is seen by what is decided from now on. */
    private void catchUp() {
        scratch = scratch.with(records.subList(seen, records.size()));
        seen = records.size();
    }

    /** Also a refusal waits for what was decided before it: it may rest on that. */
    private <R> void decide(ShardOperation<R> operation, CompletableFuture<R> reply) {
        try {
            Decided<R> decided = operation.decide(scratch, nowMillis);
            write(decided.records());
            confirmed |= decided.confirmed();
            answers.add(() -> reply.complete(decided.reply()));
        } catch (RejectedException refusal) {
            answers.add(() -> reply.completeExceptionally(refusal));
        }
    }

    /** An answer about a member rests on the coordinator being one: it waits for an entry. */
    <R> void add(GroupOperation<R> operation, CompletableFuture<R> reply) {
        waiting.add(reply);
        Pending pending = changes.get(operation.groupId());
        if (pending == null) {
            catchUp();
            pending = new Pending(scratch.groupOrEmpty(operation.groupId()));
            changes.put(operation.groupId(), pending);
        }
        confirmed = true;
        try {
            operation.addTo(pending.change);
            pending.besides.addAll(operation.besides(pending.known));
            pending.replies.add(new Reply(reply, after -> answer(operation, after, reply)));
        } catch (RejectedException refusal) {
            answers.add(() -> reply.completeExceptionally(refusal));
        }
    }

    /** What came later in the same turn may have undone it. */
    private static <R> void answer(
            GroupOperation<R> operation, ConsumerGroup after, CompletableFuture<R> reply) {
        try {
            reply.complete(operation.reply(after));
        } catch (RejectedException undone) {
            reply.completeExceptionally(undone);
        }
    }

    /**
     * An entry that is larger than the log takes would end the tenure with all that wait.
     *
     * @throws RejectedException nothing was written: OVERLOADED if the next entry may take it,
     *     MESSAGE_TOO_LARGE if none does
     */
    private void write(List<ShardRecord> more) {
        long size = ShardRecordSize.bound(more);
        if (bytes + size > BYTES_MAX) {
            throw bytes > 0
                    ? new RejectedException(
                            ErrorCode.OVERLOADED, "the coordinator's entry is full, try again")
                    : new RejectedException(
                            ErrorCode.MESSAGE_TOO_LARGE,
                            "it would take "
                                    + size
                                    + " bytes of the log of groups, at most "
                                    + BYTES_MAX
                                    + " do");
        }
        bytes += size;
        records.addAll(more);
    }

    /** One assignment for all that happened to a group. */
    void decideChanges() {
        for (Pending pending : changes.values()) {
            ConsumerGroup after = decisions.after(pending.change);
            List<ShardRecord> change =
                    new ArrayList<>(GroupRecords.between(pending.known.group(), after));
            change.addAll(pending.besides);
            try {
                write(change);
                answers.add(() -> pending.replies.forEach(reply -> reply.done().accept(after)));
            } catch (RejectedException tooLarge) {
                answers.add(
                        () ->
                                pending.replies.forEach(
                                        reply -> reply.future().completeExceptionally(tooLarge)));
            }
        }
        changes.clear();
    }

    /** Whether what comes next should go into the next entry. */
    boolean isFull() {
        return bytes >= BYTES_FULL;
    }

    /** Whether there is something to be written, if only the fact that it was asked. */
    boolean needsEntry() {
        return confirmed || !records.isEmpty();
    }

    List<ShardRecord> records() {
        return records;
    }

    /** It is applied. */
    void answer() {
        answers.forEach(Runnable::run);
    }

    /** Nobody knows whether it will be. */
    void fail(RejectedException why) {
        waiting.forEach(reply -> reply.completeExceptionally(why));
    }

    /** Groups whose members may have to be told something. */
    Set<String> changedGroups() {
        Set<String> changed = new LinkedHashSet<>();
        for (ShardRecord record : records) {
            if (!(record instanceof ShardRecord.OffsetsCommitted)) {
                changed.add(record.groupId());
            }
        }
        return changed;
    }
}
