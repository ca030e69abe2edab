package io.kq.client.rpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.kq.client.metadata.NodeAddress;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Calls of one request and one answer. Each is repeated over all addresses until a node has
 * answered or its time is up; mutations therefore carry a request id. Any thread.
 */
public final class UnaryCalls {

    private static final Metadata.Key<String> CLIENT_ID =
            Metadata.Key.of("kq-client-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("kq-request-id", Metadata.ASCII_STRING_MARSHALLER);

    private final ClientLoop loop;
    private final NodeChannels channels;
    private final Clock clock;
    private final List<NodeAddress> addresses;
    private final String clientId;
    private final Duration timeout;

    /** Index of the address that answered last; moved on the loop. */
    private int preferred;

    public UnaryCalls(
            ClientLoop loop,
            NodeChannels channels,
            Clock clock,
            List<NodeAddress> addresses,
            String clientId,
            Duration timeout) {
        this.loop = loop;
        this.channels = channels;
        this.clock = clock;
        this.addresses = addresses;
        this.clientId = clientId;
        this.timeout = timeout;
    }

    /** Fails with a {@link io.kq.protocol.RejectedException}. */
    <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, "");
    }

    /** The same for a mutation, whose {@code requestId} makes it happen once. */
    <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request, String requestId) {
        UnaryCall<Q, A> call = new UnaryCall<>(this, method, request, requestId);
        loop.run(call::start);
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

    int addressCount() {
        return addresses.size();
    }

    /** The address for the given attempt of a call, counted from 0. */
    NodeAddress address(int attempt) {
        return addresses.get((preferred + attempt) % addresses.size());
    }

    void answered(NodeAddress address) {
        preferred = Math.max(0, addresses.indexOf(address));
    }

    Metadata headers(String requestId) {
        Metadata headers = new Metadata();
        headers.put(CLIENT_ID, clientId);
        if (!requestId.isEmpty()) {
            headers.put(REQUEST_ID, requestId);
        }
        return headers;
    }
}
