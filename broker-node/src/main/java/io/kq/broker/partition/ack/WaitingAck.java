package io.kq.broker.partition.ack;

/**
 * An append whose asker waits.
 *
 * @param endOffset offset that must be reached
 * @param deadlineNanos on the monotonic clock
 */
public record WaitingAck(
        long baseOffset,
        long endOffset,
        boolean duplicate,
        long deadlineNanos,
        AckListener listener) {}
