package io.kq.broker.rpc.server;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.kq.broker.rpc.CallContext;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.CallHeaders;
import io.kq.protocol.rpc.RejectionCodec;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all calls have in common: a refusal becomes its status; any other failure is a bug, logged
 * once and answered with INTERNAL without a word about kq's insides; work whose caller has given up
 * is not begun; the request id is echoed.
 */
final class CallGuard implements ServerInterceptor {

    private static final Logger log = LoggerFactory.getLogger(CallGuard.class);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        GuardedCall<Q, A> guarded = new GuardedCall<>(call, headers.get(CallHeaders.REQUEST_ID));
        Deadline deadline = Context.current().getDeadline();
        if (deadline != null && deadline.isExpired()) {
            guarded.fail(
                    new RejectedException(
                            ErrorCode.DEADLINE_EXCEEDED, "the call's deadline had passed"));
            return new ServerCall.Listener<>() {};
        }
        try {
            String forwarded = headers.get(CallHeaders.FORWARDED);
            ServerCall.Listener<Q> listener =
                    forwarded == null
                            ? next.startCall(guarded, headers)
                            : Contexts.interceptCall(
                                    Context.current().withValue(CallContext.FORWARDED, forwarded),
                                    guarded,
                                    headers,
                                    next);
            return new GuardedListener<>(listener, guarded);
        } catch (RuntimeException failure) {
            guarded.fail(failure);
            return new ServerCall.Listener<>() {};
        }
    }

    /** Translates how a call ends. */
    private static final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final @Nullable String requestId;
        private volatile boolean closed;

        GuardedCall(ServerCall<Q, A> call, @Nullable String requestId) {
            super(call);
            this.requestId = requestId;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            Throwable cause = status.getCause();
            if (cause != null && status.getCode() == Status.Code.UNKNOWN) {
                fail(cause);
            } else {
                finish(status, trailers);
            }
        }

        void fail(Throwable failure) {
            Throwable cause = unwrapped(failure);
            StatusRuntimeException said = toStatus(cause);
            Metadata trailers = said.getTrailers();
            finish(said.getStatus(), trailers == null ? new Metadata() : trailers);
        }

        private void finish(Status status, Metadata trailers) {
            if (closed) {
                // A service that answered and then threw: the answer stands.
                return;
            }
            closed = true;
            if (requestId != null) {
                trailers.put(CallHeaders.REQUEST_ID, requestId);
            }
            super.close(status, trailers);
        }

        private StatusRuntimeException toStatus(Throwable cause) {
            if (cause instanceof RejectedException rejected) {
                return RejectionCodec.toStatus(rejected);
            }
            if (cause instanceof StatusRuntimeException status) {
                return status;
            }
            if (cause instanceof StatusException status) {
                return new StatusRuntimeException(status.getStatus(), status.getTrailers());
            }
            log.error(
                    "Answered with INTERNAL method={} requestId={}",
                    getMethodDescriptor().getFullMethodName(),
                    requestId,
                    cause);
            return RejectionCodec.toStatus(
                    new RejectedException(ErrorCode.INTERNAL, "a bug of kq; see the node's own log")
                            .indefinite());
        }

        private static Throwable unwrapped(Throwable failure) {
            Throwable cause = failure;
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause;
        }
    }

    /** Translates what a service throws. */
    private static final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {

        private final GuardedCall<Q, ?> call;

        /** Whether the call was failed from here: what is thrown later is of no interest. */
        private boolean failed;

        GuardedListener(ServerCall.Listener<Q> listener, GuardedCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if (!failed) {
                try {
                    super.onMessage(message);
                } catch (RuntimeException failure) {
                    fail(failure);
                }
            }
        }

        @Override
        public void onHalfClose() {
            if (!failed) {
                try {
                    super.onHalfClose();
                } catch (RuntimeException failure) {
                    fail(failure);
                }
            }
        }

        @Override
        public void onReady() {
            if (!failed) {
                try {
                    super.onReady();
                } catch (RuntimeException failure) {
                    fail(failure);
                }
            }
        }

        private void fail(RuntimeException failure) {
            failed = true;
            call.fail(failure);
        }
    }
}
