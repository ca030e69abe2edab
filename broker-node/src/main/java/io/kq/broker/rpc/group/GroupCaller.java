package io.kq.broker.rpc.group;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.kq.protocol.rpc.CallHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who called.
 *
 * @param host for people, as Kafka writes it: {@code /10.0.0.7}
 * @param forwarded another node passed the call on: it is not passed on again
 */
record GroupCaller(String host, boolean forwarded) {

    private static final Context.Key<GroupCaller> CURRENT = Context.key("kq-group-caller");

    /** The caller of the call that is begun on this thread. */
    static GroupCaller current() {
        return CURRENT.get();
    }

    /** Makes {@link #current} known. */
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

    private static GroupCaller of(ServerCall<?, ?> call, Metadata headers) {
        String said = headers.get(CallHeaders.FORWARDED_FOR);
        boolean forwarded = headers.containsKey(CallHeaders.FORWARDED);
        return new GroupCaller(
                forwarded && said != null
                        ? said
                        : host(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                forwarded);
    }

    private static String host(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? "/" + inet.getAddress().getHostAddress()
                : "/unknown";
    }

    /** What a call on its behalf by {@code nodeId} carries. */
    Metadata forwardedBy(int nodeId) {
        Metadata headers = new Metadata();
        headers.put(CallHeaders.FORWARDED, Integer.toString(nodeId));
        headers.put(CallHeaders.FORWARDED_FOR, host);
        return headers;
    }
}
