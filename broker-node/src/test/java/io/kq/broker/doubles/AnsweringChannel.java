package io.kq.broker.doubles;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A channel without a transport: unary calls are answered at once by a function. */
public final class AnsweringChannel extends Channel {

    private final Function<Object, Object> answers;

    /**
     * @param answers from request to response; a {@link RejectedException} fails the call
     */
    public AnsweringChannel(Function<Object, Object> answers) {
        this.answers = answers;
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return new Call<>();
    }

    @Override
    public String authority() {
        return "answering";
    }

    private final class Call<Q, A> extends ClientCall<Q, A> {

        private @Nullable Listener<A> listener;

        @Override
        public void start(Listener<A> to, Metadata headers) {
            listener = to;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void sendMessage(Q request) {
            Listener<A> caller = Objects.requireNonNull(listener);
            try {
                A answer = (A) answers.apply(request);
                caller.onMessage(answer);
                caller.onClose(Status.OK, new Metadata());
            } catch (RejectedException refusal) {
                StatusRuntimeException status = RejectionCodec.toStatus(refusal);
                caller.onClose(status.getStatus(), status.getTrailers());
            }
        }

        @Override
        public void request(int count) {}

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {}

        @Override
        public void halfClose() {}
    }
}
