package io.kq.log.compaction.pass;

import io.kq.log.compaction.RecordChoice;
import io.kq.log.compaction.Throttle;
import io.kq.log.io.LogFile;
import io.kq.log.recovery.Damage;
import io.kq.log.segment.BatchRules;
import io.kq.log.segment.BatchScanner;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads batches for compaction. Every CRC is checked before anything is made of the bytes: a new
 * one would hide that they were bad.
 */
final class SourceReader {

    private final CompactedLog log;
    private final Throttle throttle;

    /** Is shown batches. */
    interface Each {
        /** One batch, and whether to go on. */
        boolean batch(RecordBatchHeader header, ByteBuffer bytes) throws IOException;
    }

    SourceReader(CompactedLog log, Throttle throttle) {
        this.log = log;
        this.throttle = throttle;
    }

    /**
     * Shows the batches of a segment that end after {@code fromOffset}.
     *
     * @return false if {@code each} had enough
     * @throws PassAbandonedException if the log is not current any more
     */
    boolean forEach(SourceSegment source, long fromOffset, Each each) throws IOException {
        LogFile file = source.segment().file().pin();
        try {
            BatchScanner scanner =
                    new BatchScanner(
                            file,
                            0,
                            source.segment().sizeBytes(),
                            source.segment().baseOffset(),
                            -1,
                            BatchScanner.LONG_READ_BYTES);
            while (scanner.next()) {
                if (!log.isCurrent()) {
                    throw new PassAbandonedException();
                }
                RecordBatchHeader header = scanner.header();
                if (header.nextOffset() > fromOffset
                        && !each.batch(header, bytes(source, file, scanner))) {
                    return false;
                }
            }
            if (scanner.problem() != null) {
                throw Damage.at(source.segment().path(), scanner.endPosition(), scanner.problem());
            }
            if (scanner.nextOffset() != source.endOffset()) {
                throw Damage.at(
                        source.segment().path(),
                        scanner.endPosition(),
                        "expected batches up to offset "
                                + source.endOffset()
                                + ", where the next segment begins, found the last one to end at "
                                + scanner.nextOffset());
            }
            return true;
        } finally {
            source.segment().file().unpin();
        }
    }

    private ByteBuffer bytes(SourceSegment source, LogFile file, BatchScanner scanner)
            throws IOException {
        int size = scanner.header().sizeBytes();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        file.read(bytes, scanner.position());
        throttle.took(size);
        bytes.flip();
        if (bytes.remaining() < size || !BatchBytes.of(bytes).crcMatches()) {
            throw Damage.at(source.segment().path(), scanner.position(), BatchRules.CRC_PROBLEM);
        }
        return bytes;
    }

    /**
     * The records of a batch, before the first one; empty if they cannot all be read: clients pack
     * them, and while a topic is not compacted nobody looks inside.
     */
    static Optional<RecordReader> records(ByteBuffer batch) {
        try {
            RecordReader records = RecordReader.open(batch, RecordChoice.PLAIN_BYTES_MAX);
            boolean more = true;
            while (more) {
                more = records.advance();
            }
            records.rewind();
            return Optional.of(records);
        } catch (RejectedException unreadable) {
            return Optional.empty();
        }
    }
}
