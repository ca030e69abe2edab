package io.kq.broker.rpc.log;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.kq.broker.rpc.InflightBudget;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.ProduceFrame;
import io.kq.v1.ProduceResponse;
import io.kq.v1.ProduceResult;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Produce call. Requests are handled on the call's event loop. Outcomes come from any thread
 * and are sent by whoever finds nobody else at it (as {@link io.kq.broker.stream.CreditedSession}
 * does it): one response for all that came meanwhile, in order per partition.
 *
 * <p>Nothing is read on while the call's batches in flight are over their bound, and answers that
 * the client does not read count as in flight: a client that never reads stops itself.
 */
final class ProduceStream extends ServerCall.Listener<ProduceFrame>
        implements PendingBatch.Completions {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProduceStream.class);

    /** What a batch costs in memory beside its bytes, about. */
    private static final int BATCH_OVERHEAD_BYTES = 512;

    /** So that a response stays far below what clients take (4 MiB), be all results errors. */
    private static final int RESULTS_PER_RESPONSE_MAX = 2_000;

    private final ServerCall<ProduceFrame, ProduceResponse> call;
    private final LogRooms rooms;
    private final InflightBudget.Share share;
    private final BatchIntake intake;

    private final Queue<PendingBatch> completed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger workInProgress = new AtomicInteger();

    /** Batches taken and not answered. */
    private final AtomicInteger unanswered = new AtomicInteger();

    /** The next request is asked for when there is room. */
    private final AtomicBoolean paused = new AtomicBoolean();

    private volatile boolean halfClosed;
    private volatile boolean cancelled;

    /** Set by the event loop: a bug, to be answered and reported. */
    private volatile @Nullable Status failure;

    /** Of the drain: nothing is sent any more. */
    private boolean closed;

    ProduceStream(
            ServerCall<ProduceFrame, ProduceResponse> call,
            LogRooms rooms,
            CallOrigin origin,
            InflightBudget.Share share) {
        this.call = call;
        this.rooms = rooms;
        this.share = share;
        this.intake = new BatchIntake(rooms, origin);
    }

    /** Takes the first request. */
    void start() {
        call.sendHeaders(new Metadata());
        call.request(1);
    }

    @Override
    public void onMessage(ProduceFrame frame) {
        try (frame) {
            if (failure == null) {
                take(frame.entries());
            }
        } catch (RuntimeException bug) {
            LOGGER.error("Ending a produce stream: a bug", bug);
            failure = Status.INTERNAL.withDescription("a bug of kq; its log says more");
        }
        send();
        if (share.hasRoom()) {
            call.request(1);
        } else {
            paused.set(true);
            send();
        }
    }

    private void take(List<ProduceFrame.Entry> entries) {
        intake.begin();
        try {
            for (int i = 0; i < entries.size(); i++) {
                take(entries.get(i));
            }
        } finally {
            intake.end();
        }
    }

    private void take(ProduceFrame.Entry entry) {
        long bytes = BATCH_OVERHEAD_BYTES + payloadBytes(entry);
        boolean charged = share.tryTake(bytes);
        PendingBatch pending = new PendingBatch(this, entry, charged ? bytes : 0);
        unanswered.incrementAndGet();
        if (charged) {
            intake.take(entry, pending);
        } else {
            pending.fail(
                    new RejectedException(
                            ErrorCode.OVERLOADED, "the node has too many batches in flight"));
        }
    }

    private static long payloadBytes(ProduceFrame.Entry entry) {
        if (entry.packed() != null) {
            return entry.packed().sizeBytes();
        }
        return entry.plain() == null ? 0 : entry.plain().getSerializedSize();
    }

    @Override
    public void onHalfClose() {
        intake.complete();
        halfClosed = true;
        send();
    }

    @Override
    public void onReady() {
        send();
    }

    @Override
    public void onCancel() {
        cancelled = true;
        intake.cancel();
        send();
    }

    @Override
    public void onComplete() {
        cancelled = true;
        send();
    }

    @Override
    public void completed(PendingBatch batch) {
        completed.add(batch);
    }

    @Override
    public void send() {
        if (workInProgress.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            try {
                turn();
            } catch (RuntimeException bug) {
                // Whoever drains has other work: this ends the stream and nothing else.
                LOGGER.error("Could not answer a produce stream", bug);
                release();
            }
            seen = workInProgress.addAndGet(-seen);
        } while (seen != 0);
    }

    private void turn() {
        if (cancelled) {
            release();
        }
        if (closed) {
            completed.clear();
            return;
        }
        while (!completed.isEmpty() && call.isReady()) {
            sendResponse();
        }
        Status broken = failure;
        if (broken != null) {
            end(broken);
        } else if (halfClosed && unanswered.get() == 0) {
            end(Status.OK);
        } else if (paused.get() && share.hasRoom() && paused.compareAndSet(true, false)) {
            // Not from here: this may be another call's turn, and the next request may be at hand.
            rooms.registry().timers().submit(this::resume);
        }
    }

    private void resume() {
        if (!cancelled) {
            call.request(1);
        }
    }

    private void sendResponse() {
        ProduceResponse.Builder response = ProduceResponse.newBuilder();
        while (response.getResultsCount() < RESULTS_PER_RESPONSE_MAX) {
            PendingBatch batch = completed.poll();
            if (batch == null) {
                break;
            }
            batch.markDone();
            ProduceLane lane = batch.lane();
            if (lane == null) {
                answer(batch, response);
                continue;
            }
            for (PendingBatch first = lane.pollDone(); first != null; first = lane.pollDone()) {
                answer(first, response);
            }
        }
        if (response.getResultsCount() > 0) {
            call.sendMessage(response.build());
        }
    }

    private void answer(PendingBatch batch, ProduceResponse.Builder response) {
        share.give(batch.chargedBytes());
        unanswered.decrementAndGet();
        ProduceResult result = batch.result();
        if (result != null) {
            response.addResults(result);
        }
    }

    private void end(Status status) {
        release();
        call.close(status, new Metadata());
    }

    private void release() {
        if (!closed) {
            closed = true;
            share.close();
        }
        completed.clear();
    }
}
