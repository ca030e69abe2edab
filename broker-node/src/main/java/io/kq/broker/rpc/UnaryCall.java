package io.kq.broker.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.kq.protocol.rpc.CallHeaders;
import io.kq.protocol.rpc.RejectionCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks another node one question. Any thread; never blocks. The call is nobody's child: it lives on
 * when the request that caused it is cancelled, because its answer may serve others, and a mutation
 * that was begun is better ended.
 */
public final class UnaryCall {

    private UnaryCall() {}

    /**
     * Sends {@code request}; the future fails with {@link io.kq.protocol.RejectedException} only.
     */
    public static <Q, A> CompletableFuture<A> ask(
            Channel channel, MethodDescriptor<Q, A> method, Q request, Duration timeout) {
        return raw(channel, method, request, timeout)
                .handle(
                        (answer, failure) -> {
                            if (failure != null) {
                                throw RejectionCodec.fromThrowable(failure);
                            }
                            return answer;
                        });
    }

    /** The same; fails with what gRPC says, for those who need to know why nobody answered. */
    public static <Q, A> CompletableFuture<A> raw(
            Channel channel, MethodDescriptor<Q, A> method, Q request, Duration timeout) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        Context.ROOT.run(
                () ->
                        ClientCalls.asyncUnaryCall(
                                channel.newCall(
                                        method,
                                        CallOptions.DEFAULT.withDeadlineAfter(
                                                Math.max(1, timeout.toNanos()),
                                                TimeUnit.NANOSECONDS)),
                                request,
                                new OneAnswer<>(answer)));
        return answer;
    }

    /** Sends a client's request on, saying that it was forwarded by {@code nodeId}. */
    public static <Q, A> CompletableFuture<A> forward(
            Channel channel,
            MethodDescriptor<Q, A> method,
            Q request,
            Duration timeout,
            int nodeId) {
        Metadata headers = new Metadata();
        headers.put(CallHeaders.FORWARDED, Integer.toString(nodeId));
        Channel marked =
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        return ask(marked, method, request, timeout);
    }

    private static final class OneAnswer<A> implements StreamObserver<A> {

        private final CompletableFuture<A> future;
        private @Nullable A answer;

        OneAnswer(CompletableFuture<A> future) {
            this.future = future;
        }

        @Override
        public void onNext(A value) {
            answer = value;
        }

        @Override
        public void onError(Throwable failure) {
            future.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            future.complete(answer);
        }
    }
}
