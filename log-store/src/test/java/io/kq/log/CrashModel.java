package io.kq.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.PartitionLog.EpochEnd;
import io.kq.log.PartitionLog.TimestampAndOffset;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What a log may be after a crash, as simply as it can be said: the beginning of one of the logs it
 * was since it was last known to be on the disk, and never less than what was promised; from where
 * it started or from where it was to start, and not from later.
 */
final class CrashModel {

    /** As its producer sent it, and where it is. */
    record Batch(
            BatchBytes sent,
            long baseOffset,
            int records,
            int leaderEpoch,
            long timestampMillis,
            long producerId,
            int sequence) {

        long nextOffset() {
            return baseOffset + records;
        }

        ByteBuffer stored() {
            return Batches.stamped(baseOffset, leaderEpoch, sent).toContiguous();
        }
    }

    private static final int BATCHES_REMEMBERED = 5;

    /** Of the batch that stands for the offsets before the one at which a log was begun. */
    private static final long NOBODY = -1;

    /** The log now. */
    private List<Batch> now = List.of();

    /** What the log was since it was last wholly on the disk, {@link #now} included. */
    private List<List<Batch>> since = new ArrayList<>(List.of(now));

    /** Everything below was promised to be on the disk. */
    private long promised;

    /** No pass of compaction went beyond it: it was committed, and is never cut. */
    private long compactedBelow;

    /** A cut took some of the batches that compaction had kept since a producer may repeat them. */
    private boolean cutAfterCompaction;

    /** Offsets of records that compaction removed. */
    private final Set<Long> gone = new HashSet<>();

    private int epoch;

    /** Where the log starts; what is below stays in the lists and counts as gone. */
    private long start;

    /** How far a crash may find the start to have moved. */
    private long startMax;

    /** The same before it was last asked to move: an attempt that failed may show after a crash. */
    private long startMaxBefore;

    /** The batches of which a record is there. */
    List<Batch> batches() {
        return existing(now, start);
    }

    /** The leader epoch of what is appended next. */
    int epoch() {
        return epoch;
    }

    void nextEpoch() {
        epoch++;
    }

    private static List<Batch> existing(List<Batch> state, long startOffset) {
        return state.stream().filter(batch -> batch.nextOffset() > startOffset).toList();
    }

    long startOffset() {
        return start;
    }

    private long firstOffset(Batch batch) {
        return Math.max(batch.baseOffset(), start);
    }

    long endOffset() {
        return endOf(now);
    }

    private static long endOf(List<Batch> state) {
        return state.isEmpty() ? 0 : state.get(state.size() - 1).nextOffset();
    }

    int lastEpoch() {
        return now.isEmpty() ? -1 : now.get(now.size() - 1).leaderEpoch();
    }

    /** A log that was begun elsewhere knows nobody of before. */
    List<Batch> of(long producerId) {
        int known = 0;
        for (int i = 0; i < now.size(); i++) {
            known = now.get(i).producerId() == NOBODY ? i : known;
        }
        return now.subList(known, now.size()).stream()
                .filter(batch -> batch.producerId() == producerId)
                .toList();
    }

    /** An empty log that goes on at {@code offset}: nothing is there, and never was. */
    List<Batch> begunAt(long offset) {
        long end = endOffset();
        BatchBytes nothing = Batches.of("");
        return with(new Batch(nothing, end, (int) (offset - end), epoch, 0, NOBODY, 0));
    }

    List<Batch> with(Batch next) {
        List<Batch> longer = new ArrayList<>(now);
        longer.add(next);
        return List.copyOf(longer);
    }

    List<Batch> until(long endOffset) {
        return now.stream().filter(batch -> batch.nextOffset() <= endOffset).toList();
    }

    /** The log is about to become {@code next}; a crash may find it so or not. */
    void becoming(List<Batch> next) {
        since.add(next);
    }

    /** It did not, and never will. */
    void didNotBecome(List<Batch> next) {
        since.removeIf(state -> state == next);
    }

    void became(List<Batch> next) {
        cutAfterCompaction |= compactedBelow > 0 && next.size() < now.size();
        now = next;
        gone.removeIf(offset -> offset >= endOffset());
        promised = Math.min(promised, endOffset());
    }

    /** The store says that everything below {@code offset} is on the disk. */
    void promised(long offset) {
        boolean moved = offset > promised;
        promised = Math.max(promised, Math.min(offset, endOffset()));
        if (moved && promised == endOffset()) {
            allOnDisk();
        }
    }

    /** The start is about to move, no further than to {@code offset}. */
    void startMayMoveTo(long offset) {
        startMaxBefore = startMax;
        startMax = Math.max(startMax, offset);
    }

    /** The store says that it moved, or that it did not. */
    void startsAt(long offset) {
        assertThat(offset).as("log start").isBetween(start, startMax);
        start = offset;
        startMax = Math.max(offset, startMaxBefore);
    }

    /** A cut takes back the promise of what it may leave unsynced, before it cuts. */
    void cutMayHaveBegun(long durableEndOffset) {
        promised = Math.min(promised, durableEndOffset);
    }

