package io.kq.protocol.rpc;

import io.grpc.Metadata;

/** Names of the gRPC metadata that kq's calls carry, in both directions. */
public final class CallHeaders {

    /** Who asks, for logs and quotas; chosen by the client. */
    public static final Metadata.Key<String> CLIENT_ID = ascii("kq-client-id");

    /** Names one call; echoed in the trailers and in the node's log lines. */
    public static final Metadata.Key<String> REQUEST_ID = ascii("kq-request-id");

    /**
     * Set by a node that forwards a call, value = its node id: a forwarded call is not forwarded
     * again.
     */
    public static final Metadata.Key<String> FORWARDED = ascii("kq-forwarded");

    /** Beside {@link #FORWARDED}: the host that the client itself called from. */
    public static final Metadata.Key<String> FORWARDED_FOR = ascii("kq-forwarded-for");

    /** {@link #ROUTE_DIRECT}: answer NOT_LEADER instead of forwarding. */
    public static final Metadata.Key<String> ROUTE = ascii("kq-route");

    /** Value of {@link #ROUTE}. */
    public static final String ROUTE_DIRECT = "direct";

    /** Trailer: the name of the {@link io.kq.protocol.ErrorCode}. */
    public static final Metadata.Key<String> REASON = ascii("kq-reason");

    /** Trailer: {@code <leader id>@<host:port>}, where the leader is known. */
    public static final Metadata.Key<String> LEADER = ascii("kq-leader");

    /** Trailer: {@code true} if nothing happened, {@code false} if that is unknown. */
    public static final Metadata.Key<String> DEFINITE = ascii("kq-definite");

    private CallHeaders() {}

    private static Metadata.Key<String> ascii(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
