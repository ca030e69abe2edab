package io.kq.log.index;

import io.kq.log.segment.LogTail;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of one partition: an entry for every 64 KiB of batches and for the first batch of each
 * segment. The appender adds to the tail in memory; {@link #drain} moves that to RocksDB in the
 * background, first reading from the segments whatever RocksDB lacks. A row from RocksDB is
 * believed only if the batch it names is found where it says; else all rows are thrown away and
 * made anew.
 */
public final class PartitionIndex {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionIndex.class);
    private static final int ENTRIES_PER_READ_MAX = 256;

    private final IndexStore store;
    private final int id;
    private final TopicIdPartition partition;
    private final IndexedLog log;
    private final TailIndex tail;
    private final Sampler sampler = new Sampler();

    /** Epochs that began and are not in RocksDB yet. Guarded by itself. */
    private final List<LeaderEpochStart> newEpochs = new ArrayList<>();

    /** Epoch of the last batch shown by the appender, -1 before the first. */
    private int appendedEpoch = -1;

    /**
     * Held while rows are written or judged. May be taken under the log's lock, never around it.
     */
    private final ReentrantLock writing = new ReentrantLock();

    /** How far RocksDB's rows reach; null until they were judged. Guarded by {@link #writing}. */
    private @Nullable IndexedUpTo upTo;

    /** Rows below it have to be read from the segments. Guarded by {@link #writing}. */
    private long rebuildTo;

    /** Segments that compaction wrote, and whose rows speak of files before it. */
    private final Set<ReplacedRange> outdated = ConcurrentHashMap.newKeySet();

    /** Generation of the store in which the rows were judged, -1 before that. */
    private volatile int judgedGeneration = -1;

    /**
     * Begins with an empty tail.
     *
     * @param id under which the rows stand
     * @param coveredFrom offset of the first batch that {@link #appended} will be given
     */
    public PartitionIndex(
            IndexStore store,
            int id,
            TopicIdPartition partition,
            long coveredFrom,
            IndexedLog log) {
        this.store = store;
        this.id = id;
        this.partition = partition;
        this.log = log;
        this.tail = new TailIndex(coveredFrom);
    }

    /**
     * Takes note of a batch that was appended, before the log's new end is published. Under the
     * log's lock.
     *
     * @param before the log's end before the batch
     * @param generation of the segment it lies in
     * @param mark how much the directory had taken in
     * @return whether {@link #drain} has something to do now
     */
    public boolean appended(RecordBatchHeader header, LogTail before, int generation, long mark) {
        boolean newEpoch = header.leaderEpoch() != appendedEpoch;
        if (newEpoch) {
            appendedEpoch = header.leaderEpoch();
            synchronized (newEpochs) {
                newEpochs.add(new LeaderEpochStart(header.leaderEpoch(), header.baseOffset()));
            }
        }
        SparseEntry entry =
                sampler.sample(
                        header,
                        before.segmentBaseOffset(),
                        generation,
                        before.positionBytes(),
                        before.maxTimestampMillis());
        if (entry != null) {
            tail.add(entry, mark);
        }
        return newEpoch || entry != null;
    }

    /** The last known place at or before {@code offset}; null: scan the segment. */
    public @Nullable SparseEntry floor(long offset) {
        SparseEntry near = tail.floor(offset);
        if (near != null) {
            return near;
        }
        return judged() ? believe(store.floor(id, offset).orElse(null)) : null;
    }

    /** The last known place before which all timestamps are smaller; null: start at the start. */
    public @Nullable SparseEntry floorByTime(long timestampMillis) {
        SparseEntry near = tail.floorByTime(timestampMillis);
        if (near != null || !judged()) {
            return near;
        }
        SparseEntry best = null;
        long low = 0;
        long high = tail.coveredFrom();
        while (low <= high) {
            long middle = (low + high) >>> 1;
            Optional<SparseEntry> entry = store.floor(id, middle);
            if (entry.isEmpty()) {
                low = middle + 1;
            } else if (entry.get().maxTimestampBefore() < timestampMillis) {
                best = entry.get();
                low = middle + 1;
            } else {
                high = entry.get().baseOffset() - 1;
            }
        }
        return believe(best);
    }

    /**
     * A place in a segment where a read may end: after {@code from}'s, at most at {@code
     * positionMax}, its offset at most {@code offsetMax}. Null: scan.
     */
    public @Nullable SparseEntry lastWithin(SparseEntry from, long positionMax, long offsetMax) {
        long segment = from.segmentBaseOffset();
        SparseEntry near = tail.lastWithin(segment, from.position(), positionMax, offsetMax);
        if (near != null && near.generation() == from.generation()) {
            return near;
        }
        if (!judged()) {
            return null;
        }
        SparseEntry best = null;
        for (SparseEntry entry :
                store.entriesFrom(id, from.baseOffset() + 1, ENTRIES_PER_READ_MAX)) {
            if (entry.segmentBaseOffset() != segment
                    || entry.generation() != from.generation()
                    || entry.position() > positionMax
                    || entry.baseOffset() > offsetMax) {
                break;
            }
            best = entry;
        }
        return believe(best);
    }

    /**
     * How much the directory had taken in when the batch at {@code offset} came, or less; or -1.
     */
    public long markAt(long offset) {
        return tail.markAt(offset);
    }

    /** Starts of all leader epochs in the log, oldest first. Blocking; may read the whole log. */
    public List<LeaderEpochStart> epochs() throws IOException {
        writing.lock();
        try {
            drain();
            List<LeaderEpochStart> known = store.epochs(id);
            int last = log.tail().lastLeaderEpoch();
            // The first one has to reach back to the first batch, else rows of epochs are missing.
            boolean whole =
                    !known.isEmpty()
                            && known.get(0).startOffset() <= log.firstSegmentOffset()
                            && known.get(known.size() - 1).leaderEpoch() >= last;
            if (whole || last < 0) {
                return known;
            }
            List<LeaderEpochStart> read = new ArrayList<>();
            log.forEachBatch(
                    null,
                    log.firstSegmentOffset(),
                    log.tail().endOffset(),
                    (header, segment, position) -> {
                        if (read.isEmpty()
                                || read.get(read.size() - 1).leaderEpoch()
                                        != header.leaderEpoch()) {
                            read.add(
                                    new LeaderEpochStart(
                                            header.leaderEpoch(), header.baseOffset()));
                        }
                    });
            return read;
        } finally {
            writing.unlock();
        }
    }

    /** Brings RocksDB up to the log's end. Background thread. */
    public void drain() throws IOException {
        writing.lock();
        try {
            IndexedUpTo from = filled();
            LogTail end = log.tail();
            List<SparseEntry> entries = tail.unwritten();
            List<LeaderEpochStart> epochs;
            synchronized (newEpochs) {
                epochs = List.copyOf(newEpochs);
            }
            if (end.endOffset() == from.offset() && entries.isEmpty() && epochs.isEmpty()) {
                return;
            }
            long lastEntry = from.lastEntryOffset();
            for (SparseEntry entry : entries) {
                lastEntry = entry.baseOffset() < end.endOffset() ? entry.baseOffset() : lastEntry;
            }
            IndexedUpTo to =
                    new IndexedUpTo(
                            partition,
                            end.endOffset(),
                            end.lastLeaderEpoch(),
                            end.maxTimestampMillis(),
                            lastEntry);
            List<LeaderEpochStart> begun =
                    epochs.stream().filter(e -> e.leaderEpoch() > from.lastLeaderEpoch()).toList();
            if (store.write(id, to, entries, begun)) {
                upTo = to;
                if (!entries.isEmpty()) {
                    tail.written(entries.get(entries.size() - 1).baseOffset());
                }
                synchronized (newEpochs) {
                    newEpochs.removeAll(epochs);
                }
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * Up to where the rows are whole. A segment's renewal may find that all have to be made anew.
     */
    private IndexedUpTo filled() throws IOException {
        IndexedUpTo from = fillGap(judge());
        if (outdated.isEmpty()) {
            return from;
        }
        for (ReplacedRange range : List.copyOf(outdated)) {
            renew(range);
            outdated.remove(range);
        }
        return fillGap(judge());
    }

    /** Forgets everything from {@code endOffset} on; the log was cut there. */
    public void cut(long endOffset) {
        tail.cut(endOffset);
        sampler.restart();
        appendedEpoch = -1;
        synchronized (newEpochs) {
            newEpochs.removeIf(start -> start.startOffset() >= endOffset);
        }
        writing.lock();
        try {
            if (judge().offset() > endOffset) {
                cutRows(endOffset);
            }
        } finally {
            writing.unlock();
        }
    }

    /** Forgets everything before {@code startOffset}, where the oldest segment starts now. */
    public void forgetBelow(long startOffset) {
        tail.forgetBelow(startOffset);
        writing.lock();
        try {
            int firstKept = -1;
            for (LeaderEpochStart start : store.epochs(id)) {
                if (start.startOffset() <= startOffset) {
                    firstKept = start.leaderEpoch();
                }
            }
            store.forgetBelow(id, startOffset, Math.max(firstKept, 0));
        } finally {
            writing.unlock();
        }
    }

    /**
     * Compaction put one segment in place of those in its range: its rows take the place of theirs.
     * A crash may bring theirs back; then they are exchanged when somebody meets one.
     */
    public void segmentsReplaced(ReplacedRange range) throws IOException {
        writing.lock();
        try {
            drain();
            tail.forgetBelow(range.endOffset());
            renew(range);
        } finally {
            writing.unlock();
        }
    }

    /**
     * Reads a segment's rows anew. What stands of leader epochs stays right: compaction keeps where
     * they begin. Under {@link #writing}.
     */
    private void renew(ReplacedRange range) throws IOException {
        Optional<SparseEntry> first =
                store.floor(id, range.baseOffset())
                        .filter(entry -> entry.baseOffset() == range.baseOffset());
        if (first.isEmpty()) {
            // Nobody knows how large timestamps before it were.
            startAnew(store.generation());
            return;
        }
        List<SparseEntry> entries = new ArrayList<>();
        Sampler ofSegment = new Sampler();
        long[] maxTimestamp = {first.get().maxTimestampBefore()};
        log.forEachBatch(
                null,
                range.baseOffset(),
                range.endOffset(),
                (header, segment, position) -> {
                    SparseEntry entry =
                            ofSegment.sample(
                                    header,
                                    segment.baseOffset(),
                                    segment.generation(),
                                    position,
                                    maxTimestamp[0]);
                    if (entry != null) {
                        entries.add(entry);
                    }
                    maxTimestamp[0] = Math.max(maxTimestamp[0], header.maxTimestamp());
                });
        store.replace(id, range.baseOffset(), range.endOffset(), entries);
    }

    private boolean judged() {
        if (judgedGeneration == store.generation()) {
            return true;
        }
        if (!writing.tryLock()) {
            return false;
        }
        try {
            judge();
            return true;
        } finally {
            writing.unlock();
        }
    }

    /** Looks whether the rows are this log's; throws them away if not. */
    private IndexedUpTo judge() {
        IndexedUpTo known = upTo;
        int generation = store.generation();
        if (known != null && judgedGeneration == generation) {
            return known;
        }
        if (known != null) {
            return startAnew(generation);
        }
        Optional<IndexedUpTo> found = store.indexedUpTo(id);
        if (found.isEmpty()
                || !found.get().partition().equals(partition)
                || !vouchedFor(found.get())) {
            return startAnew(generation);
        }
        upTo = found.get();
        judgedGeneration = generation;
        if (found.get().lastEntryOffset() >= 0) {
            // Its last entry vouches for the rows before it. Those after it may be of batches that
            // were lost in a crash, and others may stand in their place: they are read again.
            cutRows(Math.min(found.get().offset(), log.tail().endOffset()));
        }
        return currentUpTo();
    }

    private IndexedUpTo currentUpTo() {
        IndexedUpTo current = upTo;
        return current == null ? IndexedUpTo.nothing(partition, log.firstSegmentOffset()) : current;
    }

    private boolean vouchedFor(IndexedUpTo found) {
        if (found.lastEntryOffset() < 0) {
            return found.offset() <= log.firstSegmentOffset();
        }
        long last = Math.min(found.lastEntryOffset(), log.tail().endOffset() - 1);
        Optional<SparseEntry> entry = store.floor(id, last);
        return entry.isPresent() && log.holds(entry.get());
    }

    private IndexedUpTo startAnew(int generation) {
        store.forget(id);
        IndexedUpTo nothing = IndexedUpTo.nothing(partition, log.firstSegmentOffset());
        upTo = nothing;
        rebuildTo = log.tail().endOffset();
        judgedGeneration = generation;
        if (rebuildTo > nothing.offset()) {
            log.indexWasLost();
        }
        return nothing;
    }

    private void cutRows(long endOffset) {
        SparseEntry last = store.floor(id, endOffset - 1).orElse(null);
        if (last == null || !log.holds(last)) {
            startAnew(store.generation());
            return;
        }
        List<LeaderEpochStart> before =
                store.epochs(id).stream()
                        .filter(start -> start.startOffset() < last.baseOffset())
                        .toList();
        int lastEpoch = before.isEmpty() ? -1 : before.get(before.size() - 1).leaderEpoch();
        IndexedUpTo to =
                new IndexedUpTo(
                        partition,
                        last.baseOffset(),
                        lastEpoch,
                        last.maxTimestampBefore(),
                        last.baseOffset());
        store.cut(id, last.baseOffset() + 1, lastEpoch + 1, to);
        upTo = to;
        rebuildTo = Math.max(rebuildTo, endOffset);
    }

    /** The entry, if its batch is there; else the rows are wrong and go. */
    private @Nullable SparseEntry believe(@Nullable SparseEntry entry) {
        if (entry == null || log.holds(entry)) {
            return entry;
        }
        if (entry.baseOffset() < log.firstSegmentOffset()) {
            return null; // of a segment that is gone: not wrong, only of no use
        }
        Optional<ReplacedRange> replaced = log.replacementOf(entry);
        if (replaced.isPresent()) {
            outdated.add(replaced.get());
            log.indexWasLost();
            return null;
        }
        if (writing.tryLock()) {
            try {
                LOG.warn("Index does not fit its log, making it anew partition={}", partition);
                startAnew(store.generation());
            } finally {
                writing.unlock();
            }
        }
        return null;
    }

    /** Reads from the segments what RocksDB lacks before the tail begins. */
    private IndexedUpTo fillGap(IndexedUpTo from) throws IOException {
        long gapEnd = Math.min(Math.max(tail.coveredFrom(), rebuildTo), log.tail().endOffset());
        if (from.offset() >= gapEnd || !store.isUsable()) {
            return from;
        }
        GapFill fill = new GapFill(store, id, from);
        SparseEntry hint = store.floor(id, from.offset()).filter(log::holds).orElse(null);
        log.forEachBatch(hint, from.offset(), gapEnd, fill);
        IndexedUpTo filled = fill.finish();
        upTo = filled;
        return filled;
    }
}
