package io.kq.broker.rpc.admin;

import io.grpc.MethodDescriptor;
import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.ControllerCalls;
import io.kq.broker.rpc.UnaryCall;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.image.MetadataImage;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Brings what callers want to change to the active controller, once, and answers when this node's
 * own image shows it. Any thread; never blocks.
 */
public final class Mutations {

    /** For callers that give no deadline. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    /** How long this node's image may stay behind before the caller is answered anyway. */
    private static final Duration CATCH_UP_BOUND = Duration.ofSeconds(2);

    private final ControllerCalls controller;
    private final ImageWaits waits;
    private final RequestIds requestIds;

    /**
     * @param random for request ids that callers leave out
     */
    public Mutations(ControllerCalls controller, ImageWaits waits, RandomSource random) {
        this.controller = controller;
        this.waits = waits;
        this.requestIds = new RequestIds(random);
    }

    /**
     * One change.
     *
     * @param id the request's; also in {@code request}
     * @param operation what a voter of this node is asked
     * @param answer from the controller's reply and its image, which shows it
     * @param method by which {@code request} is forwarded to the controller's node
     * @param shown whether an image shows what was answered
     */
    record Mutation<Q, R, A>(
            UUID id,
            Q request,
            MetadataOperation<R> operation,
            BiFunction<R, MetadataImage, A> answer,
            MethodDescriptor<Q, A> method,
            Function<A, Predicate<MetadataImage>> shown) {}

    /** Of answers that tell from which version on the change is seen. */
    static <A> Function<A, Predicate<MetadataImage>> fromVersion(ToLongFunction<A> version) {
        return answer -> image -> image.index() >= version.applyAsLong(answer);
    }

    /**
     * The id that the caller gave, or a new one.
     *
     * @throws io.kq.protocol.RejectedException INVALID_ARGUMENT
     */
    UUID idOf(String text) {
        return requestIds.parse(text);
    }

    <Q, R, A> void serve(StreamObserver<A> observer, Mutation<Q, R, A> mutation) {
        Answers.unary(observer, () -> make(mutation), answer -> answer);
    }

    private <Q, R, A> CompletableFuture<A> make(Mutation<Q, R, A> mutation) {
        ControllerCalls.Work<A> work =
                new ControllerCalls.Work<>(
                        voter ->
                                voter.submit(Optional.of(mutation.id()), mutation.operation())
                                        .thenApply(
                                                reply ->
                                                        mutation.answer()
                                                                .apply(reply, voter.image())),
                        (channel, time) ->
                                UnaryCall.forward(
                                        channel,
                                        mutation.method(),
                                        mutation.request(),
                                        time,
                                        controller.nodeId()));
        return controller
                .forCaller(work, BOUND)
                .thenCompose(
                        answer ->
                                waits.until(mutation.shown().apply(answer), CATCH_UP_BOUND)
                                        .thenApply(seen -> answer));
    }
}
