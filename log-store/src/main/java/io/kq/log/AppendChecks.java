package io.kq.log;

import io.kq.log.compaction.RecordChoice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.time.Duration;

/**
 * What a batch must be before it is let into a log, judged by its header and its CRC. Records are
 * looked into only for compacted topics, which need their keys: it costs a decompression, and
 * nothing kept by time or size needs it. Pure.
 */
final class AppendChecks {

    /** How far a producer's clock may run ahead (Kafka's message.timestamp.after.max.ms). */
    static final Duration CLOCK_AHEAD_MAX = Duration.ofHours(1);

    private static final int LAST_CODEC = 4;
    private static final int KNOWN_CLIENT_ATTRIBUTES = 0x0f;
    private static final long NO_TIMESTAMP = -1;

    private AppendChecks() {}

    /**
     * Refuses a batch that a client may not append.
     *
     * @throws RejectedException CORRUPT_BATCH, MESSAGE_TOO_LARGE, UNSUPPORTED_COMPRESSION,
     *     INVALID_ARGUMENT
     */
    static void fromClient(BatchBytes batch, LogConfig config, long nowMillis) {
        RecordBatchHeader header = batch.header();
        checkShape(batch);
        if (batch.sizeBytes() > config.messageBytesMax()) {
            throw new RejectedException(
                            ErrorCode.MESSAGE_TOO_LARGE,
                            "a batch of "
                                    + batch.sizeBytes()
                                    + " bytes is larger than the topic's "
                                    + config.messageBytesMax())
                    .with("limit", Integer.toString(config.messageBytesMax()));
        }
        if (header.recordCount() != header.lastOffsetDelta() + 1) {
            throw corrupt(
                    header.recordCount()
                            + " records do not take "
                            + (header.lastOffsetDelta() + 1L)
                            + " offsets");
        }
        if (header.codecId() > LAST_CODEC) {
            throw new RejectedException(
                    ErrorCode.UNSUPPORTED_COMPRESSION, "unknown codec " + header.codecId());
        }
        checkAttributes(header, config);
        checkTimestamps(header, config, nowMillis);
        checkProducer(header);
        checkCrc(batch);
        if (config.compacted()) {
            checkKeys(batch);
        }
    }

    /** Refuses a batch that cannot have been stamped by a leader. */
    static void fromLeader(BatchBytes batch) {
        RecordBatchHeader header = batch.header();
        checkShape(batch);
        if (header.leaderEpoch() < 0 || header.baseOffset() < 0) {
            throw corrupt("it carries no offset or leader epoch");
        }
        // Fewer there may be: what was compacted keeps its offsets.
        if (header.recordCount() - 1L > header.lastOffsetDelta()) {
            throw corrupt(
                    header.recordCount()
                            + " records do not fit into "
                            + (header.lastOffsetDelta() + 1L)
                            + " offsets");
        }
        checkCrc(batch);
    }

    private static void checkShape(BatchBytes batch) {
        RecordBatchHeader header = batch.header();
        if (header.magic() != RecordBatchHeader.MAGIC) {
            throw corrupt("magic is " + header.magic() + ", not 2");
        }
        if ((long) header.lengthBytes() + RecordBatchHeader.LENGTH_OVERHEAD_BYTES
                != batch.sizeBytes()) {
            throw corrupt(
                    "its length field says "
                            + header.lengthBytes()
                            + ", it has "
                            + (batch.sizeBytes() - RecordBatchHeader.LENGTH_OVERHEAD_BYTES)
                            + " bytes after it");
        }
        if (header.lastOffsetDelta() < 0 || header.recordCount() < 0) {
            throw corrupt("negative record count or offset delta");
        }
    }

    private static void checkAttributes(RecordBatchHeader header, LogConfig config) {
        if (header.isControl() || header.isTransactional()) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT,
                    "control and transactional batches are not taken from clients");
        }
        if ((header.attributes() & ~KNOWN_CLIENT_ATTRIBUTES) != 0) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT,
                    "unknown attributes 0x" + Integer.toHexString(header.attributes() & 0xffff));
        }
        if (header.hasLogAppendTime()
                && config.timestampType() == LogConfig.TimestampType.CREATE_TIME) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT, "only brokers set log append time");
        }
    }

    private static void checkTimestamps(
            RecordBatchHeader header, LogConfig config, long nowMillis) {
        if (config.timestampType() == LogConfig.TimestampType.LOG_APPEND_TIME) {
            return;
        }
        long latest = nowMillis + CLOCK_AHEAD_MAX.toMillis();
        if (header.baseTimestamp() < NO_TIMESTAMP
                || header.maxTimestamp() < header.baseTimestamp()
                || header.maxTimestamp() > latest) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT,
                    "timestamps from "
                            + header.baseTimestamp()
                            + " to "
                            + header.maxTimestamp()
                            + " ms: expected not negative, ascending, and at most "
                            + latest
                            + " (the broker's clock and an hour)");
        }
    }

    private static void checkProducer(RecordBatchHeader header) {
        boolean idempotent = header.producerId() != RecordBatchHeader.NO_PRODUCER_ID;
        boolean whole =
                idempotent
                        ? header.producerId() >= 0
                                && header.producerEpoch() >= 0
                                && header.baseSequence() >= 0
                        : header.baseSequence() == RecordBatchHeader.NO_SEQUENCE;
        if (!whole) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT,
                    "producer id "
                            + header.producerId()
                            + ", epoch "
                            + header.producerEpoch()
                            + " and sequence "
                            + header.baseSequence()
                            + " go together or are all -1");
        }
    }

    private static void checkCrc(BatchBytes batch) {
        if (!batch.crcMatches()) {
            throw corrupt("its CRC is not that of its bytes");
        }
    }

    /** Without a key a record could never be superseded; one nobody can read could not either. */
    private static void checkKeys(BatchBytes batch) {
        RecordReader records =
                RecordReader.open(batch.toContiguous(), RecordChoice.PLAIN_BYTES_MAX);
        for (int i = 0; records.advance(); i++) {
            if (!records.hasKey()) {
                throw new RejectedException(
                        ErrorCode.INVALID_ARGUMENT,
                        "record "
                                + i
                                + " of the batch has no key: the topic is compacted, so every"
                                + " record needs one");
            }
        }
    }

    private static RejectedException corrupt(String problem) {
        return new RejectedException(
                ErrorCode.CORRUPT_BATCH, "not a well-formed record batch: " + problem);
    }
}
