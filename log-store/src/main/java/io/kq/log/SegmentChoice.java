package io.kq.log;

import io.kq.log.compaction.CompactableSegment;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.compaction.DirtyRange;
import io.kq.log.index.PartitionIndex;
import io.kq.log.retention.RetentionPolicy;
import io.kq.log.retention.SegmentFacts;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a log's segments before a {@link RetentionPolicy} or a {@link CompactionPolicy}. Any thread,
 * blocking.
 */
final class SegmentChoice {

    private final LogContents contents;
    private final LogReader reader;
    private final GuardedReads reads;
    private final PartitionIndex index;

    SegmentChoice(
            LogContents contents, LogReader reader, GuardedReads reads, PartitionIndex index) {
        this.contents = contents;
        this.reader = reader;
        this.reads = reads;
        this.index = index;
    }

    /**
     * How many of the oldest of {@code segments} the policy lets go.
     *
     * @param logEndOffset where they end
     */
    int countToDelete(
            RetentionPolicy policy,
            SegmentList segments,
            long logEndOffset,
            long upperBound,
            long nowMillis) {
        List<SegmentFacts> facts = new ArrayList<>();
        for (int i = 0; i < segments.all().size(); i++) {
            int at = i;
            facts.add(
                    new SegmentFacts(
                            segments.endOffset(i, logEndOffset),
                            segments.all().get(i).sizeBytes(),
                            () -> newestTimestamp(segments, at)));
        }
        long start = contents.logStartOffset();
        return reads.looking(
                damages -> {
                    try {
                        return policy.countToDelete(facts, start, upperBound, nowMillis);
                    } catch (UncheckedIOException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * What the policy has compacted now.
     *
     * @param upperBound no segment is looked at that ends after it
     */
    Optional<DirtyRange> dirtyRange(CompactionPolicy policy, long upperBound, long nowMillis) {
        SegmentList segments = contents.segments();
        List<CompactableSegment> sealed = new ArrayList<>();
        for (int i = 0; i + 1 < segments.all().size(); i++) {
            int at = i;
            Segment segment = segments.all().get(i);
            sealed.add(
                    new CompactableSegment(
                            segment.baseOffset(),
                            segments.all().get(i + 1).baseOffset(),
                            segment.sizeBytes(),
                            () -> newestTimestamp(segments, at),
                            () -> oldestTimestamp(segment)));
        }
        long compactedTo = contents.compactedTo();
        return reads.looking(
                damages -> {
                    try {
                        return policy.dirtyRange(sealed, compactedTo, upperBound, nowMillis);
                    } catch (UncheckedIOException e) {
                        throw e.getCause();
                    }
                });
    }

    private static long oldestTimestamp(Segment segment) {
        try {
            return LogReader.oldestTimestamp(segment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By its records; where they have no timestamps, by when the file was last written. */
    private long newestTimestamp(SegmentList segments, int at) {
        try {
            long newest = reader.newestTimestamp(segments, at, index);
            return newest >= 0
                    ? newest
                    : Files.getLastModifiedTime(segments.all().get(at).path()).toMillis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
