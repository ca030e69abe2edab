package io.kq.log.segment;

import io.kq.protocol.record.RecordBatchHeader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the last batches of the active segment are, one by one, so that readers at the end of the
 * log need neither the index nor the file to find what to send. A ring that grows to its bound from
 * nothing, since most partitions of a node are idle. Any thread; each call takes a lock for well
 * under a microsecond.
 */
final class RecentBatches {

    private static final int INITIAL_COUNT = 16;
    private static final int COUNT_MAX = 512;

    private long[] baseOffsets = {};
    private long[] nextOffsets = {};
    private long[] endPositions = {};
    private int[] sizes = {};

    /** Batches ever added since the last cut; the newest is at {@code (added - 1) % length}. */
    private long added;

    /** Batches that can be asked for. Invariant: {@code count <= length of the arrays}. */
    private int count;

    synchronized void add(RecordBatchHeader header, long endPosition) {
        if (count == baseOffsets.length && count < COUNT_MAX) {
            grow();
        }
        int slot = slot(added);
        baseOffsets[slot] = header.baseOffset();
        nextOffsets[slot] = header.nextOffset();
        endPositions[slot] = endPosition;
        sizes[slot] = header.sizeBytes();
        added++;
        count = Math.min(count + 1, baseOffsets.length);
    }

    /** Forgets everything, after the file was cut. */
    synchronized void clear() {
        count = 0;
    }

    /**
     * The batches from the one that contains {@code fromOffset}, bounded as {@code
     * PartitionLog.read} says. Null if they are not all known here; empty if the first one ends
     * after the bound.
     */
    synchronized @Nullable BatchRange find(long fromOffset, long upperBound, int maxBytes) {
        if (count == 0 || fromOffset < baseOffsets[slot(added - count)]) {
            return null;
        }
        long low = added - count;
        long high = added - 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (nextOffsets[slot(middle)] > fromOffset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        int first = slot(low);
        if (nextOffsets[first] <= fromOffset) {
            return null;
        }
        long position = endPositions[first] - sizes[first];
        if (nextOffsets[first] > upperBound) {
            return new BatchRange(position, position, fromOffset, fromOffset);
        }
        long last = low;
        while (last + 1 < added
                && nextOffsets[slot(last + 1)] <= upperBound
                && endPositions[slot(last + 1)] - position <= maxBytes) {
            last++;
        }
        return new BatchRange(
                position, endPositions[slot(last)], baseOffsets[first], nextOffsets[slot(last)]);
    }

    private int slot(long number) {
        return (int) (number % baseOffsets.length);
    }

    private void grow() {
        int oldLength = baseOffsets.length;
        int start = oldLength == 0 ? 0 : slot(added - count);
        int newLength = Math.max(INITIAL_COUNT, oldLength * 2);
        baseOffsets = unrolled(baseOffsets, start, newLength);
        nextOffsets = unrolled(nextOffsets, start, newLength);
        endPositions = unrolled(endPositions, start, newLength);
        int[] newSizes = new int[newLength];
        System.arraycopy(sizes, start, newSizes, 0, oldLength - start);
        System.arraycopy(sizes, 0, newSizes, oldLength - start, start);
        sizes = newSizes;
        added = count;
    }

    private static long[] unrolled(long[] ring, int start, int newLength) {
        long[] result = Arrays.copyOfRange(ring, start, start + newLength);
        System.arraycopy(ring, 0, result, ring.length - start, start);
        return result;
    }
}
