package io.kq.log.segment;

import java.util.ArrayList;
import java.util.List;

/**
 * The segments of a log in offset order. Immutable; its owner replaces it.
 *
 * @param all by base offset; the last one is active
 */
public record SegmentList(List<Segment> all) {

    public SegmentList {
        all = List.copyOf(all);
    }

    /** No segments: nothing was ever appended. */
    public static SegmentList empty() {
        return new SegmentList(List.of());
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The active segment. */
    public Segment last() {
        return all.get(all.size() - 1);
    }

    /** Index of the segment that {@code offset} belongs to, -1 if it is below the first. */
    public int floorIndex(long offset) {
        int low = 0;
        int high = all.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Size of the segments from the one with record {@code from} to before that at {@code to}. */
    public long bytesBetween(long from, long to) {
        long bytes = 0;
        int first = Math.max(floorIndex(from), 0);
        for (int i = first; i < all.size() && all.get(i).baseOffset() < to; i++) {
            bytes += all.get(i).sizeBytes();
        }
        return bytes;
    }

    /** With one more at the end. */
    public SegmentList plus(Segment segment) {
        List<Segment> more = new ArrayList<>(all);
        more.add(segment);
        return new SegmentList(more);
    }

    /** The first {@code count} of them. */
    public SegmentList first(int count) {
        return new SegmentList(all.subList(0, count));
    }

    /** All but the first {@code count}. */
    public SegmentList without(int count) {
        return new SegmentList(all.subList(count, all.size()));
    }

    /** With {@code segment} in place of {@code count} of them, from the one at {@code first}. */
    public SegmentList replaced(int first, int count, Segment segment) {
        List<Segment> changed = new ArrayList<>(all);
        changed.subList(first, first + count).clear();
        changed.add(first, segment);
        return new SegmentList(changed);
    }

    /**
     * Offset after the last one that segment {@code index} can hold, the log's end for the last.
     */
    public long endOffset(int index, long logEndOffset) {
        return index + 1 < all.size() ? all.get(index + 1).baseOffset() : logEndOffset;
    }

    /** Bytes of all of them. */
    public long sizeBytes() {
        long total = 0;
        for (Segment segment : all) {
            total += segment.sizeBytes();
        }
        return total;
    }
}
