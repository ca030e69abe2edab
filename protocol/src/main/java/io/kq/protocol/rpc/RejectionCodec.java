package io.kq.protocol.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.v1.Error;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as a failed gRPC call and as an in-band error of a stream, and back. A failed call says
 * it twice: as {@code google.rpc.Status} with {@code ErrorInfo} (and {@code RetryInfo} where a
 * retry can help) in {@code grpc-status-details-bin}, and as the ASCII trailers {@code kq-reason},
 * {@code kq-leader}, {@code kq-definite} for clients without protobuf details (AIP-193). Any
 * thread.
 */
public final class RejectionCodec {

    /** {@code ErrorInfo.domain} of all reasons in {@link ErrorCode}. */
    public static final String DOMAIN = "kq.io";

    /** Metadata: how long to wait before a retry, in milliseconds; becomes {@code RetryInfo}. */
    public static final String RETRY_AFTER_MS = "retry_after_ms";

    /** Metadata: the reason as the node named it, where this version does not know it. */
    public static final String UNKNOWN_REASON = "reason";

    private static final String DEFINITE = "definite";
    private static final String LEADER_ID = "leader_id";
    private static final String LEADER_ADDRESS = "leader_address";
    private static final long BACKOFF_MS_DEFAULT = 100;

    private RejectionCodec() {}

    /** The failed call that tells {@code rejected} to its asker. */
    public static StatusRuntimeException toStatus(RejectedException rejected) {
        ErrorCode code = rejected.code();
        RejectedException bounded = TrailerBudget.fit(rejected);
        ErrorInfo info =
                ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(code.name())
                        .putAllMetadata(bounded.metadata())
                        .putMetadata(DEFINITE, Boolean.toString(rejected.definite()))
                        .build();
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder()
                        .setCode(Status.Code.valueOf(code.status().name()).value())
                        .setMessage(bounded.getMessage())
                        .addDetails(Any.pack(info));
        if (code.isRetriable()) {
            status.addDetails(Any.pack(retryInfo(rejected)));
        }
        return StatusProto.toStatusRuntimeException(status.build(), trailers(bounded));
    }

