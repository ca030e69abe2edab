package io.kq.log;

import io.kq.log.index.IndexedLog;
import io.kq.log.index.PartitionIndex;
import io.kq.log.index.ReplacedRange;
import io.kq.log.index.SparseEntry;
import io.kq.log.io.LogFile;
import io.kq.log.io.StorageFaultException;
import io.kq.log.recovery.Damage;
import io.kq.log.recovery.DamageHandler;
import io.kq.log.segment.BatchRange;
import io.kq.log.segment.BatchRules;
import io.kq.log.segment.BatchScanner;
import io.kq.log.segment.BatchSink;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import io.kq.log.slice.EmptySlice;
import io.kq.log.slice.FileSlice;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds batches in a log's segments: near the end by memory alone, elsewhere by the index and a
 * scan of some headers. What the index says only shortens the scan. Any thread.
 */
final class LogReader implements IndexedLog {

    private final LogContents contents;
    private final Runnable whenIndexWasLost;

    /**
     * Reads {@code contents}.
     *
     * @param whenIndexWasLost has the index made anew in the background
     */
    LogReader(LogContents contents, Runnable whenIndexWasLost) {
        this.contents = contents;
        this.whenIndexWasLost = whenIndexWasLost;
    }

    @Override
    public void indexWasLost() {
        whenIndexWasLost.run();
    }

    /**
     * What {@code PartitionLog.read} promises.
     *
     * @param hot whether the bytes count as being in the page cache
     * @param damages told of what a check of the bytes finds
     */
    LogSlice read(
            long fromOffset,
            long upperBound,
            int maxBytes,
            PartitionIndex index,
            boolean hot,
            DamageHandler damages)
            throws IOException {
        LogTail tail = contents.tail();
        long logStart = contents.logStartOffset();
        if (fromOffset < logStart || fromOffset > tail.endOffset()) {
            throw outOfRange(fromOffset, logStart, tail.endOffset());
        }
        long bound = Math.min(upperBound, tail.endOffset());
        if (fromOffset >= bound) {
            return new EmptySlice(fromOffset);
        }
        SegmentList segments = contents.segments();
        int first = segments.floorIndex(fromOffset);
        if (first < 0 && !segments.isEmpty()) {
            // Its segment went since the start was looked at.
            throw outOfRange(fromOffset, contents.logStartOffset(), tail.endOffset());
        }
        for (int i = Math.max(0, first); i < segments.all().size(); i++) {
            Segment segment = segments.all().get(i);
            LogFile open = segment.file().pin();
            LogSlice slice = null;
            try {
                BatchRange range = segment.findRecent(fromOffset, bound, maxBytes);
                if (range == null) {
                    range = find(segments, i, open, index, fromOffset, bound, maxBytes);
                    requireWithin(tail, segment, range);
                }
                if (range != null) {
                    slice =
                            range.sizeBytes() == 0
                                    ? new EmptySlice(fromOffset)
                                    : new FileSlice(segment.file(), open, range, hot, damages);
                    return slice;
                }
            } finally {
                if (!(slice instanceof FileSlice)) {
                    segment.file().unpin();
                }
            }
        }
        return new EmptySlice(fromOffset);
    }

    static RejectedException outOfRange(long offset, long start, long end) {
        return new RejectedException(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        "offset " + offset + " is not in " + start + " to " + end)
                .with("log_start", Long.toString(start))
                .with("log_end", Long.toString(end));
    }

    /** A batch that claims records behind the log's end would be waited for without end. */
    private static void requireWithin(LogTail tail, Segment segment, @Nullable BatchRange range) {
        if (range != null && range.nextOffset() > tail.endOffset()) {
            throw Damage.at(
                    segment.path(),
                    range.position(),
                    "expected a batch that ends at offset "
                            + tail.endOffset()
                            + " at most, found one that ends at "
                            + range.nextOffset());
        }
    }

    /**
     * The wanted batches in one segment; null if they begin after it. Without bytes if the first of
     * them ends after {@code bound}: then its end is told.
     */
    private static @Nullable BatchRange find(
            SegmentList segments,
            int at,
            LogFile open,
            PartitionIndex index,
            long fromOffset,
            long bound,
            int maxBytes)
            throws IOException {
        Segment segment = segments.all().get(at);
        SparseEntry start = startIn(segment, index.floor(fromOffset));
        BatchScanner scanner = scannerAt(segment, open, start);
        do {
            if (!scanner.next()) {
                requireWhole(segments, at, scanner);
                return null;
            }
        } while (scanner.header().nextOffset() <= fromOffset);
        long position = scanner.position();
        RecordBatchHeader first = scanner.header();
        if (first.nextOffset() > bound) {
            return new BatchRange(position, position, fromOffset, first.nextOffset());
        }
        long endPosition = scanner.endPosition();
        long nextOffset = first.nextOffset();
        SparseEntry far = index.lastWithin(start, position + maxBytes, bound);
        if (far != null && far.position() > endPosition) {
            endPosition = far.position();
            nextOffset = far.baseOffset();
            scanner = scannerAt(segment, open, far);
        }
        while (scanner.next()
                && scanner.endPosition() - position <= maxBytes
                && scanner.header().nextOffset() <= bound) {
            endPosition = scanner.endPosition();
            nextOffset = scanner.header().nextOffset();
        }
        return new BatchRange(position, endPosition, first.baseOffset(), nextOffset);
    }

