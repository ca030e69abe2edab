package io.kq.broker.partition.ack;

import io.kq.protocol.RejectedException;

/**
 * Waits for the outcome of one append. Called exactly once with it, and never under a partition's
 * lock, on whichever thread brought the outcome about: must be short and must not block.
 */
public interface AckListener {

    /**
     * The batch counts as written in the sense of its {@link Acks}.
     *
     * @param baseOffset offset of its first record
     * @param logStartOffset first offset that still exists in the partition
     * @param duplicate it had been appended before; nothing was written twice
     */
    void onAcknowledged(long baseOffset, long logStartOffset, boolean duplicate);

    /** The batch was appended, and whether it stays is not known: {@code reason} is indefinite. */
    void onAbandoned(RejectedException reason);

    /**
     * After the outcomes of one turn, perhaps of several batches: now is the time to send them. May
     * be called more than once.
     */
    void onTurnEnd();
}
