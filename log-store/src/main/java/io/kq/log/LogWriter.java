package io.kq.log;

import io.kq.log.PartitionLog.AppendOutcome;
import io.kq.log.index.PartitionIndex;
import io.kq.log.index.ReplacedRange;
import io.kq.log.io.StorageFaultException;
import io.kq.log.producer.ProducerSnapshot;
import io.kq.log.producer.ProducerTable;
import io.kq.log.producer.SequencedBatch;
import io.kq.log.recovery.RecoveredLog;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.RollPolicy;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import io.kq.log.segment.StampedBatch;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.BatchFilter;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The end of a log at which it grows. One appender at a time by contract; the lock keeps apart the
 * appender and the background work that needs a consistent view, and is never held across an fsync.
 */
final class LogWriter {

    /** Told of what an append left to do. Under the log's lock; must not block. */
    interface Listener {
        /** The index has entries that are not in RocksDB. */
        void indexGrew();

        /** There are bytes that are not on the disk. */
        void hasUnsynced(long unsyncedBytes);

        /** A new segment was begun. */
        void rolled(Roll roll);
    }

    /**
     * A new segment was begun.
     *
     * @param producers as of its start; of no use once the segment was cut off, even if there is
     *     another one of the same offset then
     */
    record Roll(Segment begun, ProducerSnapshot producers) {}

    /**
     * What a sync has to do, taken over by the syncer.
     *
     * @param end everything before it is in {@code segments} or was synced before
     * @param directoryChanged files were made since the last sync
     * @param startedMillis when the active segment's first batch came
     * @param hasProducers a snapshot is needed to know the producers at {@code end}
     */
    record Unsynced(
            LogTail end,
            List<Segment> segments,
            boolean directoryChanged,
            long startedMillis,
            boolean hasProducers) {}

    private final Path directory;
    private final StoreServices services;
    private final LogContents contents;
    private final PartitionIndex index;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@link #lock}. */
    private ProducerTable producers;

    /** Segments written to since the last sync, oldest first. Guarded by {@link #lock}. */
    private List<Segment> unsynced = new ArrayList<>();

    /** Bytes appended since the last sync. Guarded by {@link #lock}. */
    private long unsyncedBytes;

    /** Files were made or deleted since the last sync. Guarded by {@link #lock}. */
    private boolean directoryChanged;

    /** Why nothing may be appended any more; null: it may. Moved under {@link #lock}. */
    private volatile @Nullable RejectedException ended;

    LogWriter(
            Path directory,
            StoreServices services,
            LogContents contents,
            PartitionIndex index,
            RecoveredLog recovered,
            Listener listener) {
        this.directory = directory;
        this.services = services;
        this.contents = contents;
        this.index = index;
        this.listener = listener;
        this.producers = recovered.producers();
        // A process that was killed may have made files and not come to sync their directory.
        this.directoryChanged = recovered.segments().isEmpty() || !recovered.report().clean();
        LogTail durable = recovered.durable();
        for (Segment segment : recovered.segments().all()) {
            // Even one that ends at the recovery point: what was cut off behind it may come back.
            if (segment.baseOffset() >= durable.segmentBaseOffset()
                    && !recovered.report().clean()) {
                unsynced.add(segment);
            }
        }
    }

    /** {@link PartitionLog#append} */
    AppendOutcome append(BatchBytes batch, int leaderEpoch, LogConfig config, long nowMillis) {
        AppendChecks.fromClient(batch, config, nowMillis);
        lock.lock();
        try {
            requireOpen();
            LogTail tail = contents.tail();
            requireEpoch(leaderEpoch, tail);
            Optional<SequencedBatch> repeated = producers.judge(batch.header());
            if (repeated.isPresent()) {
                SequencedBatch first = repeated.get();
                return new AppendOutcome(first.baseOffset(), first.nextOffset(), true);
            }
            long base = tail.endOffset();
            StampedBatch stamped =
                    config.timestampType() == LogConfig.TimestampType.LOG_APPEND_TIME
                            ? StampedBatch.byLeaderAt(batch, base, leaderEpoch, nowMillis)
                            : StampedBatch.byLeader(batch, base, leaderEpoch);
            return write(stamped, config, nowMillis);
        } finally {
            lock.unlock();
        }
    }

    /** {@link PartitionLog#appendAsFollower} */
    AppendOutcome appendAsFollower(BatchBytes batch, LogConfig config, long nowMillis) {
        AppendChecks.fromLeader(batch);
        lock.lock();
        try {
            requireOpen();
            LogTail tail = contents.tail();
            BatchBytes next = behind(tail.endOffset(), batch);
            RecordBatchHeader header = next.header();
            requireEpoch(header.leaderEpoch(), tail);
            if (header.baseOffset() != tail.endOffset()) {
                throw new RejectedException(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        "a batch at offset "
                                + header.baseOffset()
                                + " does not follow the log's end "
                                + tail.endOffset());
            }
            return write(StampedBatch.asSent(next), config, nowMillis);
        } finally {
            lock.unlock();
        }
    }