    /** The entry if it is in the segment, else the segment's start. */
    private static SparseEntry startIn(Segment segment, @Nullable SparseEntry entry) {
        return entry != null && isIn(segment, entry)
                ? entry
                : new SparseEntry(
                        segment.baseOffset(),
                        segment.baseOffset(),
                        segment.generation(),
                        0,
                        0,
                        -1,
                        -1);
    }

    private static boolean isIn(Segment segment, SparseEntry entry) {
        return entry.segmentBaseOffset() == segment.baseOffset()
                && entry.generation() == segment.generation();
    }

    private static BatchScanner scannerAt(Segment segment, LogFile open, SparseEntry start) {
        return new BatchScanner(
                open,
                start.position(),
                segment.sizeBytes(),
                start.baseOffset(),
                -1,
                BatchScanner.SHORT_READ_BYTES);
    }

    /** The segment ends with a whole batch, and the next one goes on where it ends. */
    private static void requireWhole(SegmentList segments, int at, BatchScanner scanner) {
        requireWhole(segments.all().get(at), scanner);
        if (at + 1 < segments.all().size()
                && segments.all().get(at + 1).baseOffset() != scanner.nextOffset()) {
            throw Damage.at(
                    segments.all().get(at + 1).path(),
                    0,
                    BatchRules.segmentProblem(scanner.nextOffset()));
        }
    }

    private static void requireWhole(Segment segment, BatchScanner scanner) {
        String problem = scanner.problem();
        if (problem != null) {
            throw Damage.at(segment.path(), scanner.endPosition(), problem);
        }
    }

    /**
     * The bytes of the first batch that has a record of {@code timestampMillis} or later and ends
     * after {@code fromOffset}; null if there is none that starts below {@code upperBound}.
     */
    @Nullable ByteBuffer batchByTime(
            long timestampMillis, long fromOffset, long upperBound, PartitionIndex index)
            throws IOException {
        SegmentList segments = contents.segments();
        SparseEntry byTime = index.floorByTime(timestampMillis);
        long start = byTime == null ? fromOffset : Math.max(fromOffset, byTime.baseOffset());
        SparseEntry hint =
                byTime != null && byTime.baseOffset() >= fromOffset ? byTime : index.floor(start);
        for (int i = Math.max(0, segments.floorIndex(start)); i < segments.all().size(); i++) {
            Segment segment = segments.all().get(i);
            LogFile open = segment.file().pin();
            try {
                BatchScanner scanner = scannerAt(segment, open, startIn(segment, hint));
                while (scanner.next()) {
                    RecordBatchHeader header = scanner.header();
                    if (header.baseOffset() >= upperBound) {
                        return null;
                    }
                    if (header.maxTimestamp() >= timestampMillis
                            && header.nextOffset() > fromOffset) {
                        if (!scanner.crcMatches()) {
                            throw Damage.at(
                                    segment.path(), scanner.position(), BatchRules.CRC_PROBLEM);
                        }
                        return bytes(open, scanner.position(), header.sizeBytes());
                    }
                }
                requireWhole(segments, i, scanner);
            } finally {
                segment.file().unpin();
            }
        }
        return null;
    }

    private static ByteBuffer bytes(LogFile open, long position, int sizeBytes) throws IOException {
        ByteBuffer batch = ByteBuffer.allocate(sizeBytes);
        open.read(batch, position);
        return batch.flip();
    }

    /**
     * Where the batch that starts at {@code offset} is, or the one without records that stands for
     * it; null if there is none.
     */
    @Nullable LogTail placeOf(long offset, PartitionIndex index) throws IOException {
        SegmentList segments = contents.segments();
        int i = segments.floorIndex(offset);
        if (i < 0) {
            return null;
        }
        Segment segment = segments.all().get(i);
        LogFile open = segment.file().pin();
        try {
            BatchScanner scanner = scannerAt(segment, open, startIn(segment, index.floor(offset)));
            while (scanner.next()) {
                RecordBatchHeader header = scanner.header();
                if (header.baseOffset() == offset
                        || (header.nextOffset() > offset && header.isPlaceholder())) {
                    return new LogTail(
                            header.baseOffset(), segment.baseOffset(), scanner.position(), -1, -1);
                }
                if (header.nextOffset() > offset) {
                    return null;
                }
            }
            requireWhole(segment, scanner);
            return null;
        } finally {
            segment.file().unpin();
        }
    }

    @Override
    public Optional<ReplacedRange> replacementOf(SparseEntry entry) {
        SegmentList segments = contents.segments();
        int i = segments.floorIndex(entry.baseOffset());
        if (i < 0 || segments.all().get(i).generation() <= entry.generation()) {
            return Optional.empty();
        }
        return Optional.of(
                new ReplacedRange(
                        segments.all().get(i).baseOffset(),
                        segments.endOffset(i, contents.tail().endOffset())));
    }

