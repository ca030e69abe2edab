package io.kq.protocol;

/**
 * Why a request was refused. The name is the {@code reason} on the wire (google.rpc.ErrorInfo,
 * kq.v1.Error): a promise to clients in any language. The one table of what each means to a caller:
 * retry, canonical gRPC status, exit code of the command line.
 */
public enum ErrorCode {
    TOPIC_NOT_FOUND(Retry.NEVER, Status.NOT_FOUND),
    PARTITION_NOT_FOUND(Retry.NEVER, Status.NOT_FOUND),
    GROUP_NOT_FOUND(Retry.NEVER, Status.NOT_FOUND),
    BROKER_NOT_FOUND(Retry.NEVER, Status.NOT_FOUND),
    TOPIC_ALREADY_EXISTS(Retry.NEVER, Status.ALREADY_EXISTS),
    INVALID_TOPIC_NAME(Retry.NEVER, Status.INVALID_ARGUMENT),
    /** Another topic's name differs only in '.' and '_'. */
    TOPIC_NAME_COLLISION(Retry.NEVER, Status.ALREADY_EXISTS),
    UNKNOWN_CONFIG(Retry.NEVER, Status.INVALID_ARGUMENT),
    INVALID_CONFIG(Retry.NEVER, Status.INVALID_ARGUMENT),
    INVALID_ARGUMENT(Retry.NEVER, Status.INVALID_ARGUMENT),
    INVALID_REPLICATION_FACTOR(Retry.NEVER, Status.INVALID_ARGUMENT),
    INVALID_PARTITIONS(Retry.NEVER, Status.INVALID_ARGUMENT),
    INVALID_REPLICA_ASSIGNMENT(Retry.NEVER, Status.INVALID_ARGUMENT),
    INSUFFICIENT_BROKERS(Retry.NEVER, Status.FAILED_PRECONDITION),
    /** The call exists but this version cannot do it yet. */
    UNSUPPORTED(Retry.NEVER, Status.UNIMPLEMENTED),
    NOT_LEADER(Retry.REFRESH_METADATA, Status.UNAVAILABLE),
    NO_LEADER(Retry.REFRESH_METADATA, Status.UNAVAILABLE),
    /**
     * The node is not the active controller, or stopped being it: a mutation's outcome may be
     * unknown.
     */
    NOT_CONTROLLER(Retry.REFRESH_METADATA, Status.UNAVAILABLE),
    NOT_ENOUGH_REPLICAS(Retry.BACKOFF, Status.UNAVAILABLE),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(Retry.BACKOFF, Status.UNAVAILABLE),
    QUORUM_LOST(Retry.BACKOFF, Status.UNAVAILABLE),
    /** No address answered. Made by clients. */
    UNREACHABLE(Retry.BACKOFF, Status.UNAVAILABLE),
    /** The node is starting or stopping. */
    NOT_READY(Retry.BACKOFF, Status.UNAVAILABLE),
    DEADLINE_EXCEEDED(Retry.NEVER, Status.DEADLINE_EXCEEDED),
    OFFSET_OUT_OF_RANGE(Retry.NEVER, Status.OUT_OF_RANGE),
    /** A new leader does not know its high watermark yet (KIP-207). */
    OFFSET_NOT_AVAILABLE(Retry.BACKOFF, Status.UNAVAILABLE),
    GROUP_NOT_EMPTY(Retry.NEVER, Status.FAILED_PRECONDITION),
    FENCED_LEADER_EPOCH(Retry.REFRESH_METADATA, Status.FAILED_PRECONDITION),
    UNKNOWN_LEADER_EPOCH(Retry.REFRESH_METADATA, Status.UNAVAILABLE),
    /** A broker session of an older incarnation or epoch. */
    FENCED_BROKER_EPOCH(Retry.NEVER, Status.FAILED_PRECONDITION),
    /** A producer id and epoch that a newer incarnation replaced. */
    FENCED_PRODUCER_EPOCH(Retry.NEVER, Status.FAILED_PRECONDITION),
    /** The batch's sequence does not follow the last one: one before it is missing. */
    OUT_OF_ORDER_SEQUENCE(Retry.NEVER, Status.FAILED_PRECONDITION),
    UNKNOWN_PRODUCER_ID(Retry.NEVER, Status.FAILED_PRECONDITION),
    /** Bytes that are not a well-formed RecordBatch v2, or whose CRC differs. */
    CORRUPT_BATCH(Retry.NEVER, Status.INVALID_ARGUMENT),
    MESSAGE_TOO_LARGE(Retry.NEVER, Status.INVALID_ARGUMENT),
    UNSUPPORTED_COMPRESSION(Retry.NEVER, Status.INVALID_ARGUMENT),
    QUOTA_EXCEEDED(Retry.BACKOFF, Status.RESOURCE_EXHAUSTED),
    /** Too many bytes in flight. */
    OVERLOADED(Retry.BACKOFF, Status.RESOURCE_EXHAUSTED),
    DISK_FULL(Retry.BACKOFF, Status.RESOURCE_EXHAUSTED),
    /** The partition's log directory is offline, or its data is damaged. */
    STORAGE_FAULT(Retry.BACKOFF, Status.UNAVAILABLE),
    /** The node belongs to another cluster than the one addressed. */
    CLUSTER_MISMATCH(Retry.NEVER, Status.FAILED_PRECONDITION),
    /** Made by clients for a reason of a newer node that they do not know. */
    NOT_FOUND(Retry.NEVER, Status.NOT_FOUND),
    /** Made by clients for a reason of a newer node that they do not know. */
    ALREADY_EXISTS(Retry.NEVER, Status.ALREADY_EXISTS),
    /** Made by clients for a reason of a newer node that they do not know. */
    FAILED_PRECONDITION(Retry.NEVER, Status.FAILED_PRECONDITION),
    /** A bug of kq. */
    INTERNAL(Retry.NEVER, Status.INTERNAL);

    /** What a caller may do with the same request. */
    public enum Retry {
        /** Nothing but change it. */
        NEVER,
        /** Send it again after a pause. */
        BACKOFF,
        /** Ask who leads now, then send it again. */
        REFRESH_METADATA
    }

    /** Canonical gRPC status codes, by their names there. */
    public enum Status {
        INVALID_ARGUMENT,
        DEADLINE_EXCEEDED,
        NOT_FOUND,
        ALREADY_EXISTS,
        RESOURCE_EXHAUSTED,
        FAILED_PRECONDITION,
        OUT_OF_RANGE,
        UNIMPLEMENTED,
        INTERNAL,
        UNAVAILABLE
    }

    private final Retry retry;
    private final Status status;

    ErrorCode(Retry retry, Status status) {
        this.retry = retry;
        this.status = status;
    }

    /** What a caller may do with the same request. */
    public Retry retry() {
        return retry;
    }

    /** The gRPC status that a failed call carries. */
    public Status status() {
        return status;
    }

    /** Whether the same request can succeed later without being changed. */
    public boolean isRetriable() {
        return retry != Retry.NEVER;
    }
}