    /** The leader may have compacted beyond what this log has of the same offsets. */
    private static BatchBytes behind(long endOffset, BatchBytes batch) {
        RecordBatchHeader header = batch.header();
        if (header.baseOffset() >= endOffset
                || header.nextOffset() <= endOffset
                || !header.isPlaceholder()) {
            return batch;
        }
        return BatchBytes.of(
                BatchFilter.placeholder(endOffset, header.lastOffset(), header.leaderEpoch()));
    }

    private void requireOpen() {
        RejectedException why = ended;
        if (why != null) {
            throw why;
        }
        services.disk().requireWritable();
    }

    private static void requireEpoch(int leaderEpoch, LogTail tail) {
        if (leaderEpoch < tail.lastLeaderEpoch()) {
            throw new RejectedException(
                    ErrorCode.FENCED_LEADER_EPOCH,
                    "leader epoch "
                            + leaderEpoch
                            + " is older than the log's "
                            + tail.lastLeaderEpoch());
        }
    }

    /**
     * {@link PartitionLog#beginAt}
     *
     * @param writtenDown makes the new start durable, so that no crash finds it without its segment
     */
    void beginAt(long offset, LogSyncer.Work writtenDown) throws IOException {
        lock.lock();
        try {
            requireOpen();
            requireEmpty(offset);
            writtenDown.run();
            deleteEmptySegment();
            contents.segments(SegmentList.empty());
            contents.tail(LogTail.empty(offset));
            contents.logStartOffset(offset);
            producers = new ProducerTable();
            producers.mayHaveForgotten();
        } finally {
            lock.unlock();
        }
    }

