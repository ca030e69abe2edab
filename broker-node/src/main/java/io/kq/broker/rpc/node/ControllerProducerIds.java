package io.kq.broker.rpc.node;

import io.kq.broker.rpc.ControllerCalls;
import io.kq.broker.rpc.ProducerIds;
import io.kq.broker.rpc.UnaryCall;
import io.kq.internal.v1.AllocateProducerIdsRequest;
import io.kq.internal.v1.ControllerServiceGrpc;
import io.kq.metadata.decision.MetadataOperation.AllocateProducerIds;
import io.kq.metadata.decision.MetadataOperation.ProducerIdBlock;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Hands out ids of one block after the other; one request for a block in flight. */
public final class ControllerProducerIds implements ProducerIds {

    private static final int WAITING_MAX = 10_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ControllerCalls controller;
    private final LongSupplier brokerEpoch;

    /** Next id to be given, and the end of the block it is of. Guarded by this. */
    private long nextId;

    private long endId;

    /** Who waits for the next block. Guarded by this. */
    private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();

    /** Guarded by this. */
    private boolean asking;

    /** Ids for a broker whose epoch is {@code brokerEpoch}, negative before it is registered. */
    public ControllerProducerIds(ControllerCalls controller, LongSupplier brokerEpoch) {
        this.controller = controller;
        this.brokerEpoch = brokerEpoch;
    }

    @Override
    public CompletableFuture<Long> next() {
        CompletableFuture<Long> future = new CompletableFuture<>();
        synchronized (this) {
            if (nextId < endId) {
                future.complete(nextId++);
                return future;
            }
            if (waiting.size() >= WAITING_MAX) {
                return CompletableFuture.failedFuture(
                        new RejectedException(
                                ErrorCode.OVERLOADED, "too many producers ask for an id"));
            }
            waiting.add(future);
            if (asking) {
                return future;
            }
            asking = true;
        }
        ask();
        return future;
    }

    private void ask() {
        long epoch = brokerEpoch.getAsLong();
        if (epoch < 0) {
            onBlock(
                    null,
                    new RejectedException(ErrorCode.NOT_READY, "the broker is not registered yet"));
            return;
        }
        int nodeId = controller.nodeId();
        AllocateProducerIdsRequest request =
                AllocateProducerIdsRequest.newBuilder()
                        .setBrokerId(nodeId)
                        .setBrokerEpoch(epoch)
                        .build();
        var unused =
                controller
                        .within(
                                TIMEOUT,
                                new ControllerCalls.Work<>(
                                        voter ->
                                                voter.submit(
                                                        Optional.empty(),
                                                        new AllocateProducerIds(nodeId, epoch)),
                                        (channel, time) ->
                                                UnaryCall.ask(
                                                                channel,
                                                                ControllerServiceGrpc
                                                                        .getAllocateProducerIdsMethod(),
                                                                request,
                                                                time)
                                                        .thenApply(
                                                                said ->
                                                                        new ProducerIdBlock(
                                                                                said.getFirstId(),
                                                                                said.getCount()))))
                        .whenComplete(this::onBlock);
    }

    private void onBlock(@Nullable ProducerIdBlock block, @Nullable Throwable failure) {
        List<CompletableFuture<Long>> served = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        boolean askAgain;
        synchronized (this) {
            if (block != null) {
                nextId = block.firstId();
                endId = block.firstId() + block.count();
            }
            while (!waiting.isEmpty() && (failure != null || nextId < endId)) {
                served.add(waiting.remove());
                ids.add(failure == null ? nextId++ : -1L);
            }
            askAgain = !waiting.isEmpty();
            asking = askAgain;
        }
        for (int i = 0; i < served.size(); i++) {
            if (failure == null) {
                served.get(i).complete(ids.get(i));
            } else {
                served.get(i).completeExceptionally(failure);
            }
        }
        if (askAgain) {
            ask();
        }
    }
}
