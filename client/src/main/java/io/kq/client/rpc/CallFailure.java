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
record CallFailure(RejectedException rejection, boolean answered) {

    static final String REFUSED = "connection refused";
    static final String CONNECT_TIMEOUT = "connection timed out";
    static final String NO_ROUTE = "no route to host";
    static final String UNKNOWN_HOST = "unknown host";
    static final String NO_GRPC = "does not speak gRPC";
    static final String NOT_KQ = "answers gRPC, but not as a client port of kq";
    static final String SILENT = "accepts the connection but does not answer";
    static final String LOST = "connection lost";

    /** Reasons with which no request has reached anyone. */
    private static final Set<String> NEVER_SENT =
            Set.of(REFUSED, CONNECT_TIMEOUT, NO_ROUTE, UNKNOWN_HOST, NO_GRPC, NOT_KQ, SILENT);

    /** The connection was accepted, and then nothing was heard. */
    static CallFailure silent() {
        return unreached(SILENT);
    }

    static CallFailure of(Status status, @Nullable Metadata trailers) {
        if (trailers != null && trailers.containsKey(CallHeaders.REASON)) {
            return new CallFailure(RejectionCodec.fromStatus(status, trailers), true);
        }
        String description = String.valueOf(status.getDescription());
        if (description.contains("HTTP status code") || description.contains("content-type")) {
            return unreached(NO_GRPC);
        }
        return switch (status.getCode()) {
            case UNIMPLEMENTED -> unreached(NOT_KQ);
            case UNAVAILABLE, CANCELLED, UNKNOWN -> unreached(reasonOf(status, description));
            case DEADLINE_EXCEEDED ->
                    new CallFailure(RejectionCodec.fromStatus(status, trailers), false);
            default -> new CallFailure(RejectionCodec.fromStatus(status, trailers), true);
        };
    }

    private static CallFailure unreached(String reason) {
        return new CallFailure(
                new RejectedException(
                        ErrorCode.UNREACHABLE, reason, NEVER_SENT.contains(reason), Map.of()),
                false);
    }

    private static String reasonOf(Status status, String description) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof UnknownHostException) {
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
            if (text.contains("first received frame was not settings")) {
                return NO_GRPC;
            }
        }
        return description.startsWith("Unable to resolve host") ? UNKNOWN_HOST : LOST;
    }
}
