package io.kq.log;

import io.kq.log.io.StorageFaultException;
import io.kq.log.layout.PartitionCheckpoint;
import io.kq.log.producer.ProducerSnapshot;
import io.kq.log.producer.ProducerSnapshotFiles;
import io.kq.log.producer.ProducerTable;
import io.kq.log.recovery.RecoveredLog;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.Segment;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings a log's files to the disk and says how far they are there. Each sync takes over what was
 * written before it began, so one fsync serves all who appended until then. One sync at a time; a
 * failed one is the last.
 */
final class LogSyncer {

    private final Path directory;
    private final StoreServices services;
    private final LogContents contents;
    private final LogWriter writer;
    private final ProducerSnapshotFiles snapshots;
    private final DurabilityWatch watch;

    /** Held over a sync, a cut and the end of the log. Taken before the writer's lock. */
    private final ReentrantLock lock = new ReentrantLock();

    /** A sync has been asked for and has not begun. */
    private final AtomicBoolean requested = new AtomicBoolean();

    /** Why nothing is synced any more; null: it is. Moved under {@link #lock}. */
    private volatile @Nullable RejectedException ended;

    /** The recovery point. Moved under {@link #lock}, after the fsyncs that make it true. */
    private volatile PartitionCheckpoint durable;

    LogSyncer(
            Path directory,
            StoreServices services,
            LogContents contents,
            LogWriter writer,
            RecoveredLog recovered) {
        this.directory = directory;
        this.services = services;
        this.contents = contents;
        this.writer = writer;
        this.snapshots = new ProducerSnapshotFiles(services.openFiles().files(), directory);
        this.watch = new DurabilityWatch(recovered.durable().endOffset());
        long started =
                recovered.segments().isEmpty() ? 0 : recovered.segments().last().startedMillis();
        this.durable = checkpointAt(recovered.durable(), started, hadProducers(recovered));
    }

    /**
     * Whether the recovery point needs a snapshot: certain only where log and point are the same.
     */
    private static boolean hadProducers(RecoveredLog recovered) {
        return recovered.durable().endOffset() > 0
                && !(recovered.durable().equals(recovered.tail())
                        && recovered.producers().isBlank());
    }

    private PartitionCheckpoint checkpointAt(LogTail at, long startedMillis, boolean hasProducers) {
        return new PartitionCheckpoint(
                contents.logStartOffset(),
                at.endOffset(),
                at.segmentBaseOffset(),
                at.positionBytes(),
                at.lastLeaderEpoch(),
                at.maxTimestampMillis(),
                startedMillis,
                contents.compactedTo(),
                hasProducers,
                PartitionCheckpoint.SEALED_UNKNOWN);
    }

    /** What may be written down of this log now. */
    PartitionCheckpoint checkpoint() {
        PartitionCheckpoint now = durable;
        return now.compactedTo(contents.compactedTo())
                .withSealedBytes(
                        contents.segments()
                                .bytesBetween(now.logStartOffset(), now.segmentBaseOffset()));
    }

    long durableEndOffset() {
        return watch.durableEndOffset();
    }

    /** {@link PartitionLog#whenDurable} */
    CompletableFuture<Void> whenDurable(long endOffset) {
        CompletableFuture<Void> future = watch.await(endOffset);
        if (!future.isDone() && requested.compareAndSet(false, true)) {
            services.housekeeping().flush(this::syncForWaiters);
        }
        RejectedException why = ended;
        if (why != null) {
            watch.fail(why.indefinite());
        }
        return future;
    }

    private void syncForWaiters() {
        requested.set(false);
        try {
            sync();
        } catch (RejectedException answered) {
            // The waiters were told; the directory's health tells everyone else.
        }
    }

