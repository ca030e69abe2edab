package io.kq.client.batch;

/** When the broker answers a batch. */
public enum AckMode {
    /** Never: a batch is done once the transport has it. */
    NONE,
    /** When the leader has it. */
    LEADER,
    /** When all in-sync replicas have it. */
    ALL
}
