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
 * was since it was last known to be on the disk, and never less than what was promised.
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

    List<Batch> batches() {
        return now;
    }

    long endOffset() {
        return now.isEmpty() ? 0 : now.get(now.size() - 1).nextOffset();
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

    /** A cut takes back the promise of what it may leave unsynced, before it cuts. */
    void cutMayHaveBegun(long durableEndOffset) {
        promised = Math.min(promised, durableEndOffset);
    }

    /** All of it is, and nothing of what was cut before. */
    void allOnDisk() {
        since = new ArrayList<>(List.of(now));
        promised = endOffset();
    }

    /** A restart found {@code stored}: judges it, and goes on from there. */
    void found(List<ByteBuffer> stored) {
        long end = 0;
        for (ByteBuffer batch : stored) {
            end = batch.getLong(0) + batch.getInt(23) + 1;
        }
        assertThat(end)
                .as("end of the log, promised %d", promised)
                .isGreaterThanOrEqualTo(promised);
        for (int i = since.size() - 1; i >= 0; i--) {
            if (begins(since.get(i), stored)) {
                now = since.get(i).subList(0, stored.size());
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
        return now.stream()
                .filter(batch -> batch.timestampMillis() >= timestampMillis)
                .findFirst()
                .map(batch -> new TimestampAndOffset(batch.timestampMillis(), batch.baseOffset()));
    }

    EpochEnd epochEnd(int leaderEpoch) {
        int found = -1;
        for (Batch batch : now) {
            if (batch.leaderEpoch() > leaderEpoch) {
                return new EpochEnd(found, batch.baseOffset());
            }
            found = batch.leaderEpoch();
        }
        return new EpochEnd(found, endOffset());
    }
}
