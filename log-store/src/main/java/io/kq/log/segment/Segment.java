package io.kq.log.segment;

import io.kq.log.io.LogFile;
import io.kq.log.io.OpenFiles;
import io.kq.log.io.SegmentFile;
import io.kq.log.layout.SegmentName;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One segment: a file that is a plain concatenation of batches. One appender at a time (the owner
 * of the partition's log), readers on any thread. Sealed by the next segment: then it never
 * changes.
 */
public final class Segment {

    /** No batch seen yet. */
    private static final long NONE = -1;

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final SegmentName name;
    private final SegmentFile file;

    /** When its first batch was appended, by wall clock; moved by the appender only. */
    private volatile long startedMillis;

    /**
     * End of the last whole batch. Moved by the appender after a write succeeded, so bytes below it
     * are whole batches for every reader; the file may be longer for a moment.
     */
    private volatile long sizeBytes;

    /**
     * Largest timestamp of its batches, as far as this process saw them all; {@link #UNKNOWN}: it
     * did not. A cut leaves it as it was, which is never too small.
     */
    private volatile long newestTimestampMillis;

    /** Null once sealed. */
    private volatile @Nullable RecentBatches recent = new RecentBatches();

    private Segment(SegmentName name, SegmentFile file, long sizeBytes, long startedMillis) {
        this.newestTimestampMillis = sizeBytes == 0 ? NONE : UNKNOWN;
        this.name = name;
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.startedMillis = startedMillis;
    }

    /** Makes the file of a new segment. */
    public static Segment create(
            OpenFiles openFiles, Path directory, long baseOffset, long nowMillis)
            throws IOException {
        SegmentName name = SegmentName.appended(baseOffset);
        SegmentFile file = openFiles.create(directory.resolve(name.fileName()));
        return new Segment(name, file, 0, nowMillis);
    }

    /** A segment that exists; its file is opened when it is first needed. */
    public static Segment existing(
            SegmentFile file, SegmentName name, long sizeBytes, long startedMillis) {
        return new Segment(name, file, sizeBytes, startedMillis);
    }

    public long baseOffset() {
        return name.baseOffset();
    }

    /** How often compaction has written it anew. */
    public int generation() {
        return name.generation();
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** When its first batch was appended. */
    public long startedMillis() {
        return startedMillis;
    }

    /** The file behind it. */
    public SegmentFile file() {
        return file;
    }

    public Path path() {
        return file.path();
    }

    /**
     * Writes a batch at the end. If it throws, nothing was appended: what may have been written of
     * it lies behind the end, and {@link #cutBack} removes it.
     */
    public void append(ByteBuffer[] parts, RecordBatchHeader header, long nowMillis)
            throws IOException {
        long position = sizeBytes;
        LogFile open = file.pin();
        try {
            open.write(parts, position);
        } finally {
            file.unpin();
        }
        if (position == 0) {
            startedMillis = nowMillis;
        }
        RecentBatches batches = recent;
        if (batches != null) {
            batches.add(header, position + header.sizeBytes());
        }
        if (newestTimestampMillis != UNKNOWN) {
            newestTimestampMillis = Math.max(newestTimestampMillis, header.maxTimestamp());
        }
        sizeBytes = position + header.sizeBytes();
    }

    /** Largest timestamp of its records, -1 if none has one; empty: it has to be read. */
    public OptionalLong newestTimestampMillis() {
        long newest = newestTimestampMillis;
        return newest == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(newest);
    }

    /** Takes note of what was read of a sealed segment. */
    public void newestTimestampMillis(long found) {
        newestTimestampMillis = found;
    }

    /** Removes from the file what a failed append may have left behind the end. */
    public void cutBack() throws IOException {
        truncateFile(sizeBytes);
    }

    /** Cuts off everything from {@code position} on, which must be the start of a batch. */
    public void truncate(long position) throws IOException {
        sizeBytes = position;
        RecentBatches batches = recent;
        if (batches != null) {
            batches.clear();
        }
        truncateFile(position);
    }

    private void truncateFile(long position) throws IOException {
        LogFile open = file.pin();
        try {
            open.truncate(position);
        } finally {
            file.unpin();
        }
    }

    /** Makes everything written so far durable. Blocking; beside an append it may miss that one. */
    public void sync() throws IOException {
        LogFile open = file.pin();
        try {
            open.force();
        } finally {
            file.unpin();
        }
    }

    /** Ends appends: another segment follows. */
    public void seal() {
        recent = null;
    }

    /** Takes appends again, after the segment that followed was cut off. */
    public void unseal() {
        if (recent == null) {
            recent = new RecentBatches();
        }
    }

    /**
     * The batches from the one that contains {@code fromOffset}, if the last appends of this
     * process cover it; null if not.
     */
    public @Nullable BatchRange findRecent(long fromOffset, long upperBound, int maxBytes) {
        RecentBatches batches = recent;
        return batches == null ? null : batches.find(fromOffset, upperBound, maxBytes);
    }
}
