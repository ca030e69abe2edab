package io.kq.log.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries of one partition, in memory: those not yet written to RocksDB, and before them
 * some that readers near the end will want. Added to by the appender, read by any thread.
 */
final class TailIndex {

    /** Entries kept for readers once they are written. */
    private static final int KEPT_COUNT = 512;

    /** Unwritten entries beyond this many are given up; the gap is read from the segments later. */
    private static final int COUNT_MAX = 1 << 16;

    /** By base offset. Guarded by this. */
    private final List<SparseEntry> entries = new ArrayList<>();

    /** For each entry, how much the directory had taken in when it was added. Guarded by this. */
    private final List<Long> marks = new ArrayList<>();

    /** How many of the first ones are in RocksDB. Guarded by this. */
    private int writtenCount;

    /** From here on no batch lacks its entry. Guarded by this. */
    private long coveredFrom;

    TailIndex(long coveredFrom) {
        this.coveredFrom = coveredFrom;
    }

    synchronized void add(SparseEntry entry, long mark) {
        entries.add(entry);
        marks.add(mark);
        if (entries.size() > COUNT_MAX) {
            drop(COUNT_MAX / 2);
        }
    }

    /** Entries that are not in RocksDB yet. */
    synchronized List<SparseEntry> unwritten() {
        return List.copyOf(entries.subList(writtenCount, entries.size()));
    }

    /** Takes note that entries up to this base offset are in RocksDB now. */
    synchronized void written(long lastBaseOffset) {
        while (writtenCount < entries.size()
                && entries.get(writtenCount).baseOffset() <= lastBaseOffset) {
            writtenCount++;
        }
        if (writtenCount > 2 * KEPT_COUNT) {
            drop(writtenCount - KEPT_COUNT);
        }
    }

    private void drop(int count) {
        coveredFrom = entries.get(count).baseOffset();
        entries.subList(0, count).clear();
        marks.subList(0, count).clear();
        writtenCount = Math.max(0, writtenCount - count);
    }

    synchronized void cut(long endOffset) {
        int kept = floorIndex(endOffset - 1) + 1;
        entries.subList(kept, entries.size()).clear();
        marks.subList(kept, marks.size()).clear();
        writtenCount = Math.min(writtenCount, kept);
        coveredFrom = Math.min(coveredFrom, endOffset);
    }

    /** Forgets the entries before {@code startOffset}, where a segment starts. */
    synchronized void forgetBelow(long startOffset) {
        int gone = floorIndex(startOffset - 1) + 1;
        entries.subList(0, gone).clear();
        marks.subList(0, gone).clear();
        writtenCount = Math.max(0, writtenCount - gone);
        coveredFrom = Math.max(coveredFrom, startOffset);
    }

    /** From here on no batch lacks its entry. */
    synchronized long coveredFrom() {
        return coveredFrom;
    }

    /** The last entry at or before {@code offset}; null if it may be older than what is here. */
    synchronized @Nullable SparseEntry floor(long offset) {
        int index = floorIndex(offset);
        return index < 0 ? null : entries.get(index);
    }

    /**
     * How much the directory had taken in when the batch at {@code offset} came, or less; -1 if
     * that is too long ago.
     */
    synchronized long markAt(long offset) {
        int index = floorIndex(offset);
        return index < 0 ? -1 : marks.get(index);
    }

    /**
     * The last entry of the segment that starts after {@code afterPosition}, at most at {@code
     * positionMax} and at most at {@code offsetMax}; null if none is here.
     */
    synchronized @Nullable SparseEntry lastWithin(
            long segmentBaseOffset, long afterPosition, long positionMax, long offsetMax) {
        int index = Math.min(floorIndex(offsetMax), floorPlace(segmentBaseOffset, positionMax));
        if (index < 0) {
            return null;
        }
        SparseEntry entry = entries.get(index);
        return entry.segmentBaseOffset() == segmentBaseOffset && entry.position() > afterPosition
                ? entry
                : null;
    }

    /** The last entry before which all timestamps are smaller; null if that may be older. */
    synchronized @Nullable SparseEntry floorByTime(long timestampMillis) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).maxTimestampBefore() < timestampMillis) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? null : entries.get(high);
    }

    private int floorIndex(long offset) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Index of the last entry at or before a place in a segment. */
    private int floorPlace(long segmentBaseOffset, long position) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            SparseEntry entry = entries.get(middle);
            if (entry.segmentBaseOffset() < segmentBaseOffset
                    || (entry.segmentBaseOffset() == segmentBaseOffset
                            && entry.position() <= position)) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
