package io.kq.client.rpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.CallHeaders;
import io.kq.protocol.rpc.RejectionCodec;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a call failed: a node refused it, or no node was reached.
 *
 * @param answered whether a node made this answer; else {@code rejection} is UNREACHABLE with the
 *     reason in a few words, or DEADLINE_EXCEEDED
 */
public record CallFailure(RejectedException rejection, boolean answered) {

    static final String REFUSED = "connection refused";
    static final String CONNECT_TIMEOUT = "connection timed out";
    static final String NO_ROUTE = "no route to host";
    static final String UNKNOWN_HOST = "unknown host";
    static final String NO_GRPC = "does not speak gRPC";
    static final String NOT_KQ = "answers gRPC, but not as a client port of kq";
    static final String SILENT = "accepts the connection but does not answer";
    static final String CLOSED = "closes the connection at once";
    static final String NO_CONNECTION = "no connection in time";
    static final String LOST = "connection lost";

    /** Reasons with which no request has reached anyone. */
    private static final Set<String> NEVER_SENT =
            Set.of(
                    REFUSED,
                    CONNECT_TIMEOUT,
                    NO_ROUTE,
                    UNKNOWN_HOST,
                    NO_GRPC,
                    NOT_KQ,
                    SILENT,
                    CLOSED,
                    NO_CONNECTION);

    /** The connection was accepted, and then nothing was heard. */
    static CallFailure silent() {
        return unreached(SILENT);
    }

    /**
     * What a call's end means.
     *
     * @param connected whether there ever was a connection that both ends had agreed on
     */
    static CallFailure of(Status status, @Nullable Metadata trailers, boolean connected) {
        if (trailers != null && trailers.containsKey(CallHeaders.REASON)) {
            return new CallFailure(RejectionCodec.fromStatus(status, trailers), true);
        }
        if (isNoGrpc(status)) {
            return unreached(NO_GRPC);
        }
        if (RejectionCodec.isBrokenConnection(status)) {
            return unreached(LOST);
        }
        return switch (status.getCode()) {
            case UNIMPLEMENTED -> unreached(NOT_KQ);
            case UNAVAILABLE, CANCELLED, UNKNOWN -> unreached(reasonOf(status, connected));
            case DEADLINE_EXCEEDED ->
                    connected
                            ? new CallFailure(RejectionCodec.fromStatus(status, trailers), false)
                            : unreached(NO_CONNECTION);
            default -> new CallFailure(RejectionCodec.fromStatus(status, trailers), true);
        };
    }

    private static CallFailure unreached(String reason) {
        return new CallFailure(
                new RejectedException(
                        ErrorCode.UNREACHABLE, reason, NEVER_SENT.contains(reason), Map.of()),
                false);
    }

    private static String reasonOf(Status status, boolean connected) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof UnknownHostException || isUnresolved(cause)) {
                return UNKNOWN_HOST;
            }
            if (cause instanceof NoRouteToHostException) {
                return NO_ROUTE;
            }
            if (text.contains("connection timed out")) {
                return CONNECT_TIMEOUT;
            }
            if (cause instanceof ConnectException || text.contains(REFUSED)) {
                return REFUSED;
            }
        }
        if (String.valueOf(status.getDescription()).startsWith("Unable to resolve host")) {
            return UNKNOWN_HOST;
        }
        return connected ? LOST : CLOSED;
    }

    /** By its name: its package is for those who open files and sockets. */
    private static boolean isUnresolved(Throwable cause) {
        return cause.getClass().getSimpleName().equals("UnresolvedAddressException");
    }

    /** Another protocol, or HTTP/2 without gRPC. */
    private static boolean isNoGrpc(Status status) {
        String description = String.valueOf(status.getDescription());
        if (description.contains("HTTP status code") || description.contains("content-type")) {
            return true;
        }
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("frame was not SETTINGS")) {
                return true;
            }
        }
        return false;
    }
}
