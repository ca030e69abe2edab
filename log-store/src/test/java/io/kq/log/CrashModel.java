package io.kq.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.PartitionLog.EpochEnd;
import io.kq.log.PartitionLog.TimestampAndOffset;
import io.kq.protocol.record.BatchBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** The log now. */
    private List<Batch> now = List.of();

    /** What the log was since it was last wholly on the disk, {@link #now} included. */
    private List<List<Batch>> since = new ArrayList<>(List.of(now));

    /** Everything below was promised to be on the disk. */
    private long promised;

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

    List<Batch> of(long producerId) {
        return now.stream().filter(batch -> batch.producerId() == producerId).toList();
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
        now = next;
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
            int gone = state.size() - existing.size();
            if (begins(existing, stored)
                    && endOf(state.subList(0, gone + stored.size())) == endOffset) {
                now = state.subList(0, gone + stored.size());
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

    private static boolean begins(List<Batch> state, List<ByteBuffer> stored) {
        if (state.size() < stored.size()) {
            return false;
        }
        for (int i = 0; i < stored.size(); i++) {
            if (!state.get(i).stored().equals(stored.get(i))) {
                return false;
            }
        }
        return true;
    }

    Optional<TimestampAndOffset> byTime(long timestampMillis) {
        return batches().stream()
                .filter(batch -> batch.timestampMillis() >= timestampMillis)
                .findFirst()
                .map(b -> new TimestampAndOffset(b.timestampMillis(), firstOffset(b)));
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
