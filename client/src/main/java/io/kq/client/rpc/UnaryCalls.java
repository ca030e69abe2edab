package io.kq.client.rpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.rpc.CallHeaders;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one request and one answer. Each is repeated over all addresses until a node has
 * answered or its time is up; mutations therefore carry a request id. Any thread.
 */
public final class UnaryCalls {

    private final ClientLoop loop;
    private final NodeChannels channels;
    private final Clock clock;
    private final Supplier<List<NodeAddress>> addresses;
    private final Duration timeout;

    /** The address that answered last; moved on the loop. */
    private @Nullable NodeAddress preferred;

    /**
     * Calls to nodes at some addresses.
     *
     * @param addresses where nodes may be now; asked on the loop, never empty
     * @param timeout bound of one call with all its attempts
     */
    public UnaryCalls(
            ClientLoop loop,
            NodeChannels channels,
            Clock clock,
            Supplier<List<NodeAddress>> addresses,
            Duration timeout) {
        this.loop = loop;
        this.channels = channels;
        this.clock = clock;
        this.addresses = addresses;
        this.timeout = timeout;
    }

    /** Fails with a {@link io.kq.protocol.RejectedException}. */
    public <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, "");
    }

    /** The same for a mutation, whose {@code requestId} makes it happen once. */
    public <Q, A> CompletableFuture<A> call(
            MethodDescriptor<Q, A> method, Q request, String requestId) {
        UnaryCall<Q, A> call = new UnaryCall<>(this, method, request, requestId);
        loop.run(call.step(call::start));
        return call.result();
    }

    ClientLoop loop() {
        return loop;
    }

    NodeChannels channels() {
        return channels;
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    Duration timeout() {
        return timeout;
    }

    /** The addresses now, the one that answered last before all others. */
    List<NodeAddress> addresses() {
        List<NodeAddress> now = addresses.get();
        NodeAddress first = preferred;
        if (first == null || now.get(0).equals(first) || !now.contains(first)) {
            return now;
        }
        List<NodeAddress> ordered = new ArrayList<>(now);
        ordered.remove(first);
        ordered.add(0, first);
        return ordered;
    }

    void answered(NodeAddress address) {
        preferred = address;
    }

    Metadata headers(String requestId) {
        Metadata headers = channels.headers();
        if (!requestId.isEmpty()) {
            headers.put(CallHeaders.REQUEST_ID, requestId);
        }
        return headers;
    }
}
