package io.kq.broker.partition.ack;

/** When a write is answered. */
public enum Acks {
    /** Never. */
    NONE,
    /** When the leader has it, as durably as the topic's {@code flush} says. */
    LEADER,
    /** When all in-sync replicas have it. */
    ALL
}