    /** All of it is, and nothing of what was cut before; what it is about to become may be, too. */
    void allOnDisk() {
        int at = since.size() - 1;
        while (since.get(at) != now) {
            at--;
        }
        since = new ArrayList<>(since.subList(at, since.size()));
        promised = endOffset();
    }

    /** A restart found {@code stored}: judges it, and goes on from there. */
    void found(long startOffset, long endOffset, List<ByteBuffer> stored) {
        startMaxBefore = startOffset;
        startsAt(startOffset);
        assertThat(endOffset)
                .as("end of the log, promised %d", promised)
                .isGreaterThanOrEqualTo(promised);
        for (int i = since.size() - 1; i >= 0; i--) {
            List<Batch> state = since.get(i);
            List<Batch> existing = existing(state, startOffset);
            List<Batch> found = existing.stream().filter(b -> b.nextOffset() <= endOffset).toList();
            List<Batch> all = state.subList(0, state.size() - existing.size() + found.size());
            if (endOf(all) == endOffset && becameOf(found, stored)) {
                now = all;
                since = new ArrayList<>(List.of(now));
                return;
            }
        }
        throw new AssertionError(
                "found "
                        + stored.stream().map(b -> b.getLong(0) + "@" + b.getInt(12)).toList()
                        + ", which is not the beginning of any of these, newest last: "
                        + since.stream().map(CrashModel::outline).toList());
    }

    private static List<String> outline(List<Batch> state) {
        return state.stream().map(b -> b.baseOffset() + "@" + b.leaderEpoch()).toList();
    }

    /** Whether the batches may be stored so, and if so, which records are gone. */
    private boolean becameOf(List<Batch> sent, List<ByteBuffer> stored) {
        Optional<Set<Long>> missing = CompactedBatches.of(sent, stored, gone);
        missing.ifPresent(gone::addAll);
        return missing.isPresent();
    }

    /** A pass of compaction is about to begin; records from {@code bound} on are not committed. */
    void compactionMayReach(long bound) {
        compactedBelow = Math.max(compactedBelow, Math.min(bound, endOffset()));
    }

    /** Whether it may happen to the log that it is cut there. */
    boolean mayBeCutAt(long offset) {
        return offset >= start && offset >= compactedBelow;
    }

    /**
     * The batches of a producer that a log has to know again: the last five. After a cut they may
     * be fewer: those before them were acknowledged when the ones that were cut were sent.
     */
    List<Batch> remembered(long producerId, List<ByteBuffer> stored) {
        List<Batch> sent = of(producerId);
        int from = Math.max(0, sent.size() - BATCHES_REMEMBERED);
        if (cutAfterCompaction) {
            Set<Long> there = new HashSet<>();
            stored.stream()
                    .map(batch -> RecordBatchHeader.read(batch, 0))
                    .filter(header -> header.producerId() == producerId)
                    .forEach(header -> there.add(header.baseOffset()));
            int first = sent.size();
            while (first > from && there.contains(sent.get(first - 1).baseOffset())) {
                first--;
            }
            from = first;
        }
        return sent.subList(from, sent.size());
    }

    /** The log holds {@code stored} and is what it was, but for records that later ones replace. */
    void compactedTo(List<ByteBuffer> stored) {
        assertThat(becameOf(batches(), stored)).as("a compacted form of %s", outline(now)).isTrue();
    }

    /** Whether these are consecutive batches of the log, as sent or compacted. */
    void holds(List<ByteBuffer> some) {
        long from = some.get(0).getLong(0);
        ByteBuffer last = some.get(some.size() - 1);
        long to = last.getLong(0) + last.getInt(23) + 1;
        List<Batch> sent =
                batches().stream()
                        .filter(b -> b.nextOffset() > from && b.baseOffset() < to)
                        .toList();
        Set<Long> offsets = new HashSet<>();
        assertThat(CompactedBatches.of(sent, some, gone)).hasValueSatisfying(offsets::addAll);
        offsets.removeIf(offset -> offset < start);
        assertThat(gone).containsAll(offsets);
    }

    private List<Long> left(Batch batch) {
        return LongStream.range(firstOffset(batch), batch.nextOffset())
                .boxed()
                .filter(offset -> !gone.contains(offset))
                .toList();
    }

    Optional<TimestampAndOffset> byTime(long timestampMillis) {
        return batches().stream()
                .filter(batch -> batch.timestampMillis() >= timestampMillis)
                .filter(batch -> !left(batch).isEmpty())
                .findFirst()
                .map(b -> new TimestampAndOffset(b.timestampMillis(), left(b).get(0)));
    }

    EpochEnd epochEnd(int leaderEpoch) {
        int found = -1;
        for (Batch batch : batches()) {
            if (batch.leaderEpoch() > leaderEpoch) {
                return new EpochEnd(found, firstOffset(batch));
            }
            found = batch.leaderEpoch();
        }
        return new EpochEnd(leaderEpoch < lastEpoch() ? found : lastEpoch(), endOffset());
    }
}
