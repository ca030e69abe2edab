package io.kq.log;

import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.BatchBytes;
import java.util.Optional;

/**
 * The log of one partition replica: batches at consecutive offsets. {@link #append} runs under the
 * lock of the caller that owns the partition; everything else on any thread at any time, also
 * beside an append.
 */
public interface PartitionLog {

    TopicIdPartition partition();

    /** Offset of the first record that still exists. */
    long logStartOffset();

    /** Offset that the next record gets (exclusive end). */
    long logEndOffset();

    /** Epoch of the last batch, -1 if there is none. */
    int lastLeaderEpoch();

    /** Bytes of all segments. */
    long sizeBytes();

    /**
     * Checks a batch (structure, CRC, size, producer sequence), stamps offset and leader epoch, and
     * writes it to the active segment. A retry of one of the producer's last five batches is
     * answered with the offsets it got then, and nothing is written.
     *
     * @param batch valid during the call only
     * @param nowMillis wall clock, for rolling by time and producer expiry
     * @throws io.kq.protocol.RejectedException CORRUPT_BATCH, MESSAGE_TOO_LARGE,
     *     UNSUPPORTED_COMPRESSION, OUT_OF_ORDER_SEQUENCE, FENCED_PRODUCER_EPOCH, INVALID_ARGUMENT,
     *     DISK_FULL, STORAGE_FAULT; nothing was appended
     */
    AppendOutcome append(BatchBytes batch, int leaderEpoch, long nowMillis);

    /**
     * Whole batches from the one that contains {@code fromOffset}, up to {@code maxBytes} but at
     * least one batch, none of which ends after {@code upperBound}. Empty if {@code fromOffset >=
     * upperBound}.
     *
     * @param upperBound exclusive: the high watermark for consumers, the log end for replicas
     * @throws io.kq.protocol.RejectedException OFFSET_OUT_OF_RANGE (metadata log_start, log_end),
     *     STORAGE_FAULT
     */
    LogSlice read(long fromOffset, long upperBound, int maxBytes);

    /**
     * The first record at or after {@code timestampMillis} and below {@code upperBound}; the
     * record, not its batch.
     */
    Optional<TimestampAndOffset> findByTimestamp(long timestampMillis, long upperBound);

    /** Makes all that was appended durable. Blocking. */
    void flush();

    /**
     * What an append did.
     *
     * @param baseOffset of the batch's first record
     * @param nextOffset after its last record
     * @param duplicate it had been appended before; nothing was written
     */
    record AppendOutcome(long baseOffset, long nextOffset, boolean duplicate) {}

    /** A record's place in time and in the log. */
    record TimestampAndOffset(long timestampMillis, long offset) {}
}
