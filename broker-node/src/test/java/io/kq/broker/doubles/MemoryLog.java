package io.kq.broker.doubles;

import io.kq.log.LogConfig;
import io.kq.log.LogConfig.Flush;
import io.kq.log.PartitionLog;
import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.compaction.CompactionReport;
import io.kq.log.compaction.DirtyRange;
import io.kq.log.recovery.Damage;
import io.kq.log.recovery.RecoveryReport;
import io.kq.log.retention.RetentionPolicy;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory that a test can make cold, full, or slow to reach the disk. Keeps the promises of
 * {@link PartitionLog} that its callers build on.
 */
public final class MemoryLog implements PartitionLog {

    @SuppressWarnings("ArrayRecordComponent")
    private record Stored(RecordBatchHeader header, byte[] bytes) {}

    private record Waiter(long endOffset, CompletableFuture<Void> done) {}

    private final TopicIdPartition partition;
    private final AtomicInteger openSlices;
    private final List<Stored> batches = new ArrayList<>();
    private final Map<Long, List<Stored>> byProducer = new HashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private LogConfig config;
    private long start;
    private volatile long end;
    private long durable;
    private volatile boolean cold;
    private volatile Runnable epochsAsked = () -> {};
    private @Nullable ErrorCode appendFailure;
    private @Nullable ErrorCode cutFailure;

    public MemoryLog(TopicIdPartition partition, LogConfig config, AtomicInteger openSlices) {
        this.partition = partition;
        this.config = config;
        this.openSlices = openSlices;
    }

    /** A log of its own. */
    public static MemoryLog of(LogConfig config) {
        TopicIdPartition id = new TopicIdPartition(new UUID(1, 1), 0);
        return new MemoryLog(id, config, new AtomicInteger());
    }

    /** Reads have to come from the disk from now on, or no more. */
    public void setCold(boolean isCold) {
        cold = isCold;
    }

    /** Appends are refused with this from now on; null: no more. */
    public synchronized void failAppends(@Nullable ErrorCode code) {
        appendFailure = code;
    }

    /** Cuts are refused with this from now on; null: no more. */
    public synchronized void failCuts(@Nullable ErrorCode code) {
        cutFailure = code;
    }

    /** What happens while somebody asks where an epoch ends. */
    public void whenEpochsAreAsked(Runnable happens) {
        epochsAsked = happens;
    }

    /** Retention removed all before this offset, the start of a batch. */
    public synchronized void removeBefore(long offset) {
        start = offset;
        batches.removeIf(b -> b.header().nextOffset() <= offset);
    }

    /** The disk has everything now. */
    public void sync() {
        List<Waiter> reached;
        synchronized (this) {
            durable = end;
            reached = waiters.stream().filter(w -> w.endOffset() <= durable).toList();
            waiters.removeAll(reached);
        }
        reached.forEach(w -> w.done().complete(null));
    }

    /** The disk failed. */
    public void failSync() {
        List<Waiter> all;
        synchronized (this) {
            all = List.copyOf(waiters);
            waiters.clear();
        }
        RejectedException failure =
                new RejectedException(ErrorCode.STORAGE_FAULT, "fsync failed", false, Map.of());
        all.forEach(w -> w.done().completeExceptionally(failure));
    }

    /** How many wait for the disk. */
    public synchronized int syncWaiters() {
        return waiters.size();
    }

    /** Slices that were handed out and not closed. */
    public int openSlices() {
        return openSlices.get();
    }

    @Override
    public TopicIdPartition partition() {
        return partition;
    }

    @Override
    public synchronized long logStartOffset() {
        return start;
    }

    @Override
    public long logEndOffset() {
        return end;
    }

    @Override
    public synchronized int lastLeaderEpoch() {
        return batches.isEmpty() ? -1 : batches.get(batches.size() - 1).header().leaderEpoch();
    }

    @Override
    public synchronized long sizeBytes() {
        return batches.stream().mapToLong(b -> b.bytes().length).sum();
    }

    @Override
    public RecoveryReport recovery() {
        return RecoveryReport.cleanAt(end);
    }

    @Override
    public Optional<Damage> damage() {
        return Optional.empty();
    }

    @Override
    public synchronized boolean isWritable() {
        return appendFailure == null;
    }

    @Override
    public synchronized void configure(LogConfig changed) {
        config = changed;
    }

