package io.kq.log;

import io.kq.log.PartitionLog.TimestampAndOffset;
import io.kq.log.index.PartitionIndex;
import io.kq.log.segment.LogContents;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The records of one batch by their time.
 *
 * @param batch its bytes; not changed
 */
record TimedRecords(RecordBatchHeader header, ByteBuffer batch) {

    /** More than this is not decompressed to answer a question about time. */
    private static final int PLAIN_BYTES_MAX = 64 << 20;

    /** {@link PartitionLog#findByTimestamp}, below a bound that the log reaches. */
    static Optional<TimestampAndOffset> find(
            LogReader reader,
            LogContents contents,
            PartitionIndex index,
            long timestampMillis,
            long bound)
            throws IOException {
        long from = contents.logStartOffset();
        while (from < bound && timestampMillis <= contents.tail().maxTimestampMillis()) {
            ByteBuffer batch = reader.batchByTime(timestampMillis, from, bound, index);
            if (batch == null) {
                break;
            }
            TimedRecords records = of(batch);
            Optional<TimestampAndOffset> found = records.first(timestampMillis, from);
            if (found.isPresent()) {
                return found.filter(record -> record.offset() < bound);
            }
            from = records.nextOffset();
        }
        return Optional.empty();
    }

    static TimedRecords of(ByteBuffer batch) {
        return new TimedRecords(RecordBatchHeader.read(batch, 0), batch);
    }

    /** Offset after the batch. */
    long nextOffset() {
        return header.nextOffset();
    }

    /**
     * The first record at or after both bounds. A batch whose records cannot be read (clients pack
     * them, nobody looked inside) answers with its first offset: a reader that starts there misses
     * nothing.
     */
    Optional<TimestampAndOffset> first(long timestampMillis, long fromOffset) {
        try {
            RecordReader records = RecordReader.open(batch, PLAIN_BYTES_MAX);
            while (records.advance()) {
                if (records.timestampMillis() >= timestampMillis
                        && records.offset() >= fromOffset) {
                    return Optional.of(
                            new TimestampAndOffset(records.timestampMillis(), records.offset()));
                }
            }
            return Optional.empty();
        } catch (RejectedException unreadable) {
            return Optional.of(
                    new TimestampAndOffset(
                            header.maxTimestamp(), Math.max(fromOffset, header.baseOffset())));
        }
    }
}
