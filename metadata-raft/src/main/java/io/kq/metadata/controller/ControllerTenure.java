package io.kq.metadata.controller;

import io.kq.metadata.decision.ClusterDecisions;
import io.kq.metadata.decision.Turn;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.placement.BrokerLoads;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.MetadataBatch;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Invariant;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The active controller from when it was ready to when it lost its leadership: the queue, the one
 * batch in flight, and all soft state. A new one begins from the committed image alone. Loop thread
 * only.
 *
 * <p>A turn takes operations from the queue, decides each on the committed image with what was
 * decided before it, submits one batch and waits until that is applied; meanwhile the queue fills
 * for the next turn. Nothing is speculative, so nothing is ever rolled back.
 */
final class ControllerTenure {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerTenure.class);

    private static final Duration TURN_MAX = Duration.ofMillis(2);
    private static final int OPERATIONS_PER_TURN_MAX = 1_000;
    private static final int QUEUE_MAX = 10_000;
    private static final int EXPIRED_PER_BATCH_MAX = 1_000;

    private final long term;
    private final ControllerPorts ports;
    private final ControllerConfig config;
    private final Runnable onLost;
    private final RequestMemory requests;
    private final Deque<PendingOperation<?>> queue = new ArrayDeque<>();

    /** Submitted and not yet applied; at most one. */
    private @Nullable Batch inFlight;

    /** When {@link #inFlight} was submitted, or the last batch was applied. */
    private long lastCommitNanos;

    /** Never goes back within a tenure. */
    private long nowMillis;

    private @Nullable BrokerLoads loads;
    private boolean turnScheduled;
    private boolean expiring;
    private boolean over;

    /**
     * @param onLost run at most once, when a batch's outcome is unknown
     */
    ControllerTenure(long term, ControllerPorts ports, ControllerConfig config, Runnable onLost) {
        this.term = term;
        this.ports = ports;
        this.config = config;
        this.onLost = onLost;
        this.lastCommitNanos = ports.clock().nanoTime();
        this.requests =
                new RequestMemory(
                        config.requestTtl().toNanos(),
                        config.requestCountMax(),
                        image().requests().keySet(),
                        lastCommitNanos);
    }

    long term() {
        return term;
    }

    /** The committed image. */
    MetadataImage image() {
        return ports.committedImage().get();
    }

    boolean isOver() {
        return over;
    }

    /** Puts an operation at the end of the queue; its outcome is told in any case. */
    void enqueue(PendingOperation<?> operation) {
        if (over) {
            operation.refuse(Refusals.notController());
        } else if (isStalled()) {
            operation.refuse(Refusals.stalled());
        } else if (queue.size() >= QUEUE_MAX) {
            operation.refuse(
                    new RejectedException(
                            ErrorCode.OVERLOADED,
                            "the controller has " + queue.size() + " operations to do"));
        } else {
            queue.add(operation);
            scheduleTurn();
        }
    }

    /**
     * Whether a batch waits for its commit for so long that another controller may be at work. Then
     * nobody is told that this one still is.
     */
    boolean isStalled() {
        return inFlight != null
                && ports.clock().nanoTime() - lastCommitNanos >= config.commitStall().toNanos();
    }

    /** Housekeeping; called a few times a second. */
    void tick(long nowNanos) {
        if (over) {
            return;
        }
        List<UUID> due = expiring ? List.of() : requests.due(nowNanos, EXPIRED_PER_BATCH_MAX);
        if (!due.isEmpty()) {
            expiring = true;
            enqueue(
                    PendingOperation.internal(
                            (image, turn) -> ClusterDecisions.expireRequests(due),
                            new Outcome<>(
                                    done -> {
                                        expiring = false;
                                        requests.forgotten(due.size());
                                    },
                                    refusal -> expiring = false)));
        } else if (inFlight == null
                && queue.isEmpty()
                && nowNanos - lastCommitNanos >= config.idleNoOp().toNanos()) {
            enqueue(
                    PendingOperation.internal(
                            (image, turn) -> ClusterDecisions.noOp(), Outcome.ignored()));
        }
    }

    /** Ends the tenure: what was submitted may yet be committed, what waits will not be. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        Batch lost = inFlight;
        inFlight = null;
        if (lost != null) {
            RejectedException unknown = Refusals.notController().indefinite();
            lost.waiting().forEach(operation -> operation.refuse(unknown));
        }
        List<PendingOperation<?>> waiting = List.copyOf(queue);
        queue.clear();
        waiting.forEach(operation -> operation.refuse(Refusals.notController()));
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
        MetadataImage committed = image();
        nowMillis = Math.max(nowMillis, ports.clock().epochMillis());
        Turn turn =
                new Turn(
                        nowMillis,
                        committed.cluster().lastBatchSequence() + 1,
                        ports.random(),
                        loads);
        Batch batch = new Batch(committed);
        decideAll(batch, turn);
        loads = batch.placesOnlyAdded() ? turn.loadsSoFar() : null;
        if (batch.records().isEmpty()) {
            batch.answerAll();
            scheduleTurn();
        } else {
            submit(batch, turn);
        }
    }

    private void decideAll(Batch batch, Turn turn) {
        long endNanos = ports.clock().nanoTime() + TURN_MAX.toNanos();
        int count = 0;
        boolean more = true;
        while (more && count < OPERATIONS_PER_TURN_MAX) {
            PendingOperation<?> operation = queue.peek();
            if (operation == null) {
                return;
            }
            more = decideOne(operation, batch, turn) && ports.clock().nanoTime() < endNanos;
            count++;
        }
    }

    /** Decides the head of the queue; false: the turn ends here. */
    private boolean decideOne(PendingOperation<?> operation, Batch batch, Turn turn) {
        PendingOperation.Decided<?> decided;
        try {
            decided = operation.decide(batch.scratch(), turn);
        } catch (RejectedException refusal) {
            queue.remove();
            batch.add(operation, refusal);
            return true;
        }
        if (!batch.hasRoomFor(decided.decision())) {
            // Decided again on the next image; what it counted is counted anew.
            turn.forgetLoads();
            if (batch.records().isEmpty()) {
                queue.remove();
                batch.add(operation, Refusals.tooLarge());
            }
            return false;
        }
        batch.add(decided);
        if (decided.decision().finished()) {
            queue.remove();
            return true;
        }
        // Stays at the head: nothing is decided between its parts.
        return false;
    }

    private void submit(Batch batch, Turn turn) {
        inFlight = batch;
        lastCommitNanos = ports.clock().nanoTime();
        MetadataBatch records =
                new MetadataBatch(term, turn.batchSequence(), turn.nowMillis(), batch.records());
        CompletableFuture<AppliedEntry> unused =
                ports.log()
                        .append(records)
                        .whenComplete(
                                (entry, failure) ->
                                        ports.loop()
                                                .submit(() -> onAppended(batch, entry, failure)));
    }

    private void onAppended(
            Batch batch, @Nullable AppliedEntry entry, @Nullable Throwable failure) {
        if (over || inFlight != batch) {
            return;
        }
        if (entry == null || entry.ignored()) {
            LOG.info(
                    "Lost the outcome of a batch term={} ignored={} cause={}",
                    term,
                    entry != null,
                    String.valueOf(failure));
            onLost.run();
            return;
        }
        inFlight = null;
        lastCommitNanos = ports.clock().nanoTime();
        MetadataImage applied = image();
        Invariant.check(
                applied.index() >= entry.index(),
                "committed image is at %d, entry %d is applied",
                applied.index(),
                entry.index());
        for (UUID id : batch.answeredRequests()) {
            requests.add(id, lastCommitNanos);
        }
        batch.answerAll();
        scheduleTurn();
    }
}
