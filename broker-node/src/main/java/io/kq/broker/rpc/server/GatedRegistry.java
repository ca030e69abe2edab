package io.kq.broker.rpc.server;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The services of one port. The port is open from the start of the process on, since a taken port
 * must be found at once and other nodes ask who is here; what is not served yet is answered with
 * NOT_READY and not with "unknown method", so that clients wait. Any thread.
 */
final class GatedRegistry extends HandlerRegistry {

    private static final MethodDescriptor.Marshaller<InputStream> BYTES =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(InputStream value) {
                    return value;
                }

                @Override
                public InputStream parse(InputStream stream) {
                    // Never read: the call is closed before its first message is asked for.
                    return new ByteArrayInputStream(new byte[0]);
                }
            };

    /** Replaced as a whole, never changed. */
    private volatile Served served = new Served(List.of(), Map.of(), false);

    private record Served(
            List<ServerServiceDefinition> services,
            Map<String, ServerMethodDefinition<?, ?>> methods,
            boolean complete) {}

    /** Serves these too. {@code complete}: nothing more comes, what is not known is unknown. */
    synchronized void add(List<ServerServiceDefinition> more, boolean complete) {
        List<ServerServiceDefinition> services = new ArrayList<>(served.services());
        Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>(served.methods());
        for (ServerServiceDefinition service : more) {
            services.add(service);
            for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
                methods.put(method.getMethodDescriptor().getFullMethodName(), method);
            }
        }
        served = new Served(List.copyOf(services), Map.copyOf(methods), complete);
    }

    @Override
    public List<ServerServiceDefinition> getServices() {
        return served.services();
    }

    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
            String methodName, @Nullable String authority) {
        Served now = served;
        ServerMethodDefinition<?, ?> method = now.methods().get(methodName);
        return method != null || now.complete() ? method : notReady(methodName);
    }

    private static ServerMethodDefinition<?, ?> notReady(String methodName) {
        MethodDescriptor<InputStream, InputStream> descriptor =
                MethodDescriptor.<InputStream, InputStream>newBuilder(BYTES, BYTES)
                        .setType(MethodDescriptor.MethodType.UNKNOWN)
                        .setFullMethodName(methodName)
                        .build();
        ServerCallHandler<InputStream, InputStream> handler =
                (call, headers) -> {
                    refuse(call);
                    return new ServerCall.Listener<>() {};
                };
        return ServerMethodDefinition.create(descriptor, handler);
    }

    private static void refuse(ServerCall<?, ?> call) {
        var refusal =
                RejectionCodec.toStatus(
                        new RejectedException(ErrorCode.NOT_READY, "the node is starting"));
        Metadata trailers = refusal.getTrailers();
        call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }
}
