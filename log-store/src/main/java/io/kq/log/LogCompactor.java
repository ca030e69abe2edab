package io.kq.log;

import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.compaction.CompactionReport;
import io.kq.log.compaction.DirtyRange;
import io.kq.log.compaction.pass.CompactedLog;
import io.kq.log.compaction.pass.CompactionPass;
import io.kq.log.index.ReplacedRange;
import io.kq.log.io.LogFiles;
import io.kq.log.io.OpenFiles;
import io.kq.log.io.StorageFaultException;
import io.kq.log.layout.Replacement;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts a log. A pass reads and writes with nothing held; only to put a new segment in place of
 * old ones are syncs held off, and appends for the moment of an assignment. One pass at a time.
 */
final class LogCompactor {

    private static final Logger LOG = LoggerFactory.getLogger(LogCompactor.class);

    private final Path directory;
    private final StoreServices services;
    private final LogContents contents;
    private final SegmentChoice choice;
    private final LogWriter writer;
    private final LogSyncer syncer;
    private final ReplicaLog.Checkpointing checkpointing;

    LogCompactor(
            Path directory,
            StoreServices services,
            LogContents contents,
            SegmentChoice choice,
            LogWriter writer,
            LogSyncer syncer,
            ReplicaLog.Checkpointing checkpointing) {
        this.directory = directory;
        this.services = services;
        this.contents = contents;
        this.choice = choice;
        this.writer = writer;
        this.syncer = syncer;
        this.checkpointing = checkpointing;
    }

    /** {@link PartitionLog#dirtyRange} */
    Optional<DirtyRange> dirtyRange(CompactionPolicy policy, long upperBound, long nowMillis) {
        return choice.dirtyRange(
                policy, Math.min(upperBound, syncer.durableEndOffset()), nowMillis);
    }

    /** {@link PartitionLog#compact} */
    synchronized Optional<CompactionReport> compact(
            CompactionPolicy policy, CompactionMeans means, long upperBound, long nowMillis)
            throws IOException {
        int cuts = contents.cutCount();
        Optional<DirtyRange> range = dirtyRange(policy, upperBound, nowMillis);
        if (range.isEmpty()) {
            return Optional.empty();
        }
        CompactionReport report =
                new CompactionPass(new Passed(cuts), policy, means, nowMillis).run(range.get());
        if (report.toOffset() > report.fromOffset()) {
            syncer.exclusively(
                    () -> {
                        if (contents.cutCount() == cuts) {
                            contents.compactedTo(report.toOffset());
                        }
                    });
        }
        LOG.info(
                "Compacted directory={} fromOffset={} toOffset={} segmentsBefore={}"
                        + " segmentsAfter={} bytesBefore={} bytesAfter={} recordsRemoved={}",
                directory,
                report.fromOffset(),
                report.toOffset(),
                report.segmentsBefore(),
                report.segmentsAfter(),
                report.bytesBefore(),
                report.bytesAfter(),
                report.recordsRemoved());
        return Optional.of(report);
    }

    /** Where the group stands in the log, -1 if it is not wholly there any more. */
    private int indexOf(List<Segment> group) {
        SegmentList segments = contents.segments();
        int at = Collections.indexOfSubList(segments.all(), group);
        return at + group.size() < segments.all().size() ? at : -1;
    }

    /**
     * In an order in which a crash anywhere leaves what the next opening can finish; step by step
     * in docs/internals/log-store.md. From the renaming on, what fails leaves files that must be
     * sorted out before anything else changes: the directory takes no more writes.
     */
    private boolean exchange(Replacement replacement, List<Segment> replaced, Segment compacted)
            throws IOException {
        int at = indexOf(replaced);
        if (at < 0) {
            return false;
        }
        syncer.sync();
        checkpointing.write();
        LogFiles files = services.openFiles().files();
        compacted.file().rename(directory.resolve(replacement.swapName()));
        try {
            files.syncDirectory(directory);
            writer.replace(at, replaced.size(), compacted);
            for (Segment segment : replaced) {
                segment.file().discard();
                files.delete(segment.path());
            }
            files.syncDirectory(directory);
            compacted.file().rename(directory.resolve(replacement.segment().fileName()));
        } catch (IOException e) {
            throw services.disk()
                    .syncFailed(StorageFaultException.of("replace segments in", directory, e));
        }
        return true;
    }

    /** The log as the pass sees it that began after so many cuts. */
    private final class Passed implements CompactedLog {

        private final int cuts;

        Passed(int cuts) {
            this.cuts = cuts;
        }

        @Override
        public Path directory() {
            return directory;
        }

        @Override
        public OpenFiles openFiles() {
            return services.openFiles();
        }

        @Override
        public SegmentList segments() {
            return contents.segments();
        }

        @Override
        public LongPredicate rememberedBatches(long endOffset) throws IOException {
            Optional<Set<Long>> committed = syncer.rememberedAt(endOffset);
            if (committed.isEmpty()) {
                return baseOffset -> true;
            }
            Set<Long> remembered = new HashSet<>(writer.rememberedBatches());
            remembered.addAll(committed.get());
            return remembered::contains;
        }

        @Override
        public boolean isCurrent() {
            return contents.cutCount() == cuts && writer.isOpen();
        }

        @Override
        public boolean hasRoom(long bytes) {
            return services.space().hasRoom(bytes);
        }

        @Override
        public RejectedException writeFailed(Path file, IOException cause) {
            return services.disk().failed(StorageFaultException.of("write", file, cause));
        }

        @Override
        public RejectedException syncFailed(Path file, IOException cause) {
            return services.disk().syncFailed(StorageFaultException.of("fsync", file, cause));
        }

        @Override
        public boolean replace(Replacement replacement, List<Segment> replaced, Segment compacted) {
            boolean[] done = {false};
            try {
                syncer.exclusively(
                        () -> done[0] = isCurrent() && exchange(replacement, replaced, compacted));
                if (done[0]) {
                    writer.indexReplaced(
                            new ReplacedRange(compacted.baseOffset(), replacement.endOffset()));
                }
            } catch (IOException e) {
                throw writeFailed(directory, e);
            }
            return done[0];
        }
    }
}
