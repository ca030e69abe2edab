package io.kq.log.compaction.pass;

import io.kq.log.io.LogFile;
import io.kq.log.io.SegmentFile;
import io.kq.log.layout.SegmentName;
import io.kq.log.segment.Segment;
import io.kq.protocol.record.BatchFilter;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The file of a compacted segment while it is written. Neighbouring batches that go are followed by
 * one that stands for all their offsets, so that every offset is in some batch and the next batch
 * follows the last one here as everywhere. Where a leader epoch begins stays visible too.
 */
final class CleanedFile {

    private static final int BUFFER_BYTES = 1 << 20;

    private final CompactedLog log;
    private final SegmentFile file;

    /** Its name while nobody else knows of it. */
    private final Path unfinished;

    private final LogFile open;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /** Where the buffer's first byte goes. */
    private long position;

    private long newestTimestamp = -1;

    /** Base offset of the batches that went since the last one that stayed; -1: none. */
    private long goneFrom = -1;

    private long goneLast;
    private int goneEpoch;

    private CleanedFile(CompactedLog log, SegmentFile file, LogFile open) {
        this.log = log;
        this.file = file;
        this.unfinished = file.path();
        this.open = open;
    }

    /** Makes the file. */
    static CleanedFile create(CompactedLog log, Path path) throws IOException {
        try {
            log.openFiles().files().delete(path);
            SegmentFile file = log.openFiles().create(path);
            return new CleanedFile(log, file, file.pin());
        } catch (IOException e) {
            if (!log.isCurrent()) {
                throw new PassAbandonedException(); // its directory was given up
            }
            throw log.writeFailed(path, e);
        }
    }

    /** Appends a batch. */
    void keep(ByteBuffer batch) {
        closeGap();
        write(batch);
    }

    /** Leaves out a batch. */
    void drop(RecordBatchHeader header) {
        boolean joins =
                goneFrom >= 0
                        && header.leaderEpoch() == goneEpoch
                        && header.lastOffset() - goneFrom <= Integer.MAX_VALUE;
        if (!joins) {
            closeGap();
            goneFrom = header.baseOffset();
            goneEpoch = header.leaderEpoch();
        }
        goneLast = header.lastOffset();
    }

    private void closeGap() {
        if (goneFrom >= 0) {
            write(BatchFilter.placeholder(goneFrom, goneLast, goneEpoch));
            goneFrom = -1;
        }
    }

    private void write(ByteBuffer batch) {
        newestTimestamp =
                Math.max(
                        newestTimestamp,
                        RecordBatchHeader.read(batch, batch.position()).maxTimestamp());
        if (batch.remaining() > buffer.remaining()) {
            flush();
        }
        if (batch.remaining() > buffer.remaining()) {
            write(batch, batch.remaining());
        } else {
            buffer.put(batch.duplicate());
        }
    }

    private void flush() {
        buffer.flip();
        write(buffer, buffer.remaining());
        buffer.clear();
    }

    private void write(ByteBuffer bytes, int size) {
        if (size == 0) {
            return;
        }
        try {
            open.write(new ByteBuffer[] {bytes}, position);
        } catch (IOException e) {
            throw log.writeFailed(file.path(), e);
        }
        position += size;
    }

    /** What was appended so far. */
    long sizeBytes() {
        return position + buffer.position();
    }

    /** Brings it to the disk. Nothing is appended after. */
    Segment finish(SegmentName name, long startedMillis) {
        closeGap();
        flush();
        try {
            open.force();
        } catch (IOException e) {
            throw log.syncFailed(file.path(), e);
        }
        Segment segment = Segment.existing(file, name, position, startedMillis);
        segment.newestTimestampMillis(newestTimestamp);
        segment.seal();
        return segment;
    }

    /** Its writer is done with it. */
    void release() {
        file.unpin();
    }

    /**
     * It is not wanted. Does nothing once the file has another name: whatever failed then, it may
     * be all there is of the segments that it replaces.
     */
    void discard() {
        if (!file.path().equals(unfinished)) {
            return;
        }
        file.discard();
        try {
            log.openFiles().files().delete(unfinished);
        } catch (IOException stays) {
            // It counts for nothing, and the next opening deletes it.
        }
    }
}
