package io.kq.log.inspection;

/**
 * An idempotent producer as of a snapshot.
 *
 * @param lastSequence sequence of its last record
 * @param lastOffset offset of its last record
 * @param lastAppendMillis when it last appended
 */
public record ProducerOnDisk(
        long producerId,
        short producerEpoch,
        int lastSequence,
        long lastOffset,
        long lastAppendMillis) {}