    @Override
    public boolean holds(SparseEntry entry) {
        SegmentList segments = contents.segments();
        int i = segments.floorIndex(entry.segmentBaseOffset());
        if (i < 0 || entry.position() < 0) {
            return false;
        }
        Segment segment = segments.all().get(i);
        if (!isIn(segment, entry)
                || entry.position() + RecordBatchHeader.SIZE_BYTES > segment.sizeBytes()) {
            return false;
        }
        try {
            LogFile open = segment.file().pin();
            try {
                ByteBuffer bytes = bytes(open, entry.position(), RecordBatchHeader.SIZE_BYTES);
                if (bytes.remaining() < RecordBatchHeader.SIZE_BYTES) {
                    return false;
                }
                RecordBatchHeader header = RecordBatchHeader.read(bytes, 0);
                return header.baseOffset() == entry.baseOffset()
                        && header.crc() == entry.crc()
                        && header.leaderEpoch() == entry.leaderEpoch();
            } finally {
                segment.file().unpin();
            }
        } catch (NoSuchFileException e) {
            if (!contents.segments().equals(segments)) {
                return false; // gone meanwhile, and the entry with it
            }
            throw StorageFaultException.of("read", segment.path(), e);
        } catch (IOException e) {
            throw StorageFaultException.of("read", segment.path(), e);
        }
    }

    /**
     * Largest timestamp of a segment's records, -1 if none has one. Sealed segments are read at
     * most once, and not at all where the index tells.
     *
     * @param index which of {@code segments}
     */
    long newestTimestamp(SegmentList segments, int index, PartitionIndex rows) throws IOException {
        Segment segment = segments.all().get(index);
        OptionalLong known = segment.newestTimestampMillis();
        if (known.isPresent()) {
            return known.getAsLong();
        }
        boolean active = index + 1 == segments.all().size();
        if (!active) {
            SparseEntry first = rows.floor(segment.baseOffset());
            SparseEntry next = rows.floor(segments.all().get(index + 1).baseOffset());
            if (first != null
                    && next != null
                    && first.baseOffset() == segment.baseOffset()
                    && next.baseOffset() == segments.all().get(index + 1).baseOffset()
                    && next.maxTimestampBefore() > first.maxTimestampBefore()) {
                segment.newestTimestampMillis(next.maxTimestampBefore());
                return next.maxTimestampBefore();
            }
        }
        long newest = scanForNewest(segment);
        if (!active) {
            segment.newestTimestampMillis(newest);
        }
        return newest;
    }

    /** Timestamp of the first batch in a segment that has one, -1 if none has. */
    static long oldestTimestamp(Segment segment) throws IOException {
        LogFile open = segment.file().pin();
        try {
            BatchScanner scanner = scannerAt(segment, open, startIn(segment, null));
            while (scanner.next()) {
                if (scanner.header().maxTimestamp() >= 0) {
                    return scanner.header().maxTimestamp();
                }
            }
            requireWhole(segment, scanner);
            return -1;
        } finally {
            segment.file().unpin();
        }
    }

    private static long scanForNewest(Segment segment) throws IOException {
        LogFile open = segment.file().pin();
        try {
            BatchScanner scanner = scannerAt(segment, open, startIn(segment, null));
            long newest = -1;
            while (scanner.next()) {
                newest = Math.max(newest, scanner.header().maxTimestamp());
            }
            requireWhole(segment, scanner);
            return newest;
        } finally {
            segment.file().unpin();
        }
    }

    @Override
    public long firstSegmentOffset() {
        SegmentList segments = contents.segments();
        return segments.isEmpty()
                ? contents.tail().endOffset()
                : segments.all().get(0).baseOffset();
    }

    @Override
    public LogTail tail() {
        return contents.tail();
    }

    @Override
    public void forEachBatch(
            @Nullable SparseEntry hint, long fromOffset, long toOffset, BatchSink sink)
            throws IOException {
        SegmentList segments = contents.segments();
        for (int i = Math.max(0, segments.floorIndex(fromOffset));
                i < segments.all().size() && segments.all().get(i).baseOffset() < toOffset;
                i++) {
            Segment segment = segments.all().get(i);
            LogFile open = segment.file().pin();
            try {
                SparseEntry start = startIn(segment, hint);
                BatchScanner scanner =
                        new BatchScanner(
                                open,
                                start.position(),
                                segment.sizeBytes(),
                                start.baseOffset(),
                                -1,
                                BatchScanner.LONG_READ_BYTES);
                while (scanner.next()) {
                    if (scanner.header().baseOffset() >= toOffset) {
                        return;
                    }
                    if (scanner.header().baseOffset() >= fromOffset) {
                        sink.onBatch(scanner.header(), segment, scanner.position());
                    }
                }
                requireWhole(segments, i, scanner);
            } finally {
                segment.file().unpin();
            }
        }
    }
}
