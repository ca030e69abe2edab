package io.kq.broker.partition.core.leader;

/** Why a leader does not take a subscription, or ends it (rule 4). */
public enum Refusal {
    /** The follower's leader epoch is older than the leader's. */
    OLDER_EPOCH,
    /** The follower's leader epoch is newer than the leader's: it has not heard of it yet. */
    NEWER_EPOCH,
    /** As far as the leader knows, the sender is no replica of the partition. */
    NO_REPLICA,
    /** The sender is not the registered incarnation, as far as the leader knows. */
    OTHER_INCARNATION,
    /** The same incarnation has subscribed later already. */
    OLDER_GENERATION
}
