package io.kq.broker.rpc.log;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.kq.protocol.rpc.CallHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Who called, and what may be done on its behalf.
 *
 * @param connection equal for calls of the same connection
 * @param forwarded another node passed the call on: it is not passed on again
 * @param direct the client wants to go to leaders itself
 * @param clientId null: it did not say
 */
record CallOrigin(Object connection, boolean forwarded, boolean direct, @Nullable String clientId) {

    private static final Context.Key<CallOrigin> CURRENT = Context.key("kq-call-origin");

    static CallOrigin of(ServerCall<?, ?> call, Metadata headers) {
        Object address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return new CallOrigin(
                address == null ? "unknown" : address,
                headers.containsKey(CallHeaders.FORWARDED),
                CallHeaders.ROUTE_DIRECT.equals(headers.get(CallHeaders.ROUTE)),
                headers.get(CallHeaders.CLIENT_ID));
    }

    /** The origin of the unary call that runs on this thread. */
    static CallOrigin current() {
        return CURRENT.get();
    }

    /** Makes {@link #current} known to unary calls. */
    static ServerInterceptor interceptor() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                Context context = Context.current().withValue(CURRENT, of(call, headers));
                return Contexts.interceptCall(context, call, headers, next);
            }
        };
    }

    /** Whether its requests may be passed on to the leader's node. */
    boolean mayBeForwarded() {
        return !forwarded && !direct;
    }

    /** What a call made on its behalf by {@code nodeId} carries. */
    Metadata forwardedBy(int nodeId) {
        Metadata headers = new Metadata();
        headers.put(CallHeaders.FORWARDED, Integer.toString(nodeId));
        if (clientId != null) {
            headers.put(CallHeaders.CLIENT_ID, clientId);
        }
        return headers;
    }
}
