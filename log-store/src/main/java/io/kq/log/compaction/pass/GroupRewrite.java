package io.kq.log.compaction.pass;

import io.kq.log.compaction.BatchVerdict;
import io.kq.log.compaction.BatchVerdict.Empties;
import io.kq.log.compaction.BatchVerdict.Goes;
import io.kq.log.compaction.BatchVerdict.Shrinks;
import io.kq.log.compaction.BatchVerdict.Stays;
import io.kq.log.compaction.RecordChoice;
import io.kq.log.compaction.Throttle;
import io.kq.log.layout.Replacement;
import io.kq.log.layout.SegmentName;
import io.kq.log.segment.Segment;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchFilter;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes one segment of neighbouring ones, without the records that go. */
final class GroupRewrite {

    private final CompactedLog log;
    private final SourceReader reader;
    private final RecordChoice choice;
    private final Throttle throttle;
    private final List<SourceSegment> group;

    /** Records of the group that are not in its new segment. */
    private long removedCount;

    GroupRewrite(
            CompactedLog log,
            SourceReader reader,
            RecordChoice choice,
            Throttle throttle,
            List<SourceSegment> group) {
        this.log = log;
        this.reader = reader;
        this.choice = choice;
        this.throttle = throttle;
        this.group = group;
    }

    long removedCount() {
        return removedCount;
    }

    long sizeBytes() {
        return group.stream().mapToLong(source -> source.segment().sizeBytes()).sum();
    }

    /** Whether it is worth it: there are several segments, or something of the one goes. */
    boolean changesSomething() throws IOException {
        return group.size() > 1
                || !reader.forEach(group.get(0), 0, (header, bytes) -> !changes(header, bytes));
    }

    private boolean changes(RecordBatchHeader header, ByteBuffer bytes) {
        if (choice.staysUnread(header)) {
            return false;
        }
        return SourceReader.records(bytes)
                .map(choice::judge)
                .filter(verdict -> verdict instanceof Shrinks || verdict.removedCount() > 0)
                .isPresent();
    }

    /**
     * Writes the new segment and puts it in place.
     *
     * @throws PassAbandonedException if the log is not what it was
     * @throws RejectedException DISK_FULL, STORAGE_FAULT
     */
    Segment run() throws IOException {
        requireRoom();
        Replacement replacement = replacement();
        CleanedFile file =
                CleanedFile.create(log, log.directory().resolve(replacement.unfinishedName()));
        boolean done = false;
        try {
            for (SourceSegment source : group) {
                reader.forEach(source, 0, (header, bytes) -> rewrite(header, bytes, file));
            }
            Segment compacted =
                    file.finish(replacement.segment(), group.get(0).segment().startedMillis());
            done = log.replace(replacement, segments(), compacted);
            if (!done) {
                throw new PassAbandonedException();
            }
            return compacted;
        } finally {
            file.release();
            if (!done) {
                file.discard();
            }
        }
    }

    private void requireRoom() {
        if (!log.hasRoom(sizeBytes())) {
            throw new RejectedException(
                    ErrorCode.DISK_FULL,
                    "compaction needs "
                            + sizeBytes()
                            + " bytes beside the segments of "
                            + log.directory()
                            + " that it writes anew, and the disk has less outside of its reserve");
        }
    }

    private List<Segment> segments() {
        return group.stream().map(SourceSegment::segment).toList();
    }

    private Replacement replacement() {
        int generation = 0;
        for (Segment segment : segments()) {
            generation = Math.max(generation, segment.generation());
        }
        long base = group.get(0).segment().baseOffset();
        return new Replacement(
                new SegmentName(base, generation + 1), group.get(group.size() - 1).endOffset());
    }

    private boolean rewrite(RecordBatchHeader header, ByteBuffer bytes, CleanedFile file) {
        Optional<RecordReader> records =
                choice.staysUnread(header) ? Optional.empty() : SourceReader.records(bytes);
        BatchVerdict verdict = records.map(choice::judge).orElse(new Stays());
        removedCount += verdict.removedCount();
        long before = file.sizeBytes();
        ByteBuffer kept = kept(verdict, header, bytes, records.orElse(null));
        if (kept == null) {
            file.drop(header);
        } else {
            file.keep(kept);
        }
        throttle.took(file.sizeBytes() - before);
        return true;
    }

    private static @Nullable ByteBuffer kept(
            BatchVerdict verdict,
            RecordBatchHeader header,
            ByteBuffer bytes,
            @Nullable RecordReader records) {
        if (verdict instanceof Goes) {
            return null;
        }
        if (verdict instanceof Empties) {
            return BatchFilter.emptied(header);
        }
        if (verdict instanceof Shrinks shrinks && records != null) {
            return BatchFilter.retain(records, shrinks.retained(), shrinks.deleteHorizonMillis());
        }
        return bytes;
    }
}
