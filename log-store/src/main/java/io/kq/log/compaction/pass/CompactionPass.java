package io.kq.log.compaction.pass;

import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.compaction.CompactionReport;
import io.kq.log.compaction.DirtyRange;
import io.kq.log.compaction.KeyOffsets;
import io.kq.log.compaction.RecordChoice;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One pass of compaction over a log: collects the keys of the dirty range, then goes through all
 * sealed segments up to its end, oldest first, and writes those anew that have a record which one
 * of the range supersedes. Beside appends and reads.
 */
public final class CompactionPass {

    private final CompactedLog log;
    private final CompactionPolicy policy;
    private final CompactionMeans means;
    private final long nowMillis;
    private final SourceReader reader;

    /**
     * Prepares a pass.
     *
     * @param nowMillis wall clock
     */
    public CompactionPass(
            CompactedLog log, CompactionPolicy policy, CompactionMeans means, long nowMillis) {
        this.log = log;
        this.policy = policy;
        this.means = means;
        this.nowMillis = nowMillis;
        this.reader = new SourceReader(log, means.throttle());
    }

    /**
     * Does it.
     *
     * @throws io.kq.protocol.RejectedException DISK_FULL, STORAGE_FAULT; what was replaced stays so
     */
    public CompactionReport run(DirtyRange range) throws IOException {
        CompactionReport report = CompactionReport.begin(range.fromOffset());
        try {
            List<SourceSegment> dirty = sealedBelow(range.toOffset());
            KnownKeys keys =
                    KnownKeys.read(
                            reader, dirty, range, KeyOffsets.capacityOf(means.keyMapBytes()));
            List<SourceSegment> sources = sealedBelow(keys.toOffset());
            RecordChoice choice =
                    new RecordChoice(
                            keys.offsets(),
                            keys.toOffset(),
                            log.rememberedBatches(endOf(sources)),
                            nowMillis,
                            policy.deleteRetentionMillis());
            for (List<SourceSegment> group : groups(sources)) {
                report = rewrite(group, choice, report);
            }
            return report.upTo(keys.toOffset());
        } catch (PassAbandonedException abandoned) {
            return report;
        }
    }

    private CompactionReport rewrite(
            List<SourceSegment> group, RecordChoice choice, CompactionReport before)
            throws IOException {
        GroupRewrite rewrite = new GroupRewrite(log, reader, choice, means.throttle(), group);
        if (!rewrite.changesSomething()) {
            return before;
        }
        Segment compacted = rewrite.run();
        return before.plus(
                group.size(), rewrite.sizeBytes(), compacted.sizeBytes(), rewrite.removedCount());
    }

    /** The sealed segments that begin before {@code offset}. */
    private List<SourceSegment> sealedBelow(long offset) {
        SegmentList segments = log.segments();
        List<SourceSegment> sealed = new ArrayList<>();
        for (int i = 0; i + 1 < segments.all().size(); i++) {
            if (segments.all().get(i).baseOffset() < offset) {
                sealed.add(
                        new SourceSegment(
                                segments.all().get(i), segments.all().get(i + 1).baseOffset()));
            }
        }
        return sealed;
    }

    private static long endOf(List<SourceSegment> sources) {
        return sources.isEmpty() ? 0 : sources.get(sources.size() - 1).endOffset();
    }

    private List<List<SourceSegment>> groups(List<SourceSegment> sources) {
        List<Long> sizes = sources.stream().map(s -> s.segment().sizeBytes()).toList();
        List<List<SourceSegment>> groups = new ArrayList<>();
        int from = 0;
        for (int count : policy.groups(sizes)) {
            groups.add(sources.subList(from, from + count));
            from += count;
        }
        return groups;
    }
}