    /**
     * Makes everything appended so far durable.
     *
     * @throws RejectedException STORAGE_FAULT, DISK_FULL; the effect is unknown
     */
    void sync() {
        lock.lock();
        try {
            requireOpen();
            services.disk().requireNotFailed();
            LogWriter.Unsynced work = writer.takeUnsynced();
            try {
                for (Segment segment : work.segments()) {
                    segment.sync();
                }
                if (work.directoryChanged()) {
                    syncDirectory();
                }
            } catch (IOException e) {
                throw services.disk().syncFailed(StorageFaultException.of("fsync", directory, e));
            }
            durable = checkpointAt(work.end(), work.startedMillis(), work.hasProducers());
            watch.reached(work.end().endOffset());
        } catch (RejectedException e) {
            watch.fail(e.indefinite());
            throw e.indefinite();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        RejectedException why = ended;
        if (why != null) {
            throw why;
        }
    }

    /**
     * Syncs, then keeps what was known of producers when a segment was begun, if it is still there.
     */
    void syncAndKeep(LogWriter.Roll roll) throws IOException {
        lock.lock();
        try {
            sync();
            if (contents.segments().all().contains(roll.begun())) {
                snapshots.write(roll.producers());
                snapshots.retain(segmentStarts());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Syncs, and keeps the producers as of the log's end: its next opening need not read it. */
    void syncAtCleanStop() throws IOException {
        lock.lock();
        try {
            sync();
            Optional<ProducerSnapshot> atEnd = writer.producerSnapshot();
            if (atEnd.isPresent() && snapshots.read(atEnd.get().offset()).isEmpty()) {
                snapshots.write(atEnd.get());
                Set<Long> kept = segmentStarts();
                kept.add(atEnd.get().offset());
                snapshots.retain(kept);
            }
        } finally {
            lock.unlock();
        }
    }

    private Set<Long> segmentStarts() {
        Set<Long> starts = new HashSet<>();
        contents.segments().all().forEach(segment -> starts.add(segment.baseOffset()));
        return starts;
    }

    private void syncDirectory() throws IOException {
        services.openFiles().files().syncDirectory(directory);
        services.openFiles().files().syncDirectory(directory.resolveSibling("."));
    }

    /**
     * Before a cut at {@code endOffset}: snapshots from there on go, for they would speak of what
     * stands there next; and the segments are made to be there for sure, for {@link #lowerTo} names
     * one.
     */
    void prepareCut(long endOffset) throws IOException {
        long first = contents.segments().all().get(0).baseOffset();
        snapshots.deleteAbove(Math.max(first, endOffset - 1));
        syncDirectory();
    }

    /**
     * After a cut, before anything is appended: else a power cut could bring back a batch that was
     * cut, with one that replaced what followed it behind it, and their offsets and epochs would
     * fit.
     */
    void makeCutDurable(Segment last) throws IOException {
        last.sync();
        syncDirectory();
    }

    /**
     * Lowers the recovery point to the start of a segment: the log is about to be cut after it. The
     * caller writes that down before it cuts, or a crash between would look like damage.
     */
    void lowerTo(Segment segment, RejectedException answer) {
        LogTail start =
                new LogTail(
                        segment.baseOffset(),
                        segment.baseOffset(),
                        0,
                        -1,
                        contents.tail().maxTimestampMillis());
        watch.cut(segment.baseOffset(), answer);
        durable = checkpointAt(start, segment.startedMillis(), true);
    }

    /**
     * What is written down next says that the log starts there. The caller holds off syncs, and the
     * recovery point is at or above it.
     */
    void startsAt(long logStartOffset) {
        durable = durable.startingAt(logStartOffset);
    }

    /**
     * What is written down next says that an empty log begins there. The caller holds off syncs.
     */
    void beginsAt(long offset) {
        durable = new PartitionCheckpoint(offset, offset, -1, 0, -1, -1, 0, 0, false, 0);
    }

    /** The same as before {@link #beginsAt}, which came to nothing. The caller holds off syncs. */
    void beginsWhere(PartitionCheckpoint before) {
        durable = before;
    }

    /** All below is on the disk, or was never there. The caller holds off syncs. */
    void reached(long endOffset) {
        watch.reached(endOffset);
    }

    /** No segment from before {@code startOffset} exists any more. The caller holds off syncs. */
    void forgetBelow(long startOffset) throws IOException {
        snapshots.deleteBelow(startOffset);
    }

    /**
     * Whether the producers at a segment's start can be told without what was before. The caller
     * holds off syncs.
     */
    boolean keepsProducersAt(long segmentBaseOffset) throws IOException {
        return snapshots.read(segmentBaseOffset).isPresent();
    }

    /**
     * Base offsets of the batches that producers could repeat when the log ended at a segment's
     * start; empty if that was not kept.
     */
    Optional<Set<Long>> rememberedAt(long segmentBaseOffset) throws IOException {
        return snapshots
                .read(segmentBaseOffset)
                .map(snapshot -> ProducerTable.from(snapshot).rememberedBatches());
    }

    /**
     * Runs {@code work} with no sync under way.
     *
     * @throws RejectedException if the log is closed or gone
     */
    void exclusively(Work work) throws IOException {
        lock.lock();
        try {
            requireOpen();
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Something that reads or changes the set of files. */
    interface Work {
        void run() throws IOException;
    }

    /** No more syncs: the log is closed or gone. */
    void end(RejectedException answer) {
        lock.lock();
        try {
            ended = answer;
        } finally {
            lock.unlock();
        }
        watch.fail(answer.indefinite());
    }
}