    private void requireEmpty(long offset) {
        LogTail tail = contents.tail();
        boolean empty =
                contents.segments().sizeBytes() == 0
                        && contents.logStartOffset() == tail.endOffset();
        if (!empty || offset < tail.endOffset()) {
            throw new RejectedException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "a log with offsets "
                            + contents.logStartOffset()
                            + " to "
                            + tail.endOffset()
                            + " cannot begin at "
                            + offset);
        }
    }

    private void deleteEmptySegment() throws IOException {
        for (Segment empty : contents.segments().all()) {
            unsynced.remove(empty);
            empty.file().discard();
            services.openFiles().files().delete(empty.path());
        }
    }

    private AppendOutcome write(StampedBatch batch, LogConfig config, long nowMillis) {
        RecordBatchHeader header = batch.header();
        services.space().requireRoom(header.sizeBytes());
        Segment active = activeFor(header.sizeBytes(), config, nowMillis);
        LogTail before = contents.tail();
        try {
            active.append(batch.parts(), header, nowMillis);
        } catch (IOException e) {
            throw writeFailed(active, e);
        }
        int bytes = header.sizeBytes();
        long mark = services.takenBytes().getAndAdd(bytes);
        producers.appended(header, nowMillis);
        boolean indexGrew = index.appended(header, before, active.generation(), mark);
        contents.tail(before.plus(header));
        noteUnsynced(active, bytes);
        if (indexGrew) {
            listener.indexGrew();
        }
        return new AppendOutcome(header.baseOffset(), header.nextOffset(), false);
    }

    private void markUnsynced(Segment active) {
        if (unsynced.isEmpty() || unsynced.get(unsynced.size() - 1) != active) {
            unsynced.add(active);
        }
    }

    private void noteUnsynced(Segment active, int bytes) {
        markUnsynced(active);
        unsyncedBytes += bytes;
        listener.hasUnsynced(unsyncedBytes);
    }

    /**
     * After a failed write the file may hold any part of the batch behind the log's end. It is cut
     * back, so that the next write begins where this one did; if that fails too the file is left
     * alone for ever, and recovery cuts it. Either way nobody was told of the batch.
     */
    private RejectedException writeFailed(Segment active, IOException cause) {
        try {
            active.cutBack();
        } catch (IOException e) {
            e.addSuppressed(cause);
            return services.disk()
                    .failed(
                            StorageFaultException.of(
                                    "cut back", active.path(), new IOException("not cut", e)));
        }
        // Until that is synced, a power cut may bring the part back, before a later segment.
        markUnsynced(active);
        return services.disk().failed(StorageFaultException.of("append to", active.path(), cause));
    }

    private Segment activeFor(int batchBytes, LogConfig config, long nowMillis) {
        SegmentList segments = contents.segments();
        RollPolicy policy = new RollPolicy(config.segmentBytes(), config.segmentAge());
        if (!segments.isEmpty() && !policy.rollsBefore(batchBytes, segments.last(), nowMillis)) {
            return segments.last();
        }
        return roll(nowMillis);
    }

    /** Seals the active segment, if there is one, and begins the next. */
    private Segment roll(long nowMillis) {
        SegmentList segments = contents.segments();
        LogTail tail = contents.tail();
        Segment next;
        try {
            next = Segment.create(services.openFiles(), directory, tail.endOffset(), nowMillis);
        } catch (IOException e) {
            throw services.disk()
                    .failed(StorageFaultException.of("create a segment in", directory, e));
        }
        directoryChanged = true;
        if (!segments.isEmpty()) {
            segments.last().seal();
        }
        contents.segments(segments.plus(next));
        contents.tail(tail.rolled());
        if (!segments.isEmpty()) {
            listener.rolled(new Roll(next, producers.snapshot(tail.endOffset())));
        }
        return next;
    }

    /**
     * Begins a new segment because everything in the active one is to go.
     *
     * @param logEndOffset up to which that was decided
     * @return empty if something was appended since, then nothing happens
     */
    Optional<Roll> rollAt(long logEndOffset, long nowMillis) {
        lock.lock();
        try {
            requireOpen();
            if (contents.tail().endOffset() != logEndOffset) {
                return Optional.empty();
            }
            Segment begun = roll(nowMillis);
            unsynced.add(begun);
            return Optional.of(new Roll(begun, producers.snapshot(logEndOffset)));
        } finally {
            lock.unlock();
        }
    }

    /** Takes the first {@code count} segments out of sight and moves the log's start. */
    void dropFirst(int count, long logStartOffset) {
        lock.lock();
        try {
            contents.logStartOffset(Math.max(logStartOffset, contents.logStartOffset()));
            contents.segments(contents.segments().without(count));
        } finally {
            lock.unlock();
        }
    }

    /** Puts {@code compacted} in place of {@code count} segments, from the one at {@code first}. */
    void replace(int first, int count, Segment compacted) {
        lock.lock();
        try {
            contents.segments(contents.segments().replaced(first, count, compacted));
        } finally {
            lock.unlock();
        }
    }

    /** The index exchanges what it has of segments that were replaced. Blocking. */
    void indexReplaced(ReplacedRange range) throws IOException {
        index.segmentsReplaced(range);
    }

    /** Base offsets of the batches that their producers may repeat. */
    Set<Long> rememberedBatches() {
        lock.lock();
        try {
            return producers.rememberedBatches();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the log is not closed, deleted or in quarantine. */
    boolean isOpen() {
        return ended == null;
    }

    /** The index may drop what it has of the segments before {@code startOffset}. Blocking. */
    void forgetIndexBelow(long startOffset) {
        index.forgetBelow(startOffset);
    }

    /** Hands over what has to be synced; from now on it is the caller's to do it. */
    Unsynced takeUnsynced() {
        lock.lock();
        try {
            SegmentList segments = contents.segments();
            // A segment whose first write failed has nothing to sync, but the recovery point names
            // it.
            boolean syncsDirectory = directoryChanged && !segments.isEmpty();
            Unsynced taken =
                    new Unsynced(
                            contents.tail(),
                            unsynced,
                            syncsDirectory,
                            segments.isEmpty() ? 0 : segments.last().startedMillis(),
                            !producers.isBlank());
            unsynced = new ArrayList<>();
            unsyncedBytes = 0;
            directoryChanged &= !syncsDirectory;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets silent producers. */
    void expireProducers(long nowMillis) {
        lock.lock();
        try {
            producers.expire(nowMillis, services.config().producerExpiry());
        } finally {
            lock.unlock();
        }
    }

    /** The producers as of the log's end; empty if there is nothing to keep. */
    Optional<ProducerSnapshot> producerSnapshot() {
        lock.lock();
        try {
            return producers.isBlank()
                    ? Optional.empty()
                    : Optional.of(producers.snapshot(contents.tail().endOffset()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs {@code cut} with appends held off; it replaces the contents and answers the producers.
     */
    void whileHeld(Cut cut) throws IOException {
        lock.lock();
        try {
            requireOpen();
            producers = cut.run();
            unsynced.retainAll(contents.segments().all());
            Segment last = contents.segments().last();
            if (!unsynced.contains(last)) {
                unsynced.add(last);
            }
            directoryChanged = true;
        } finally {
            lock.unlock();
        }
    }

    /** A change of the log's end that is not an append. */
    interface Cut {
        ProducerTable run() throws IOException;
    }

    /** Ends appends; they are answered with {@code answer} from now on. */
    void end(RejectedException answer) {
        lock.lock();
        try {
            ended = answer;
        } finally {
            lock.unlock();
        }
    }
}