    @Override
    public synchronized AppendOutcome append(BatchBytes batch, int leaderEpoch, long nowMillis) {
        if (appendFailure != null) {
            throw new RejectedException(appendFailure, "appends are refused");
        }
        RecordBatchHeader header = batch.header();
        if (batch.sizeBytes() > config.messageBytesMax()) {
            throw new RejectedException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "too large",
                    true,
                    Map.of("limit", Integer.toString(config.messageBytesMax())));
        }
        if (header.sizeBytes() != batch.sizeBytes() || !batch.crcMatches()) {
            throw new RejectedException(ErrorCode.CORRUPT_BATCH, "not a batch");
        }
        Stored earlier = duplicateOf(header);
        if (earlier != null) {
            return new AppendOutcome(
                    earlier.header().baseOffset(), earlier.header().nextOffset(), true);
        }
        Stored stored = stamped(batch, leaderEpoch);
        batches.add(stored);
        if (header.isIdempotent()) {
            byProducer.computeIfAbsent(header.producerId(), id -> new ArrayList<>()).add(stored);
        }
        end = stored.header().nextOffset();
        return new AppendOutcome(stored.header().baseOffset(), end, false);
    }

    private @Nullable Stored duplicateOf(RecordBatchHeader header) {
        if (!header.isIdempotent()) {
            return null;
        }
        List<Stored> seen = byProducer.getOrDefault(header.producerId(), List.of());
        for (Stored s : seen) {
            if (s.header().baseSequence() == header.baseSequence()) {
                return s;
            }
        }
        int expected = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).header().lastSequence() + 1;
        if (header.baseSequence() != expected) {
            throw new RejectedException(
                    ErrorCode.OUT_OF_ORDER_SEQUENCE, "expected sequence " + expected);
        }
        return null;
    }

    private Stored stamped(BatchBytes batch, int leaderEpoch) {
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeBytes()).put(batch.toContiguous());
        bytes.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, end);
        bytes.putInt(RecordBatchHeader.LEADER_EPOCH_POSITION, leaderEpoch);
        return new Stored(RecordBatchHeader.read(bytes, 0), bytes.array());
    }

    @Override
    public synchronized AppendOutcome appendAsFollower(BatchBytes batch, long nowMillis) {
        if (appendFailure != null) {
            throw new RejectedException(appendFailure, "appends are refused");
        }
        if (batch.header().baseOffset() != end) {
            throw new RejectedException(ErrorCode.OFFSET_OUT_OF_RANGE, "does not follow " + end);
        }
        Stored stored =
                new Stored(
                        batch.header(),
                        ByteBuffer.allocate(batch.sizeBytes()).put(batch.toContiguous()).array());
        batches.add(stored);
        end = batch.header().nextOffset();
        return new AppendOutcome(batch.header().baseOffset(), end, false);
    }

    @Override
    public synchronized void beginAt(long startOffset) {
        if (!batches.isEmpty() || startOffset < end) {
            throw new RejectedException(ErrorCode.OFFSET_OUT_OF_RANGE, "not empty");
        }
        start = startOffset;
        end = startOffset;
    }

    @Override
    public synchronized LogSlice read(long fromOffset, long upperBound, int maxBytes) {
        if (fromOffset < start || fromOffset > end) {
            throw new RejectedException(ErrorCode.OFFSET_OUT_OF_RANGE, "offset " + fromOffset);
        }
        List<Stored> taken = new ArrayList<>();
        int size = 0;
        for (Stored b : batches) {
            boolean wanted =
                    b.header().lastOffset() >= fromOffset && b.header().nextOffset() <= upperBound;
            if (wanted && fromOffset < upperBound) {
                if (!taken.isEmpty() && size + b.bytes().length > maxBytes) {
                    break;
                }
                taken.add(b);
                size += b.bytes().length;
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        taken.forEach(b -> bytes.put(b.bytes()));
        long base = taken.isEmpty() ? fromOffset : taken.get(0).header().baseOffset();
        long next =
                taken.isEmpty() ? fromOffset : taken.get(taken.size() - 1).header().nextOffset();
        return new MemorySlice(bytes.array(), base, next, !cold, openSlices);
    }

    @Override
    public boolean isHot(long fromOffset) {
        return !cold || fromOffset >= end;
    }

    @Override
    public synchronized Optional<TimestampAndOffset> findByTimestamp(
            long timestampMillis, long upperBound) {
        return batches.stream()
                .filter(b -> b.header().maxTimestamp() >= timestampMillis)
                .filter(b -> b.header().nextOffset() <= upperBound)
                .findFirst()
                .map(
                        b ->
                                new TimestampAndOffset(
                                        b.header().baseTimestamp(), b.header().baseOffset()));
    }

    @Override
    public long retain(RetentionPolicy policy, long upperBound, long nowMillis) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized long deleteRecords(long beforeOffset) {
        removeBefore(Math.max(start, beforeOffset));
        return start;
    }

    @Override
    public Optional<DirtyRange> dirtyRange(
            CompactionPolicy policy, long upperBound, long nowMillis) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CompactionReport> compact(
            CompactionPolicy policy, CompactionMeans means, long upperBound, long nowMillis) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EpochEnd endOffsetForEpoch(int leaderEpoch) {
        epochsAsked.run();
        synchronized (this) {
            EpochEnd found = new EpochEnd(-1, start);
            for (Stored stored : batches) {
                if (stored.header().leaderEpoch() <= leaderEpoch) {
                    found =
                            new EpochEnd(
                                    stored.header().leaderEpoch(), stored.header().nextOffset());
                }
            }
            return found;
        }
    }

    @Override
    public synchronized void truncateTo(long endOffset) {
        if (cutFailure != null) {
            throw new RejectedException(cutFailure, "cuts are refused");
        }
        batches.removeIf(b -> b.header().nextOffset() > endOffset);
        end = endOffset;
        durable = Math.min(durable, end);
    }

    @Override
    public synchronized long durableEndOffset() {
        return config.flush() == Flush.FSYNC ? durable : end;
    }

    @Override
    public synchronized CompletableFuture<Void> whenDurable(long endOffset) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (endOffset <= durable) {
            done.complete(null);
        } else {
            waiters.add(new Waiter(endOffset, done));
        }
        return done;
    }

    @Override
    public void flush() {
        sync();
    }
}
