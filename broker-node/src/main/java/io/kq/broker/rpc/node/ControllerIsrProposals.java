package io.kq.broker.rpc.node;

import io.kq.broker.membership.IsrProposals;
import io.kq.broker.rpc.ControllerCalls;
import io.kq.broker.rpc.UnaryCall;
import io.kq.internal.v1.ControllerServiceGrpc;
import io.kq.metadata.decision.IsrProposal;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Proposals of this node's leaders, to its own voter or over the node port. */
public final class ControllerIsrProposals implements IsrProposals {

    /** Short, since the leaders decide anew on what they then know. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final ControllerCalls controller;

    public ControllerIsrProposals(ControllerCalls controller) {
        this.controller = controller;
    }

    @Override
    public CompletableFuture<List<Optional<RejectedException>>> propose(
            long brokerEpoch, List<IsrProposal> proposals) {
        CompletableFuture<List<Optional<RejectedException>>> all =
                CompletableFuture.completedFuture(List.of());
        for (int from = 0; from < proposals.size(); from += AlterIsr.PROPOSALS_MAX) {
            int to = Math.min(proposals.size(), from + AlterIsr.PROPOSALS_MAX);
            AlterIsr part =
                    new AlterIsr(controller.nodeId(), brokerEpoch, proposals.subList(from, to));
            all = all.thenCombine(propose(part), ControllerIsrProposals::joined);
        }
        return all;
    }

    private CompletableFuture<List<Optional<RejectedException>>> propose(AlterIsr part) {
        AtomicBoolean doubtful = new AtomicBoolean();
        return controller
                .within(
                        TIMEOUT,
                        new ControllerCalls.Work<>(
                                voter ->
                                        tried(doubtful, () -> voter.submit(Optional.empty(), part)),
                                (channel, time) ->
                                        tried(
                                                doubtful,
                                                () ->
                                                        UnaryCall.ask(
                                                                        channel,
                                                                        ControllerServiceGrpc
                                                                                .getAlterPartitionsMethod(),
                                                                        IsrCodec.toProto(part),
                                                                        time)
                                                                .thenApply(
                                                                        said ->
                                                                                IsrCodec
                                                                                        .answersFromProto(
                                                                                                said,
                                                                                                part.proposals()
                                                                                                        .size())))))
                .thenApply(answers -> doubtful.get() ? doubted(answers) : answers);
    }

    /** Notes when it may have been taken although nobody says so. */
    private static <A> CompletableFuture<A> tried(
            AtomicBoolean doubtful, Supplier<CompletableFuture<A>> attempt) {
        return attempt.get()
                .whenComplete(
                        (answer, failure) -> {
                            if (failure != null
                                    && !RejectionCodec.fromThrowable(failure).definite()) {
                                doubtful.set(true);
                            }
                        });
    }

    /**
     * A try before this one may have been taken, and this one refused for that very reason: its
     * refusal says nothing certain.
     */
    private static List<Optional<RejectedException>> doubted(
            List<Optional<RejectedException>> answers) {
        return answers.stream().map(a -> a.map(RejectedException::indefinite)).toList();
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
