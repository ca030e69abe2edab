package io.kq.client.rpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
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
 * @param answered whether a kq node made this answer; else {@code rejection} is UNREACHABLE with
 *     the reason in a few words, or DEADLINE_EXCEEDED
 * @param sent whether the request may have reached a node
 */
record CallFailure(RejectedException rejection, boolean answered, boolean sent) {

    private static final Metadata.Key<String> REASON =
            Metadata.Key.of("kq-reason", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> DEFINITE =
            Metadata.Key.of("kq-definite", Metadata.ASCII_STRING_MARSHALLER);

    /** Reasons with which no request was sent. */
    private static final Set<String> NEVER_SENT =
            Set.of(
                    "connection refused",
                    "connection timed out",
                    "no route to host",
                    "unknown host",
                    "does not speak gRPC");

    /** The connection was accepted, and then nothing was heard. */
    static CallFailure silent() {
        return new CallFailure(
                new RejectedException(
                        ErrorCode.UNREACHABLE, "accepts the connection but does not answer"),
                false,
                false);
    }

    static CallFailure of(Status status, Metadata trailers) {
        String reason = trailers.get(REASON);
        if (reason != null) {
            return answered(status, reason, !"false".equals(trailers.get(DEFINITE)));
        }
        String description = String.valueOf(status.getDescription());
        return switch (status.getCode()) {
            case UNAVAILABLE, UNKNOWN, CANCELLED -> unreached(status);
            case DEADLINE_EXCEEDED ->
                    new CallFailure(
                            new RejectedException(
                                    ErrorCode.DEADLINE_EXCEEDED,
                                    "no answer in time",
                                    false,
                                    Map.of()),
                            false,
                            true);
            case UNIMPLEMENTED ->
                    new CallFailure(
                            new RejectedException(ErrorCode.UNSUPPORTED, description), true, true);
            case RESOURCE_EXHAUSTED ->
                    new CallFailure(
                            new RejectedException(ErrorCode.MESSAGE_TOO_LARGE, description),
                            true,
                            true);
            default ->
                    new CallFailure(
                            new RejectedException(
                                    ErrorCode.INTERNAL,
                                    status.getCode() + ": " + description,
                                    false,
                                    Map.of()),
                            true,
                            true);
        };
    }

    private static CallFailure answered(Status status, String reason, boolean definite) {
        ErrorCode code;
        try {
            code = ErrorCode.valueOf(reason);
        } catch (IllegalArgumentException newerThanThisClient) {
            code = ErrorCode.INTERNAL;
        }
        String message = status.getDescription() == null ? reason : status.getDescription();
        return new CallFailure(
                new RejectedException(code, message, definite, Map.of()), true, true);
    }

    private static CallFailure unreached(Status status) {
        String reason = reasonOf(status);
        boolean sent = !NEVER_SENT.contains(reason);
        return new CallFailure(
                new RejectedException(ErrorCode.UNREACHABLE, reason, !sent, Map.of()), false, sent);
    }

    private static String reasonOf(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = next(cause)) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof UnknownHostException) {
                return "unknown host";
            }
            if (cause instanceof NoRouteToHostException) {
                return "no route to host";
            }
            if (text.contains("connection timed out")) {
                return "connection timed out";
            }
            if (cause instanceof ConnectException || text.contains("connection refused")) {
                return "connection refused";
            }
            if (text.contains("first received frame was not settings")) {
                return "does not speak gRPC";
            }
        }
        String description = String.valueOf(status.getDescription());
        if (description.startsWith("Unable to resolve host")) {
            return "unknown host";
        }
        return "connection lost";
    }

    private static @Nullable Throwable next(Throwable cause) {
        return cause.getCause() == cause ? null : cause.getCause();
    }
}
