package io.kq.log.recovery;

import io.kq.log.io.LogFile;
import io.kq.log.io.OpenFiles;
import io.kq.log.layout.PartitionCheckpoint;
import io.kq.log.layout.SegmentName;
import io.kq.log.layout.StoreLayout;
import io.kq.log.producer.ProducerSnapshot;
import io.kq.log.producer.ProducerSnapshotFiles;
import io.kq.log.producer.ProducerTable;
import io.kq.log.segment.BatchScanner;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out where a partition's log ends and what was known of its producers.
 *
 * <p>After a clean stop the checkpoint says it all and no segment is read. Else the batches from
 * the recovery point on are read and their CRCs checked; the first place where no whole batch is,
 * is where the log was torn, and everything from there on is cut off. Below the recovery point
 * nothing may be missing: what does not fit there is damage, the log is not opened and not touched.
 */
public final class LogRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    private final OpenFiles openFiles;
    private final Path directory;
    private final long nowMillis;
    private final ProducerSnapshotFiles snapshots;

    /**
     * Prepares to open one log.
     *
     * @param nowMillis wall clock; producers found in the log count as heard of now
     */
    public LogRecovery(OpenFiles openFiles, Path directory, long nowMillis) {
        this.openFiles = openFiles;
        this.directory = directory;
        this.nowMillis = nowMillis;
        this.snapshots = new ProducerSnapshotFiles(openFiles.files(), directory);
    }

    /**
     * Opens the log.
     *
     * @param checkpoint what was last written down of it
     * @param cleanStop the directory's last stop was in good order
     * @throws io.kq.protocol.RejectedException STORAGE_FAULT if it is damaged
     */
    public RecoveredLog recover(Optional<PartitionCheckpoint> checkpoint, boolean cleanStop)
            throws IOException {
        UnfinishedCompaction.finish(openFiles.files(), directory);
        return open(checkpoint, cleanStop)
                .withCompactedTo(checkpoint.map(PartitionCheckpoint::compactedTo).orElse(0L));
    }

    private RecoveredLog open(Optional<PartitionCheckpoint> checkpoint, boolean cleanStop)
            throws IOException {
        List<Segment> segments = listSegments(checkpoint);
        if (segments.isEmpty()) {
            return withoutSegments(checkpoint, cleanStop);
        }
        checkpoint.ifPresent(known -> requireWhatWasDurable(known, segments));
        boolean changed =
                cleanStop && checkpoint.isPresent() && !hasAllSealed(segments, checkpoint.get());
        if (changed) {
            LOG.warn("Segments are not as the last stop left them, reads all log={}", directory);
            return scanAll(segments, checkpoint.get());
        }
        if (cleanStop && checkpoint.isPresent() && endsAt(segments, checkpoint.get())) {
            Optional<ProducerTable> producers = producersAt(checkpoint.get());
            if (producers.isPresent()) {
                return clean(segments, checkpoint.get(), producers.get());
            }
        }
        return scan(segments, checkpoint);
    }

    private List<Segment> listSegments(Optional<PartitionCheckpoint> checkpoint)
            throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (Path entry : StoreLayout.entries(directory)) {
            Optional<SegmentName> name = SegmentName.parse(StoreLayout.nameOf(entry));
            if (name.isPresent()) {
                long base = name.get().baseOffset();
                long startedMillis =
                        checkpoint
                                .filter(known -> known.segmentBaseOffset() == base)
                                .map(PartitionCheckpoint::segmentStartedMillis)
                                .orElse(nowMillis);
                segments.add(
                        Segment.existing(
                                openFiles.existing(entry),
                                name.get(),
                                Files.size(entry),
                                startedMillis));
            }
        }
        segments.sort(Comparator.comparingLong(Segment::baseOffset));
        if (checkpoint.isPresent()) {
            finishDeleting(segments, checkpoint.get());
        }
        for (int i = 0; i < segments.size() - 1; i++) {
            segments.get(i).seal();
        }
        return segments;
    }

    /**
     * Segments below the log's start were on their way out when the last process ended, or came
     * back with the power. Those that still tell of producers stay, as they would have, and the one
     * in which a cut lowered the recovery point.
     */
    private void finishDeleting(List<Segment> segments, PartitionCheckpoint known)
            throws IOException {
        if (known.segmentBaseOffset() < 0) {
            deleteFirst(segments, before(segments, known.logStartOffset()));
            return;
        }
        long keptFrom = Math.min(known.logStartOffset(), known.segmentBaseOffset());
        int gone = 0;
        for (int i = 1; i < segments.size(); i++) {
            long base = segments.get(i).baseOffset();
            if (base <= keptFrom && snapshots.read(base).isPresent()) {
                gone = i;
            }
        }
        deleteFirst(segments, gone);
        if (gone > 0) {
            snapshots.deleteBelow(segments.get(0).baseOffset());
        }
    }

    /**
     * How many of the first ones an empty log left behind when it was begun elsewhere. Nothing in
     * them was ever promised; what a torn append left there may have come back with the power.
     */
    private static int before(List<Segment> segments, long logStartOffset) {
        int count = 0;
        while (count < segments.size() && segments.get(count).baseOffset() < logStartOffset) {
            count++;
        }
        return count;
    }

    private void deleteFirst(List<Segment> segments, int count) throws IOException {
        for (Segment segment : segments.subList(0, count)) {
            segment.file().discard();
            openFiles.files().delete(segment.path());
        }
        segments.subList(0, count).clear();
    }

    private RecoveredLog withoutSegments(
            Optional<PartitionCheckpoint> checkpoint, boolean cleanStop) {
        long start = checkpoint.map(PartitionCheckpoint::logStartOffset).orElse(0L);
        long end = checkpoint.map(PartitionCheckpoint::recoveryPoint).orElse(0L);
        if (end != start) {
            throw Damage.at(
                    directory,
                    0,
                    "expected records " + start + " to " + end + ", found no segment");
        }
        ProducerTable producers = new ProducerTable();
        if (end > 0) {
            producers.mayHaveForgotten();
        }
        LogTail tail = LogTail.empty(end);
        return new RecoveredLog(
                SegmentList.empty(),
                start,
                0,
                tail,
                tail,
                producers,
                new RecoveryReport(cleanStop, 0, 0, Optional.empty(), end));
    }

    private void requireWhatWasDurable(PartitionCheckpoint known, List<Segment> segments) {
        Segment first = segments.get(0);
        boolean hadRecords = known.recoveryPoint() > known.logStartOffset();
        if (hadRecords && first.baseOffset() > known.logStartOffset()) {
            throw Damage.at(
                    directory,
                    0,
                    "expected a segment with record "
                            + known.logStartOffset()
                            + ", found none before "
                            + first.path().getFileName());
        }
        if (known.segmentBaseOffset() < 0) {
            return;
        }
        for (Segment segment : segments) {
            if (segment.baseOffset() == known.segmentBaseOffset()) {
                if (segment.sizeBytes() < known.positionBytes()) {
                    throw Damage.at(
                            segment.path(),
                            segment.sizeBytes(),
                            "expected at least "
                                    + known.positionBytes()
                                    + " bytes, found "
                                    + segment.sizeBytes());
                }
                return;
            }
        }
        throw Damage.at(
                directory.resolve(SegmentName.appended(known.segmentBaseOffset()).fileName()),
                0,
                "expected a segment, found none");
    }

    private static boolean endsAt(List<Segment> segments, PartitionCheckpoint known) {
        Segment last = segments.get(segments.size() - 1);
        return last.baseOffset() == known.segmentBaseOffset()
                && last.sizeBytes() == known.positionBytes();
    }

    /** Nobody but a person, or a disk, takes or changes a segment of a node that is not running. */
    private static boolean hasAllSealed(List<Segment> segments, PartitionCheckpoint known) {
        return known.sealedBytes() == PartitionCheckpoint.SEALED_UNKNOWN
                || known.sealedBytes()
                        == new SegmentList(segments)
                                .bytesBetween(known.logStartOffset(), known.segmentBaseOffset());
    }

    /** The producers as of the recovery point, if that can be told without reading batches. */
    private Optional<ProducerTable> producersAt(PartitionCheckpoint known) throws IOException {
        if (!known.hasProducers()) {
            return Optional.of(new ProducerTable());
        }
        return snapshots.read(known.recoveryPoint()).map(ProducerTable::from);
    }

    private static RecoveredLog clean(
            List<Segment> segments, PartitionCheckpoint known, ProducerTable producers) {
        LogTail tail = tailOf(known);
        return new RecoveredLog(
                new SegmentList(segments),
                known.logStartOffset(),
                known.compactedTo(),
                tail,
                tail,
                producers,
                RecoveryReport.cleanAt(tail.endOffset()));
    }

    private static LogTail tailOf(PartitionCheckpoint known) {
        return new LogTail(
                known.recoveryPoint(),
                known.segmentBaseOffset(),
                known.positionBytes(),
                known.lastLeaderEpoch(),
                known.maxTimestampMillis());
    }

    /** From the first segment on; what is missing below the recovery point is damage. */
    private RecoveredLog scanAll(List<Segment> segments, PartitionCheckpoint known)
            throws IOException {
        LogTail durable =
                known.segmentBaseOffset() < 0
                        ? LogTail.empty(segments.get(0).baseOffset())
                        : tailOf(known);
        Segment first = segments.get(0);
        SegmentWalk walk =
                new SegmentWalk(
                        startOf(first, known.maxTimestampMillis()), tableAt(first), snapshots);
        walk.run(segments, durable, nowMillis);
        long logStart = Math.max(known.logStartOffset(), first.baseOffset());
        return walk.result(segments, Math.min(logStart, walk.tail().endOffset()), durable);
    }

    private RecoveredLog scan(List<Segment> segments, Optional<PartitionCheckpoint> checkpoint)
            throws IOException {
        LogTail durable =
                checkpoint
                        .filter(known -> known.segmentBaseOffset() >= 0)
                        .map(LogRecovery::tailOf)
                        .orElse(LogTail.empty(segments.get(0).baseOffset()));
        SegmentWalk walk = start(segments, checkpoint, durable);
        walk.run(segments, durablePoint(segments, durable), nowMillis);
        if (walk.lacksEpoch()) {
            walk.epochBefore(lastEpochBefore(segments, walk.tail().segmentBaseOffset()));
        }
        long logStart =
                Math.max(
                        checkpoint.map(PartitionCheckpoint::logStartOffset).orElse(0L),
                        segments.get(0).baseOffset());
        return walk.result(segments, Math.min(logStart, walk.tail().endOffset()), durable);
    }

    /**
     * Where to begin: at the recovery point if the producers are known there, else at the newest
     * segment before it whose snapshot is whole, else at the first one.
     */
    private SegmentWalk start(
            List<Segment> segments, Optional<PartitionCheckpoint> checkpoint, LogTail durable)
            throws IOException {
        if (checkpoint.isPresent() && durable.segmentBaseOffset() >= 0) {
            Optional<ProducerTable> known = producersAt(checkpoint.get());
            if (known.isPresent()) {
                return new SegmentWalk(durable, known.get(), snapshots);
            }
            for (int i = segments.size() - 1; i >= 0; i--) {
                Segment segment = segments.get(i);
                if (segment.baseOffset() <= durable.segmentBaseOffset()) {
                    Optional<ProducerSnapshot> snapshot = snapshots.read(segment.baseOffset());
                    if (snapshot.isPresent()) {
                        return new SegmentWalk(
                                startOf(segment, durable.maxTimestampMillis()),
                                ProducerTable.from(snapshot.get()),
                                snapshots);
                    }
                }
            }
        }
        Segment first = segments.get(0);
        return new SegmentWalk(
                startOf(first, durable.maxTimestampMillis()), tableAt(first), snapshots);
    }

    private static LogTail startOf(Segment segment, long maxTimestampMillis) {
        return new LogTail(segment.baseOffset(), segment.baseOffset(), 0, -1, maxTimestampMillis);
    }

    /** The epoch of the last batch in the segments before one; -1 if there is no batch. */
    private static int lastEpochBefore(List<Segment> segments, long segmentBaseOffset)
            throws IOException {
        int lastEpoch = -1;
        for (int i = segments.size() - 1; i >= 0 && lastEpoch < 0; i--) {
            Segment segment = segments.get(i);
            if (segment.baseOffset() < segmentBaseOffset) {
                LogFile file = segment.file().pin();
                try {
                    BatchScanner scanner =
                            new BatchScanner(
                                    file,
                                    0,
                                    segment.sizeBytes(),
                                    segment.baseOffset(),
                                    -1,
                                    BatchScanner.LONG_READ_BYTES);
                    while (scanner.next()) {
                        lastEpoch = scanner.header().leaderEpoch();
                    }
                } finally {
                    segment.file().unpin();
                }
            }
        }
        return lastEpoch;
    }

    /** The producers as of a segment's start; without a snapshot, some may be forgotten. */
    private ProducerTable tableAt(Segment segment) throws IOException {
        Optional<ProducerSnapshot> snapshot = snapshots.read(segment.baseOffset());
        ProducerTable table = snapshot.map(ProducerTable::from).orElseGet(ProducerTable::new);
        if (snapshot.isEmpty() && segment.baseOffset() > 0) {
            table.mayHaveForgotten();
        }
        return table;
    }

    /**
     * The same for a log that is being cut: what was known at the new end, from the batches since
     * the newest snapshot before it.
     *
     * @param segments as they are after the cut
     * @param begin what {@link #replayFrom} answered
     * @param maxTimestampMillis no record in the log has a larger one
     */
    public RecoveredLog replay(SegmentList segments, Segment begin, long maxTimestampMillis)
            throws IOException {
        LogTail from = startOf(begin, maxTimestampMillis);
        Segment last = segments.last();
        LogTail end = new LogTail(-1, last.baseOffset(), last.sizeBytes(), -1, maxTimestampMillis);
        SegmentWalk walk = new SegmentWalk(from, tableAt(begin), snapshots);
        walk.run(segments.all(), end, nowMillis);
        return walk.result(segments.all(), segments.all().get(0).baseOffset(), from);
    }

    /** The newest of these segments at whose start the producers are known, else the first. */
    public Segment replayFrom(SegmentList segments) throws IOException {
        for (int i = segments.all().size() - 1; i > 0; i--) {
            Segment segment = segments.all().get(i);
            if (segment.sizeBytes() > 0 && snapshots.read(segment.baseOffset()).isPresent()) {
                return segment;
            }
        }
        return segments.all().get(0);
    }

    /**
     * How far the disk is known to hold: the recovery point, or the newest snapshot at a segment's
     * start if that is later, since a snapshot is written after the fsync of what it accounts for.
     */
    private LogTail durablePoint(List<Segment> segments, LogTail recoveryPoint) throws IOException {
        @Nullable LogTail best = null;
        for (Segment segment : segments) {
            if (segment.baseOffset() > recoveryPoint.endOffset()
                    && snapshots.read(segment.baseOffset()).isPresent()) {
                best = startOf(segment, -1);
            }
        }
        return best == null ? recoveryPoint : best;
    }
}
