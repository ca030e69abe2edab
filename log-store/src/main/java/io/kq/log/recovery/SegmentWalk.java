package io.kq.log.recovery;

import io.kq.log.io.LogFile;
import io.kq.log.io.StorageFaultException;
import io.kq.log.producer.ProducerSnapshotFiles;
import io.kq.log.producer.ProducerTable;
import io.kq.log.segment.BatchRules;
import io.kq.log.segment.BatchScanner;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the batches of a log, from a known point to where it ends or was torn. Changes
 * nothing before it knows that what it found is a torn tail and no damage.
 */
final class SegmentWalk {

    private final LogTail begin;
    private final ProducerTable producers;
    private final ProducerSnapshotFiles snapshots;

    /** How far it has come. */
    private LogTail tail;

    private long scannedBytes;
    private long cutBytes;
    private @Nullable String cut;

    /** Segments before the cut; all of them if there was none. */
    private int segmentsKept;

    SegmentWalk(LogTail begin, ProducerTable producers, ProducerSnapshotFiles snapshots) {
        this.begin = begin;
        this.tail = begin;
        this.producers = producers;
        this.snapshots = snapshots;
    }

    LogTail tail() {
        return tail;
    }

    /** The walk met no batch, and the point it began at does not tell the epoch before it. */
    boolean lacksEpoch() {
        return tail.lastLeaderEpoch() < 0;
    }

    /** Tells the epoch of the batch before the point where the walk began. */
    void epochBefore(int leaderEpoch) {
        tail =
                new LogTail(
                        tail.endOffset(),
                        tail.segmentBaseOffset(),
                        tail.positionBytes(),
                        leaderEpoch,
                        tail.maxTimestampMillis());
    }

    /**
     * Walks to the end.
     *
     * @param durable below it a defect is damage, from it on a torn tail
     */
    void run(List<Segment> segments, LogTail durable, long nowMillis) throws IOException {
        segmentsKept = segments.size();
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.baseOffset() < begin.segmentBaseOffset()) {
                continue;
            }
            String problem = null;
            if (segment.baseOffset() > begin.segmentBaseOffset()) {
                if (segment.baseOffset() != tail.endOffset()) {
                    problem =
                            "expected a segment for offset "
                                    + tail.endOffset()
                                    + ", found one for "
                                    + segment.baseOffset();
                } else {
                    tail = tail.rolled();
                }
            }
            long position = problem == null ? tail.positionBytes() : 0;
            if (problem == null) {
                problem = walk(segment, durable, nowMillis);
                position = tail.positionBytes();
            }
            if (problem != null) {
                requireTorn(segment, position, problem, durable);
                cutFrom(segments, i, problem);
                return;
            }
        }
    }

    /** Null if the segment ends with a whole batch. */
    private @Nullable String walk(Segment segment, LogTail durable, long nowMillis)
            throws IOException {
        LogFile file = segment.file().pin();
        try {
            BatchScanner scanner =
                    new BatchScanner(
                            new WritesAgain(file, knownBytes(segment, durable)),
                            tail.positionBytes(),
                            segment.sizeBytes(),
                            tail.endOffset(),
                            tail.lastLeaderEpoch(),
                            BatchScanner.LONG_READ_BYTES);
            if (segment.generation() > 0) {
                // Compaction keeps the batches of producers that are known, and only those.
                producers.mayHaveForgotten();
            }
            while (scanner.next()) {
                RecordBatchHeader header = scanner.header();
                if (scanner.endPosition() > knownBytes(segment, durable) && !scanner.crcMatches()) {
                    return BatchRules.CRC_PROBLEM;
                }
                producers.appended(header, nowMillis);
                tail = tail.plus(header);
                scannedBytes += header.sizeBytes();
            }
            return scanner.problem();
        } finally {
            segment.file().unpin();
        }
    }

    /** How much of a segment is on the disk for sure. */
    private static long knownBytes(Segment segment, LogTail durable) {
        if (segment.baseOffset() == durable.segmentBaseOffset()) {
            return durable.positionBytes();
        }
        return segment.baseOffset() < durable.segmentBaseOffset() ? segment.sizeBytes() : 0;
    }

    private static void requireTorn(
            Segment segment, long position, String problem, LogTail durable) {
        if (segment.baseOffset() < durable.segmentBaseOffset()
                || position < knownBytes(segment, durable)) {
            throw Damage.at(segment.path(), position, problem);
        }
    }

    /** Cuts segment {@code index} at the tail and removes what follows, last file first. */
    private void cutFrom(List<Segment> segments, int index, String problem) throws IOException {
        Segment torn = segments.get(index);
        boolean keepsTorn = torn.baseOffset() == tail.segmentBaseOffset();
        cut =
                torn.path().getFileName()
                        + " position "
                        + (keepsTorn ? tail.positionBytes() : 0)
                        + ": "
                        + problem;
        segmentsKept = keepsTorn ? index + 1 : index;
        for (int i = segments.size() - 1; i >= segmentsKept; i--) {
            cutBytes += segments.get(i).sizeBytes();
            segments.get(i).file().discard();
            snapshots.files().deleteDurably(segments.get(i).path());
        }
        if (keepsTorn) {
            cutBytes += torn.sizeBytes() - tail.positionBytes();
            try {
                torn.truncate(tail.positionBytes());
            } catch (IOException e) {
                throw StorageFaultException.of("cut", torn.path(), e);
            }
        }
        snapshots.deleteAbove(tail.endOffset());
    }

    RecoveredLog result(List<Segment> segments, long logStartOffset, LogTail durable) {
        SegmentList kept = new SegmentList(segments.subList(0, segmentsKept));
        if (!kept.isEmpty()) {
            kept.last().unseal();
        }
        return new RecoveredLog(
                kept,
                logStartOffset,
                0,
                tail,
                durable,
                producers,
                new RecoveryReport(
                        false, scannedBytes, cutBytes, Optional.ofNullable(cut), tail.endOffset()));
    }
}
