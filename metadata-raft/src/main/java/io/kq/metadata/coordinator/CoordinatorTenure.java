package io.kq.metadata.coordinator;

import static io.kq.metadata.coordinator.CoordinatorRefusals.notCoordinator;

import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator from when it was ready to when it lost its leadership: the queue and the one batch
 * in flight. What comes while that is on its way makes the next one, so that commits are as many to
 * an entry as there are (rule 15). Loop thread only.
 */
final class CoordinatorTenure {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorTenure.class);

    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration SWEEP = Duration.ofSeconds(30);

    /** After so long an entry of no effect is written: it reaches voters that lost their disk. */
    private static final Duration IDLE = Duration.ofSeconds(3);

    private static final Duration TURN_MAX = Duration.ofMillis(5);
    private static final int OPERATIONS_PER_BATCH_MAX = 10_000;
    private static final int QUEUE_MAX = 100_000;

    /** An operation and whoever waits for it. */
    private record Waiting(Consumer<TurnBatch> operation, CompletableFuture<?> reply) {}

    private final int shard;
    private final long term;
    private final CoordinatorPorts ports;
    private final Runnable onLost;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final MemberSessions sessions;

    /** Submitted and not yet applied; at most one. */
    private @Nullable TurnBatch inFlight;

    private long submittedNanos;
    private long nowMillis;
    private boolean turnScheduled;
    private boolean over;
    private long sweptNanos;
    private long tickedNanos;
    private final TopicSweep topicSweep = new TopicSweep();
    private EventLoop.Cancellable ticks;

    /**
     * @param onLost run at most once, when a batch's outcome is unknown
     */
    CoordinatorTenure(int shard, long term, CoordinatorPorts ports, Runnable onLost) {
        this.shard = shard;
        this.term = term;
        this.ports = ports;
        this.onLost = onLost;
        this.sessions = new MemberSessions(ports.committed().get(), ports.clock().nanoTime());
        this.sweptNanos = ports.clock().nanoTime();
        this.submittedNanos = sweptNanos;
        this.tickedNanos = sweptNanos;
        this.ticks = ports.loop().schedule(TICK, this::tick);
    }

    MemberSessions sessions() {
        return sessions;
    }

    /** What members said while this loop, or its process, stood still is not heard yet. */
    private void forgive(long now) {
        long late = now - tickedNanos - TICK.toNanos();
        tickedNanos = now;
        if (late >= TICK.toNanos()) {
            sessions.forgive(late);
        }
    }

    /** Topics have come, grown or gone. */
    void topicsChanged(Set<UUID> removed) {
        reconsider(TopicSweep.changed(ports.committed().get(), removed));
    }

    private void reconsider(List<TopicSweep.Concerned> groups) {
        for (TopicSweep.Concerned group : groups) {
            enqueue(
                    ports.decisions().topicsChanged(group.groupId(), group.gone()),
                    new CompletableFuture<>());
        }
    }

    private void remove(MemberSessions.Death death) {
        CompletableFuture<Boolean> removed = new CompletableFuture<>();
        var unused =
                removed.whenComplete(
                        (done, failure) -> {
                            if (failure != null) {
                                sessions.spare(death);
                            }
                        });
        enqueue(
                ports.decisions().leave(death.groupId(), Set.of(death.memberId()), death.cause()),
                removed);
    }

    /** Takes for dead who was silent for too long, and says so to the group. */
    private void tick() {
        if (over) {
            return;
        }
        long now = ports.clock().nanoTime();
        forgive(now);
        for (MemberSessions.Death death : sessions.deaths(now)) {
            LOG.info(
                    "Removes a member group={} member={} it={}",
                    death.groupId(),
                    death.memberId(),
                    death.cause());
            remove(death);
        }
        if (now - sweptNanos >= SWEEP.toNanos()) {
            sweptNanos = now;
            ShardImage image = ports.committed().get();
            reconsider(topicSweep.sweep(image, ports.decisions().topics()));
        }
        if (inFlight == null && queue.isEmpty() && now - submittedNanos >= IDLE.toNanos()) {
            submit(newBatch());
        }
        ticks = ports.loop().schedule(TICK, this::tick);
    }

    long term() {
        return term;
    }

    <R> void enqueue(ShardOperation<R> operation, CompletableFuture<R> reply) {
        enqueue(new Waiting(batch -> batch.add(operation, reply), reply));
    }

    <R> void enqueue(GroupOperation<R> operation, CompletableFuture<R> reply) {
        enqueue(new Waiting(batch -> batch.add(operation, reply), reply));
    }

    private void enqueue(Waiting one) {
        CompletableFuture<?> reply = one.reply();
        if (over) {
            reply.completeExceptionally(notCoordinator(shard));
        } else if (isStalled()) {
            reply.completeExceptionally(
                    new RejectedException(
                            ErrorCode.QUORUM_LOST,
                            "the coordinator waits for a majority of the voters to answer"));
        } else if (queue.size() >= QUEUE_MAX) {
            reply.completeExceptionally(
                    new RejectedException(
                            ErrorCode.OVERLOADED,
                            "the coordinator has " + queue.size() + " operations to do"));
        } else {
            queue.add(one);
            scheduleTurn();
        }
    }

    private boolean isStalled() {
        return inFlight != null
                && ports.clock().nanoTime() - submittedNanos >= ports.commitStall().toNanos();
    }

    /** Ends the tenure: what was submitted may yet be committed, what waits will not be. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        ticks.cancel();
        sessions.end(notCoordinator(shard));
        TurnBatch lost = inFlight;
        inFlight = null;
        if (lost != null) {
            lost.fail(notCoordinator(shard).indefinite());
        }
        List<Waiting> waiting = List.copyOf(queue);
        queue.clear();
        waiting.forEach(one -> one.reply().completeExceptionally(notCoordinator(shard)));
    }

    private void scheduleTurn() {
        if (!turnScheduled && inFlight == null && !queue.isEmpty()) {
            turnScheduled = true;
            ports.loop().submit(this::turn);
        }
    }

    private void turn() {
        turnScheduled = false;
        if (over || inFlight != null || queue.isEmpty()) {
            return;
        }
        nowMillis = Math.max(nowMillis, ports.clock().epochMillis());
        TurnBatch batch = newBatch();
        decideAll(batch);
        if (batch.needsEntry()) {
            submit(batch);
        } else {
            batch.answer();
            scheduleTurn();
        }
    }

    private TurnBatch newBatch() {
        return new TurnBatch(ports.committed().get(), ports.decisions(), nowMillis);
    }

    private void decideAll(TurnBatch batch) {
        long endNanos = ports.clock().nanoTime() + TURN_MAX.toNanos();
        for (int count = 0; count < OPERATIONS_PER_BATCH_MAX; count++) {
            Waiting next = queue.poll();
            if (next == null) {
                break;
            }
            next.operation().accept(batch);
            if (batch.isFull() || ports.clock().nanoTime() >= endNanos) {
                break;
            }
        }
        batch.decideChanges();
    }

    private void submit(TurnBatch batch) {
        inFlight = batch;
        submittedNanos = ports.clock().nanoTime();
        ShardBatch records =
                new ShardBatch(
                        term,
                        ports.committed().get().lastBatchSequence() + 1,
                        nowMillis,
                        batch.records());
        var unused =
                ports.log()
                        .apply(records)
                        .whenComplete(
                                (entry, failure) ->
                                        ports.loop()
                                                .submit(() -> onAppended(batch, entry, failure)));
    }

    private void onAppended(
            TurnBatch batch, @Nullable AppliedEntry entry, @Nullable Throwable failure) {
        if (over || inFlight != batch) {
            return;
        }
        if (entry == null || entry.ignored()) {
            LOG.info(
                    "Lost the outcome of a batch shard={} term={} ignored={} cause={}",
                    shard,
                    term,
                    entry != null,
                    String.valueOf(failure));
            onLost.run();
            return;
        }
        inFlight = null;
        batch.answer();
        ShardImage image = ports.committed().get();
        long now = ports.clock().nanoTime();
        batch.changedGroups().forEach(groupId -> sessions.tell(groupId, image, now));
        scheduleTurn();
    }
}
