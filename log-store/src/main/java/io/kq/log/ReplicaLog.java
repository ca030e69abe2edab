package io.kq.log;

import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.compaction.CompactionReport;
import io.kq.log.compaction.DirtyRange;
import io.kq.log.disk.DiskHealth;
import io.kq.log.index.LeaderEpochStart;
import io.kq.log.index.PartitionIndex;
import io.kq.log.io.StorageFaultException;
import io.kq.log.layout.PartitionCheckpoint;
import io.kq.log.layout.PartitionProperties;
import io.kq.log.producer.ProducerTable;
import io.kq.log.recovery.Damage;
import io.kq.log.recovery.DamagedLogException;
import io.kq.log.recovery.LogRecovery;
import io.kq.log.recovery.RecoveredLog;
import io.kq.log.recovery.RecoveryReport;
import io.kq.log.retention.RetentionPolicy;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.BatchBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one partition in its directory: puts the rooms together. {@link LogWriter} is its end
 * that grows, {@link LogReader} finds batches, {@link LogSyncer} brings it to the disk, {@link
 * PartitionIndex} is rebuilt from it when needed.
 */
final class ReplicaLog implements PartitionLog {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaLog.class);

    private final PartitionProperties properties;
    private final Path directory;
    private final StoreServices services;
    private final RecoveryReport recovery;
    private final LogContents contents;
    private final LogReader reader;
    private final GuardedReads reads;
    private final PartitionIndex index;
    private final LogWriter writer;
    private final LogSyncer syncer;
    private final LogHead head;
    private final LogCompactor compactor;

    /** The store's whole checkpoint is written; before a cut. */
    private final Checkpointing checkpointing;

    /** Settings for the next append. */
    private volatile LogConfig config;

    /** Why there is nothing to read or write any more; null while open. */
    private volatile @Nullable RejectedException ended;

    private final AtomicBoolean syncQueued = new AtomicBoolean();
    private final AtomicBoolean syncUrgent = new AtomicBoolean();
    private final AtomicBoolean indexQueued = new AtomicBoolean();

    /** Writes down the recovery points of all logs of the directory, durably. */
    interface Checkpointing {
        void write() throws IOException;
    }

    ReplicaLog(
            PartitionProperties properties,
            Path directory,
            StoreServices services,
            RecoveredLog recovered,
            LogConfig config,
            Checkpointing checkpointing) {
        this.properties = properties;
        this.directory = directory;
        this.services = services;
        this.recovery = recovered.report();
        this.config = config;
        this.checkpointing = checkpointing;
        this.contents =
                new LogContents(
                        recovered.segments(),
                        recovered.tail(),
                        recovered.logStartOffset(),
                        recovered.compactedTo());
        this.reader = new LogReader(contents, this::queueIndexing);
        this.index =
                new PartitionIndex(
                        services.indexStore(),
                        properties.indexId(),
                        properties.partition(),
                        recovered.tail().endOffset(),
                        reader);
        this.writer =
                new LogWriter(directory, services, contents, index, recovered, new AfterAppend());
        this.reads =
                new GuardedReads(
                        properties.partition(),
                        directory,
                        contents,
                        services.quarantine(),
                        writer::end);
        this.syncer = new LogSyncer(directory, services, contents, writer, recovered);
        SegmentChoice choice = new SegmentChoice(contents, reader, reads, index);
        this.head =
                new LogHead(directory, services, contents, choice, writer, syncer, checkpointing);
        this.compactor =
                new LogCompactor(
                        directory, services, contents, choice, writer, syncer, checkpointing);
        if (!recovered.report().clean()) {
            queueIndexing();
            queueSync();
        }
    }

    @Override
    public TopicIdPartition partition() {
        return properties.partition();
    }

    /** Under which its rows stand in the index. */
    int indexId() {
        return properties.indexId();
    }

    @Override
    public long logStartOffset() {
        return contents.logStartOffset();
    }

    @Override
    public long logEndOffset() {
        return contents.tail().endOffset();
    }

    @Override
    public int lastLeaderEpoch() {
        return contents.tail().lastLeaderEpoch();
    }

    @Override
    public long sizeBytes() {
        return contents.segments().sizeBytes();
    }

    @Override
    public RecoveryReport recovery() {
        return recovery;
    }

    @Override
    public void configure(LogConfig replaced) {
        config = replaced;
    }

    @Override
    public AppendOutcome append(BatchBytes batch, int leaderEpoch, long nowMillis) {
        return writer.append(batch, leaderEpoch, config, nowMillis);
    }

    @Override
    public AppendOutcome appendAsFollower(BatchBytes batch, long nowMillis) {
        return writer.appendAsFollower(batch, config, nowMillis);
    }

    @Override
    public LogSlice read(long fromOffset, long upperBound, int maxBytes) {
        return reads.looking(
                damages ->
                        reader.read(
                                fromOffset,
                                upperBound,
                                maxBytes,
                                index,
                                isHot(fromOffset),
                                damages));
    }

    @Override
    public Optional<Damage> damage() {
        return services.quarantine().find(partition());
    }

    @Override
    public boolean isWritable() {
        return ended == null
                && services.disk().current() == DiskHealth.WRITABLE
                && damage().isEmpty();
    }

    @Override
    public boolean isHot(long fromOffset) {
        return fromOffset >= contents.tail().endOffset()
                || services.isHot(index.markAt(fromOffset));
    }

    @Override
    public Optional<TimestampAndOffset> findByTimestamp(long timestampMillis, long upperBound) {
        long bound = Math.min(upperBound, contents.tail().endOffset());
        return reads.looking(
                damages -> TimedRecords.find(reader, contents, index, timestampMillis, bound));
    }

    @Override
    public EpochEnd endOffsetForEpoch(int leaderEpoch) {
        LogTail tail = contents.tail();
        if (tail.lastLeaderEpoch() >= 0 && leaderEpoch >= tail.lastLeaderEpoch()) {
            return new EpochEnd(tail.lastLeaderEpoch(), tail.endOffset());
        }
        List<LeaderEpochStart> starts = reads.looking(damages -> index.epochs());
        long logStart = contents.logStartOffset();
        int found = -1;
        long end = logStart;
        for (int i = 0; i < starts.size(); i++) {
            if (starts.get(i).leaderEpoch() > leaderEpoch) {
                end = starts.get(i).startOffset();
                break;
            }
            boolean gone = i + 1 < starts.size() && starts.get(i + 1).startOffset() <= logStart;
            found = gone ? -1 : starts.get(i).leaderEpoch();
        }
        return new EpochEnd(found, Math.max(end, logStart));
    }

    @Override
    public long retain(RetentionPolicy policy, long upperBound, long nowMillis) {
        return head.retain(policy, upperBound, nowMillis);
    }

    @Override
    public long deleteRecords(long beforeOffset) {
        return head.deleteRecords(beforeOffset);
    }

    @Override
    public void beginAt(long startOffset) {
        try {
            syncer.exclusively(() -> writer.beginAt(startOffset, () -> writeBegin(startOffset)));
        } catch (IOException e) {
            throw services.disk().failed(StorageFaultException.of("begin", directory, e));
        }
    }

    private void writeBegin(long startOffset) throws IOException {
        PartitionCheckpoint before = syncer.checkpoint();
        syncer.beginsAt(startOffset);
        try {
            checkpointing.write();
        } catch (IOException e) {
            syncer.beginsWhere(before);
            throw e;
        }
        syncer.reached(startOffset);
    }

    @Override
    public Optional<DirtyRange> dirtyRange(
            CompactionPolicy policy, long upperBound, long nowMillis) {
        return compactor.dirtyRange(policy, upperBound, nowMillis);
    }

    @Override
    public Optional<CompactionReport> compact(
            CompactionPolicy policy, CompactionMeans means, long upperBound, long nowMillis) {
        return reads.looking(damages -> compactor.compact(policy, means, upperBound, nowMillis));
    }

    @Override
    public void truncateTo(long endOffset) {
        if (endOffset >= contents.tail().endOffset()) {
            return;
        }
        try {
            syncer.exclusively(() -> writer.whileHeld(() -> cutTo(endOffset)));
        } catch (IOException e) {
            RejectedException answer =
                    services.disk().failed(StorageFaultException.of("cut", directory, e));
            abandon(answer);
            throw answer;
        }
        LOG.info("Cut log partition={} logEndOffset={}", partition(), logEndOffset());
    }

    /** Under both locks. The recovery point goes down first, so that a crash finds a torn tail. */
    private ProducerTable cutTo(long endOffset) throws IOException {
        LogTail place =
                reads.looking(damages -> Optional.ofNullable(reader.placeOf(endOffset, index)))
                        .filter(found -> endOffset >= contents.logStartOffset())
                        .orElseThrow(
                                () ->
                                        new RejectedException(
                                                ErrorCode.INVALID_ARGUMENT,
                                                "no batch of "
                                                        + partition()
                                                        + " starts at offset "
                                                        + endOffset));
        long end = place.endOffset();
        SegmentList segments = contents.segments();
        int kept = segments.floorIndex(end);
        if (place.positionBytes() > 0 || kept == 0) {
            kept++;
        }
        SegmentList remaining = segments.first(kept);
        LogRecovery replayer =
                new LogRecovery(services.openFiles(), directory, services.clock().epochMillis());
        syncer.prepareCut(end);
        Segment begin = replayer.replayFrom(remaining);
        syncer.lowerTo(
                begin,
                new RejectedException(
                        ErrorCode.STORAGE_FAULT,
                        "the log was cut at " + end + " before that was on the disk"));
        contents.compactedTo(Math.min(contents.compactedTo(), end));
        checkpointing.write();
        contents.cutBegins();
        cutFiles(segments, kept, place);
        syncer.makeCutDurable(remaining.last());
        contents.segments(remaining);
        contents.cutEnds();
        try {
            RecoveredLog replayed =
                    replayer.replay(remaining, begin, contents.tail().maxTimestampMillis());
            contents.tail(replayed.tail());
            index.cut(end);
            return replayed.producers();
        } catch (DamagedLogException e) {
            RejectedException refusal = reads.damaged(e.damage());
            abandon(refusal);
            throw refusal;
        }
    }

    private void cutFiles(SegmentList segments, int kept, LogTail place) throws IOException {
        for (int i = segments.all().size() - 1; i >= kept; i--) {
            Segment gone = segments.all().get(i);
            gone.file().discard();
            services.openFiles().files().delete(gone.path());
        }
        Segment last = segments.all().get(kept - 1);
        last.unseal();
        if (place.segmentBaseOffset() == last.baseOffset()) {
            last.truncate(place.positionBytes());
        }
    }

    @Override
    public long durableEndOffset() {
        return syncer.durableEndOffset();
    }

    @Override
    public CompletableFuture<Void> whenDurable(long endOffset) {
        return syncer.whenDurable(endOffset);
    }

    @Override
    public void flush() {
        syncer.sync();
    }

    /** What may be written down of this log now. */
    PartitionCheckpoint checkpoint() {
        return syncer.checkpoint();
    }

    /** Brings the index up to the log's end. Background thread. */
    void drainIndex() {
        indexQueued.set(false);
        services.indexStore().renewIfBroken();
        if (ended != null) {
            return;
        }
        try {
            reads.looking(
                    damages -> {
                        index.drain();
                        return true;
                    });
        } catch (StorageFaultException | RejectedException e) {
            LOG.warn("Index is behind its log partition={}", partition(), e);
        }
    }

    /** Moves the recovery point on. Background thread. */
    void syncInBackground() {
        syncQueued.set(false);
        syncUrgent.set(false);
        if (ended != null) {
            return;
        }
        writer.expireProducers(services.clock().epochMillis());
        try {
            syncer.sync();
        } catch (RejectedException answered) {
            LOG.warn("Sync failed partition={} reason={}", partition(), answered.getMessage());
        }
    }

    private void keepProducers(LogWriter.Roll roll) {
        if (ended != null) {
            return;
        }
        try {
            syncer.syncAndKeep(roll);
        } catch (IOException e) {
            services.disk().failed(StorageFaultException.of("write to", directory, e));
        } catch (RejectedException answered) {
            LOG.warn("Sync failed partition={} reason={}", partition(), answered.getMessage());
        }
    }

    /**
     * Ends appends, syncs, and leaves behind what the next opening needs.
     *
     * @throws RejectedException if the sync failed: then this was no clean stop
     */
    void closeCleanly() throws IOException {
        RejectedException answer =
                new RejectedException(
                        ErrorCode.NOT_READY, "the log of " + partition() + " is closed");
        writer.end(answer);
        try {
            syncer.syncAtCleanStop();
            index.drain();
        } catch (DamagedLogException e) {
            // Seen while the index was made; everything appended is on the disk nevertheless.
            RejectedException unused = reads.damaged(e.damage());
        } finally {
            end(answer);
        }
    }

    /** Ends everything at once: the log is deleted, or its directory failed. */
    void abandon(RejectedException answer) {
        writer.end(answer);
        end(answer);
    }

    private void end(RejectedException answer) {
        ended = answer;
        reads.end(answer);
        syncer.end(answer);
        contents.segments().all().forEach(segment -> segment.file().discard());
    }

    private void queueIndexing() {
        if (indexQueued.compareAndSet(false, true)) {
            services.housekeeping().indexSoon(this);
        }
    }

    private void queueSync() {
        if (syncQueued.compareAndSet(false, true)) {
            services.housekeeping().syncSoon(this);
        }
    }

    private final class AfterAppend implements LogWriter.Listener {

        @Override
        public void indexGrew() {
            queueIndexing();
        }

        @Override
        public void hasUnsynced(long unsyncedBytes) {
            if (!syncQueued.get()) {
                queueSync();
            }
            services.housekeeping().taken(services.takenBytes().get());
            if (unsyncedBytes > services.config().unsyncedBytesMax()
                    && syncUrgent.compareAndSet(false, true)) {
                services.housekeeping().later(ReplicaLog.this::syncInBackground);
            }
        }

        @Override
        public void rolled(LogWriter.Roll roll) {
            services.housekeeping().later(() -> keepProducers(roll));
        }
    }
}
