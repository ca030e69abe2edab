package io.kq.protocol;

/**
 * Why a request was refused. The name is the {@code reason} on the wire (google.rpc.ErrorInfo,
 * kq.v1.Error): a promise to clients in any language. The one table of what each means to a caller:
 * retry and canonical gRPC status. {@code docs/reference/errors.md} is made of it.
 */
public enum ErrorCode {
    TOPIC_NOT_FOUND(
            Retry.NEVER,
            Status.NOT_FOUND,
            "No topic has this name, or it was deleted (and perhaps made anew) since the caller"
                    + " learnt of it."),
    PARTITION_NOT_FOUND(
            Retry.NEVER, Status.NOT_FOUND, "The topic has no partition of this number."),
    GROUP_NOT_FOUND(Retry.NEVER, Status.NOT_FOUND, "No consumer group has this name."),
    BROKER_NOT_FOUND(Retry.NEVER, Status.NOT_FOUND, "No broker has this id."),
    TOPIC_ALREADY_EXISTS(Retry.NEVER, Status.ALREADY_EXISTS, "A topic has this name."),
    INVALID_TOPIC_NAME(
            Retry.NEVER,
            Status.INVALID_ARGUMENT,
            "The name breaks the rules: 1 to 249 of a-z, A-Z, 0-9, '.', '_', '-', and neither '.'"
                    + " nor '..'."),
    TOPIC_NAME_COLLISION(
            Retry.NEVER,
            Status.ALREADY_EXISTS,
            "Another topic's name differs only in '.' and '_', which are one in names of metrics."),
    UNKNOWN_CONFIG(Retry.NEVER, Status.INVALID_ARGUMENT, "No config has this name."),
    INVALID_CONFIG(
            Retry.NEVER,
            Status.INVALID_ARGUMENT,
            "The config has another type or range, or this version does not do what the value asks"
                    + " for."),
    INVALID_ARGUMENT(
            Retry.NEVER,
            Status.INVALID_ARGUMENT,
            "The request contradicts itself or the rules of the API."),
    INVALID_REPLICATION_FACTOR(
            Retry.NEVER, Status.INVALID_ARGUMENT, "The replication factor is out of range."),
    INVALID_PARTITIONS(
            Retry.NEVER,
            Status.INVALID_ARGUMENT,
            "The number of partitions is out of range, or smaller than it was."),
    INVALID_REPLICA_ASSIGNMENT(
            Retry.NEVER,
            Status.INVALID_ARGUMENT,
            "The brokers named for the partitions are unknown, repeated, or not equally many."),
    INSUFFICIENT_BROKERS(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "There are fewer brokers than replicas were asked for."),
    UNSUPPORTED(
            Retry.NEVER,
            Status.UNIMPLEMENTED,
            "The call exists but this version cannot do it yet."),
    NOT_LEADER(
            Retry.REFRESH_METADATA,
            Status.UNAVAILABLE,
            "The node does not lead the partition and does not forward this request."),
    NO_LEADER(Retry.REFRESH_METADATA, Status.UNAVAILABLE, "Nobody leads the partition now."),
    NOT_CONTROLLER(
            Retry.REFRESH_METADATA,
            Status.UNAVAILABLE,
            "The node is not the active controller, or stopped being it: a mutation's outcome may"
                    + " be unknown."),
    NOT_COORDINATOR(
            Retry.REFRESH_METADATA,
            Status.UNAVAILABLE,
            "The node does not coordinate the group, or stopped doing it: a commit's outcome may be"
                    + " unknown."),
    NOT_ENOUGH_REPLICAS(
            Retry.BACKOFF,
            Status.UNAVAILABLE,
            "Fewer replicas are in sync than min.insync.replicas asks for; nothing was written."),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(
            Retry.BACKOFF,
            Status.UNAVAILABLE,
            "The leader wrote it, but not enough replicas had it in time: it may be kept or lost."),
    QUORUM_LOST(Retry.BACKOFF, Status.UNAVAILABLE, "No majority of the metadata voters answers."),
    UNREACHABLE(
            Retry.BACKOFF,
            Status.UNAVAILABLE,
            "No address answered, or the connection broke. Made by clients."),
    NOT_READY(Retry.BACKOFF, Status.UNAVAILABLE, "The node is starting or stopping."),
    DEADLINE_EXCEEDED(Retry.NEVER, Status.DEADLINE_EXCEEDED, "The caller's deadline passed first."),
    OFFSET_OUT_OF_RANGE(
            Retry.NEVER,
            Status.OUT_OF_RANGE,
            "The offset is below the log's start or above its end; the reader's reset policy"
                    + " decides."),
    OFFSET_NOT_AVAILABLE(
            Retry.BACKOFF,
            Status.UNAVAILABLE,
            "A new leader does not know its high watermark yet (KIP-207)."),
    GROUP_NOT_EMPTY(Retry.NEVER, Status.FAILED_PRECONDITION, "The group has members."),
    FENCED_LEADER_EPOCH(
            Retry.REFRESH_METADATA,
            Status.FAILED_PRECONDITION,
            "The asker speaks of an older leader epoch than the partition has."),
    UNKNOWN_LEADER_EPOCH(
            Retry.REFRESH_METADATA,
            Status.UNAVAILABLE,
            "The asker speaks of a newer leader epoch than this node has heard of."),
    STALE_PARTITION_EPOCH(
            Retry.REFRESH_METADATA,
            Status.FAILED_PRECONDITION,
            "The change rests on another partition epoch than the partition has: look at the newest"
                    + " metadata, and decide again."),
    INELIGIBLE_REPLICA(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "A broker that is down, about to stop, or no replica of the partition cannot be in its"
                    + " ISR; and an ISR is never left without a member."),
    NO_REASSIGNMENT_IN_PROGRESS(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "The partition's replicas are not being changed: there is nothing to cancel."),
    VOTER_NOT_ELIGIBLE(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "The node cannot be made a voter of the metadata quorum: it is down, or the other"
                    + " voters could not reach it."),
    QUORUM_TOO_SMALL(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "Fewer voters than a majority of the new quorum are up, or none would be left."),
    QUORUM_CHANGE_IN_PROGRESS(
            Retry.BACKOFF,
            Status.FAILED_PRECONDITION,
            "The voters are being changed: one change at a time."),
    QUORUM_CHANGE_FAILED(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "The voters are what they were: the new one could not be reached or did not catch up in"
                    + " time."),
    BROKER_IN_USE(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "A broker that is up, or has replicas, cannot be forgotten."),
    PREFERRED_LEADER_NOT_AVAILABLE(
            Retry.BACKOFF,
            Status.FAILED_PRECONDITION,
            "The preferred leader is not in sync, not up, or about to stop."),
    ELIGIBLE_LEADERS_NOT_AVAILABLE(
            Retry.BACKOFF,
            Status.FAILED_PRECONDITION,
            "No replica of the partition can be made its leader now."),
    FENCED_BROKER_EPOCH(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "A broker session of an older incarnation or epoch."),
    UNKNOWN_MEMBER(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "The group has no such member: it left, its session ended, or another process took its"
                    + " place."),
    FENCED_MEMBER_EPOCH(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "Said in a member epoch in which the partition was not the member's."),
    FENCED_PRODUCER_EPOCH(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "A producer id and epoch that a newer incarnation replaced."),
    OUT_OF_ORDER_SEQUENCE(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "The batch's sequence does not follow the last one: one before it is missing."),
    UNKNOWN_PRODUCER_ID(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "The partition knows nothing of this producer, and the sequence is not a first one."),
    CORRUPT_BATCH(
            Retry.NEVER,
            Status.INVALID_ARGUMENT,
            "Bytes that are not a well-formed RecordBatch v2, or whose CRC differs."),
    MESSAGE_TOO_LARGE(
            Retry.NEVER,
            Status.INVALID_ARGUMENT,
            "The batch is larger than max.message.bytes, or the message larger than its receiver"
                    + " takes."),
    UNSUPPORTED_COMPRESSION(
            Retry.NEVER, Status.INVALID_ARGUMENT, "The batch names a codec that does not exist."),
    QUOTA_EXCEEDED(Retry.BACKOFF, Status.RESOURCE_EXHAUSTED, "The client used up what it may use."),
    OVERLOADED(Retry.BACKOFF, Status.RESOURCE_EXHAUSTED, "Too many bytes in flight at the node."),
    DISK_FULL(
            Retry.BACKOFF,
            Status.RESOURCE_EXHAUSTED,
            "The node's disk has no room for more; reads go on."),
    STORAGE_FAULT(
            Retry.BACKOFF,
            Status.UNAVAILABLE,
            "The partition's log directory is offline, or its data is damaged."),
    CLUSTER_MISMATCH(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "The node belongs to another cluster than the one addressed."),
    NOT_FOUND(
            Retry.NEVER,
            Status.NOT_FOUND,
            "Made by clients for a reason of a newer node that they do not know."),
    ALREADY_EXISTS(
            Retry.NEVER,
            Status.ALREADY_EXISTS,
            "Made by clients for a reason of a newer node that they do not know."),
    FAILED_PRECONDITION(
            Retry.NEVER,
            Status.FAILED_PRECONDITION,
            "Made by clients for a reason of a newer node that they do not know."),
    INTERNAL(Retry.NEVER, Status.INTERNAL, "A bug of kq.");

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
    private final String doc;

    ErrorCode(Retry retry, Status status, String doc) {
        this.retry = retry;
        this.status = status;
        this.doc = doc;
    }

    /** What happened, for people. */
    public String doc() {
        return doc;
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
