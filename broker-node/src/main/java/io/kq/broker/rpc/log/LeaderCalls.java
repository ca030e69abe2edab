package io.kq.broker.rpc.log;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.kq.broker.partition.RemoteLeader;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls to the nodes that lead, on behalf of a call here: its deadline and end hold there.
 */
final class LeaderCalls {

    private LeaderCalls() {}

    /** Asks the leader's node. Cancelling the answer cancels the call. */
    static <Q, A> CompletableFuture<A> ask(
            LogRooms rooms,
            CallOrigin origin,
            RemoteLeader leader,
            MethodDescriptor<Q, A> method,
            Q request) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        Channel channel = rooms.channels().toNode(leader.nodeId()).orElse(null);
        if (channel == null) {
            answer.completeExceptionally(leader.notLeader());
            return answer;
        }
        Channel marked =
                ClientInterceptors.intercept(
                        channel,
                        MetadataUtils.newAttachHeadersInterceptor(
                                origin.forwardedBy(rooms.config().nodeId())));
        ClientCall<Q, A> call = marked.newCall(method, CallOptions.DEFAULT);
        CompletableFuture<?> unused =
                answer.whenComplete(
                        (done, failure) -> {
                            if (answer.isCancelled()) {
                                call.cancel("nobody waits any more", null);
                            }
                        });
        ClientCalls.asyncUnaryCall(call, request, new Answer<>(leader, answer));
        return answer;
    }

    /** Completes a future with a call's only answer. */
    private static final class Answer<A> implements StreamObserver<A> {
        private final RemoteLeader leader;
        private final CompletableFuture<A> answer;
        private @Nullable A value;

        Answer(RemoteLeader leader, CompletableFuture<A> answer) {
            this.leader = leader;
            this.answer = answer;
        }

        @Override
        public void onNext(A only) {
            value = only;
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(
                    RejectionCodec.fromThrowable(failure)
                            .with("leader_id", Integer.toString(leader.nodeId()))
                            .with("leader_address", leader.clientAddress()));
        }

        @Override
        public void onCompleted() {
            if (value == null) {
                onError(new RejectedException(ErrorCode.UNREACHABLE, "no answer"));
            } else {
                answer.complete(value);
            }
        }
    }
}