    /**
     * What a failed call, or any other failure on the way to it, means. A call that no node
     * answered becomes UNREACHABLE: definite if the connection was never made, else unknown.
     */
    public static RejectedException fromThrowable(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof RejectedException rejected) {
            return rejected;
        }
        if (cause instanceof StatusRuntimeException e) {
            return fromStatus(e.getStatus(), e.getTrailers());
        }
        if (cause instanceof StatusException e) {
            return fromStatus(e.getStatus(), e.getTrailers());
        }
        return new RejectedException(ErrorCode.INTERNAL, cause.toString(), false, Map.of());
    }

    /** What a call's end means, as a {@code ClientCall.Listener} is told of it. */
    public static RejectedException fromStatus(Status status, @Nullable Metadata trailers) {
        if (trailers == null) {
            return withoutReason(status);
        }
        com.google.rpc.@Nullable Status details =
                StatusProto.fromStatusAndTrailers(status, trailers);
        RejectedException detailed = details == null ? null : fromDetails(status, details);
        if (detailed != null) {
            return detailed;
        }
        String reason = trailers.get(CallHeaders.REASON);
        return reason == null ? withoutReason(status) : fromTrailers(status, reason, trailers);
    }

    /** As an item's error within a stream that stays open. */
    public static Error toProto(RejectedException rejected) {
        return Error.newBuilder()
                .setReason(rejected.code().name())
                .setMessage(rejected.getMessage())
                .setDefinite(rejected.definite())
                .setRetriable(rejected.code().isRetriable())
                .putAllMetadata(rejected.metadata())
                .build();
    }

    /** An item's error; a reason of a newer node becomes the nearest one known here. */
    public static RejectedException fromProto(Error error) {
        Map<String, String> metadata = new TreeMap<>(error.getMetadataMap());
        ErrorCode code = known(error.getReason());
        if (code == null) {
            metadata.put(UNKNOWN_REASON, error.getReason());
            code = error.getRetriable() ? ErrorCode.NOT_READY : ErrorCode.FAILED_PRECONDITION;
        }
        return new RejectedException(code, error.getMessage(), error.getDefinite(), metadata);
    }

    private static @Nullable RejectedException fromDetails(
            Status status, com.google.rpc.Status details) {
        ErrorInfo info = null;
        boolean retriable = false;
        try {
            for (Any detail : details.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    info = detail.unpack(ErrorInfo.class);
                } else if (detail.is(RetryInfo.class)) {
                    retriable = true;
                }
            }
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
        if (info == null || !info.getDomain().equals(DOMAIN)) {
            return null;
        }
        Map<String, String> metadata = new TreeMap<>(info.getMetadataMap());
        boolean definite = Boolean.parseBoolean(metadata.remove(DEFINITE));
        ErrorCode code = known(info.getReason());
        if (code == null) {
            metadata.put(UNKNOWN_REASON, info.getReason());
            code = nearest(status.getCode(), retriable);
        }
        return new RejectedException(code, details.getMessage(), definite, metadata);
    }

    private static RejectedException fromTrailers(Status status, String reason, Metadata trailers) {
        Map<String, String> metadata = new TreeMap<>();
        String leader = trailers.get(CallHeaders.LEADER);
        int at = leader == null ? -1 : leader.indexOf('@');
        if (leader != null && at > 0) {
            metadata.put(LEADER_ID, leader.substring(0, at));
            metadata.put(LEADER_ADDRESS, leader.substring(at + 1));
        }
        ErrorCode code = known(reason);
        if (code == null) {
            metadata.put(UNKNOWN_REASON, reason);
            code = nearest(status.getCode(), false);
        }
        boolean definite = Boolean.parseBoolean(trailers.get(CallHeaders.DEFINITE));
        return new RejectedException(code, description(status), definite, metadata);
    }

    /** A call that ended without a word from kq: the transport's, a proxy's or a bug's doing. */
    private static RejectedException withoutReason(Status status) {
        if (status.getCode() == Status.Code.UNAVAILABLE) {
            return new RejectedException(
                    ErrorCode.UNREACHABLE,
                    description(status),
                    neverConnected(status.getCause()),
                    Map.of());
        }
        if (status.getCode() == Status.Code.CANCELLED
                && status.getCause() instanceof StatusRuntimeException unreadable) {
            return fromThrowable(unreadable); // gRPC's wrapping of a marshaller's refusal
        }
        if (status.getCode() == Status.Code.CANCELLED || isBrokenConnection(status)) {
            return new RejectedException(
                    ErrorCode.UNREACHABLE, description(status), false, Map.of());
        }
        ErrorCode code =
                exceedsMessageBound(status)
                        ? ErrorCode.MESSAGE_TOO_LARGE
                        : nearest(status.getCode(), false);
        boolean definite = status.getCode() == Status.Code.UNIMPLEMENTED;
        return new RejectedException(code, description(status), definite, Map.of());
    }

    /**
     * A connection that was closed under a call: gRPC has no code for it, and says UNKNOWN, or
     * INTERNAL within a stream, as of a bug. To be asked of a status without a reason only, which
     * whatever a kq node says has.
     */
    public static boolean isBrokenConnection(Status status) {
        if (status.getCode() == Status.Code.UNKNOWN) {
            return status.getCause() instanceof IOException;
        }
        if (status.getCode() != Status.Code.INTERNAL) {
            return false;
        }
        for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
            if (t.getClass().getName().startsWith("io.netty.handler.codec.http2.")) {
                return true;
            }
        }
        String description = String.valueOf(status.getDescription());
        return description.contains("RST_STREAM") || description.contains("end-of-stream");
    }

    /** gRPC's own refusal of a message over the receiver's bound has this code and wording only. */
    private static boolean exceedsMessageBound(Status status) {
        String description = status.getDescription();
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                && description != null
                && description.contains("exceeds maximum size");
    }

    /**
     * The known code that makes a caller behave as the unknown one would. Codes that a client acts
     * on by itself (reset an offset, forget a topic) are never guessed.
     */
    private static ErrorCode nearest(Status.Code code, boolean retriable) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> ErrorCode.INVALID_ARGUMENT;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
            case FAILED_PRECONDITION, PERMISSION_DENIED, UNAUTHENTICATED ->
                    ErrorCode.FAILED_PRECONDITION;
            case ABORTED -> retriable ? ErrorCode.NOT_READY : ErrorCode.FAILED_PRECONDITION;
            case RESOURCE_EXHAUSTED -> ErrorCode.OVERLOADED;
            case UNAVAILABLE -> ErrorCode.NOT_READY;
            case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
            case UNIMPLEMENTED -> ErrorCode.UNSUPPORTED;
            case OK, CANCELLED, UNKNOWN, INTERNAL, DATA_LOSS -> ErrorCode.INTERNAL;
        };
    }

    private static boolean neverConnected(@Nullable Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof ConnectException
                    || t instanceof UnknownHostException
                    || t instanceof NoRouteToHostException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable t = failure;
        while (t instanceof CompletionException || t instanceof ExecutionException) {
            Throwable cause = t.getCause();
            if (cause == null) {
                return t;
            }
            t = cause;
        }
        return t;
    }

    private static RetryInfo retryInfo(RejectedException rejected) {
        long millis = rejected.code().retry() == ErrorCode.Retry.BACKOFF ? BACKOFF_MS_DEFAULT : 0;
        String given = rejected.metadata().get(RETRY_AFTER_MS);
        if (given != null) {
            try {
                millis = Math.max(0, Long.parseLong(given));
            } catch (NumberFormatException notOurs) {
                // The default stands; the text still travels in the metadata.
            }
        }
        Duration delay =
                Duration.newBuilder()
                        .setSeconds(millis / 1000)
                        .setNanos((int) (millis % 1000) * 1_000_000)
                        .build();
        return RetryInfo.newBuilder().setRetryDelay(delay).build();
    }

    private static Metadata trailers(RejectedException rejected) {
        Metadata trailers = new Metadata();
        trailers.put(CallHeaders.REASON, rejected.code().name());
        trailers.put(CallHeaders.DEFINITE, Boolean.toString(rejected.definite()));
        String id = rejected.metadata().get(LEADER_ID);
        String address = rejected.metadata().get(LEADER_ADDRESS);
        if (id != null && address != null && isPrintableAscii(id + address)) {
            trailers.put(CallHeaders.LEADER, id + "@" + address);
        }
        return trailers;
    }

    private static boolean isPrintableAscii(String text) {
        return text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static @Nullable ErrorCode known(String reason) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(reason)) {
                return code;
            }
        }
        return null;
    }

    private static String description(Status status) {
        String description = status.getDescription();
        return description == null ? status.getCode().name() : description;
    }
}
