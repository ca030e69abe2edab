package io.kq.log.compaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When a log is compacted, and what of it. Pure; the time is passed in.
 *
 * @param minDirtyRatio it is worth it once more than this share of the bytes is dirty, 0 to 1
 * @param minLagMillis a segment with a younger record is left alone
 * @param maxLagMillis once the oldest dirty record is older, the ratio does not matter
 * @param deleteRetentionMillis a tombstone stays for so long after a pass first met it
 * @param segmentBytes neighbours become one segment as long as they had no more together
 */
public record CompactionPolicy(
        double minDirtyRatio,
        long minLagMillis,
        long maxLagMillis,
        long deleteRetentionMillis,
        long segmentBytes) {

    /**
     * What to compact now; empty if there is nothing, or not enough yet.
     *
     * @param sealed all sealed segments of a log, oldest first
     * @param compactedTo everything below was compacted before
     * @param upperBound no segment is looked at that ends after it
     * @param nowMillis wall clock
     */
    public Optional<DirtyRange> dirtyRange(
            List<CompactableSegment> sealed, long compactedTo, long upperBound, long nowMillis) {
        long cleanBytes = 0;
        long dirtyBytes = 0;
        long end = -1;
        boolean overdue = false;
        for (CompactableSegment segment : sealed) {
            if (segment.endOffset() <= compactedTo) {
                cleanBytes += segment.sizeBytes();
                continue;
            }
            if (segment.endOffset() > upperBound || isTooYoung(segment, nowMillis)) {
                break;
            }
            overdue |= dirtyBytes == 0 && isOverdue(segment, nowMillis);
            dirtyBytes += segment.sizeBytes();
            end = segment.endOffset();
        }
        if (dirtyBytes == 0) {
            return Optional.empty();
        }
        long from = Math.max(compactedTo, sealed.get(0).baseOffset());
        DirtyRange range = new DirtyRange(from, end, cleanBytes, dirtyBytes);
        return overdue || range.ratio() > minDirtyRatio ? Optional.of(range) : Optional.empty();
    }

    private boolean isTooYoung(CompactableSegment segment, long nowMillis) {
        return minLagMillis > 0
                && segment.newestTimestampMillis().getAsLong() > nowMillis - minLagMillis;
    }

    private boolean isOverdue(CompactableSegment segment, long nowMillis) {
        long oldest = maxLagMillis == Long.MAX_VALUE ? -1 : oldestOf(segment);
        return oldest >= 0 && nowMillis - oldest > maxLagMillis;
    }

    private static long oldestOf(CompactableSegment segment) {
        return segment.oldestTimestampMillis().getAsLong();
    }

    /**
     * Which neighbours become one segment: how many of them, from the first on.
     *
     * @param sizesBytes of the segments, oldest first
     */
    public List<Integer> groups(List<Long> sizesBytes) {
        List<Integer> counts = new ArrayList<>();
        int count = 0;
        long bytes = 0;
        for (long size : sizesBytes) {
            if (count > 0 && bytes + size > segmentBytes) {
                counts.add(count);
                count = 0;
                bytes = 0;
            }
            count++;
            bytes += size;
        }
        if (count > 0) {
            counts.add(count);
        }
        return counts;
    }
}
