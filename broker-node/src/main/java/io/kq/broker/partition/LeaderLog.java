package io.kq.broker.partition;

import io.kq.log.PartitionLog;
import io.kq.log.PartitionLog.TimestampAndOffset;
import io.kq.log.retention.RetentionPolicy;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A partition's log as its leader lets it be seen, and cut at its start: readers up to the high
 * watermark, followers up to the end. Any thread; one for each leader epoch, over with it.
 */
public final class LeaderLog {

    private final TopicPartition partition;
    private final PartitionLog log;
    private final Runnable startMoved;

    /**
     * The high watermark, or -1 while readers may not be told it (R5). Moved only under the lock;
     * read by any thread. Invariant: never falls.
     */
    private volatile long readableEnd = -1;

    /** The state's, for any thread. */
    private volatile long highWatermark;

    /** Why the epoch is over; null while it is not. Set once. */
    private volatile @Nullable RejectedException over;

    /**
     * Nothing may be read yet.
     *
     * @param startMoved run when there is a later start to be told of
     */
    LeaderLog(TopicPartition partition, PartitionLog log, long highWatermark, Runnable startMoved) {
        this.partition = partition;
        this.log = log;
        this.highWatermark = highWatermark;
        this.startMoved = startMoved;
    }

    /** What the leader knows now, under its lock. */
    void publish(long committedEnd, boolean readable) {
        highWatermark = committedEnd;
        readableEnd = readable ? committedEnd : -1;
    }

    /** The epoch is over, with this reason for those who ask. */
    void end(RejectedException reason) {
        over = reason;
    }

    private void checkLeading() {
        RejectedException reason = over;
        if (reason != null) {
            throw reason;
        }
    }

    /** Exclusive end of what may be read now, or -1 while that must not be told (R5). */
    public long readableEnd() {
        return readableEnd;
    }

    /** What readers are told beside the data. Meaningless while {@link #readableEnd} is -1. */
    public Watermarks watermarks() {
        long end = readableEnd;
        return new Watermarks(end, end, log.logStartOffset());
    }

    /**
     * Whole batches from the one that contains {@code offset}: committed ones only, at least one if
     * there is one. Empty at the end. May block unless the result is hot.
     *
     * @throws RejectedException NOT_LEADER, OFFSET_OUT_OF_RANGE (metadata log_start, log_end)
     */
    public LogSlice read(long offset, int maxBytes) {
        checkOffset(offset);
        return log.read(offset, Math.max(readableEnd, log.logStartOffset()), maxBytes);
    }

    /** Whether {@link #read} from there finds all in memory and page cache. Never blocks. */
    public boolean isHot(long offset) {
        return log.isHot(offset);
    }

    /**
     * Refuses offsets that do not exist. One that is written but not committed yet does.
     *
     * @throws RejectedException NOT_LEADER, OFFSET_OUT_OF_RANGE
     */
    public void checkOffset(long offset) {
        checkLeading();
        if (offset < log.logStartOffset() || offset > log.logEndOffset()) {
            throw outOfRange(offset);
        }
    }

    private RejectedException outOfRange(long offset) {
        return new RejectedException(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                "offset " + offset + " of " + partition + " does not exist",
                true,
                Map.of(
                        "log_start", Long.toString(log.logStartOffset()),
                        "log_end", Long.toString(Math.max(readableEnd, log.logStartOffset()))));
    }

    /** Whether a reader at {@code offset} has something to be told: data, or an error. */
    public boolean hasNews(long offset) {
        return over != null
                || offset < readableEnd
                || offset < log.logStartOffset()
                || offset > log.logEndOffset();
    }

    /** The first offset that still exists. */
    public long earliestOffset() {
        checkLeading();
        return log.logStartOffset();
    }

    /**
     * The high watermark.
     *
     * @throws RejectedException OFFSET_NOT_AVAILABLE while it must not be told
     */
    public long latestOffset() {
        checkLeading();
        long end = readableEnd;
        if (end < 0) {
            throw notAvailable();
        }
        return end;
    }

    /** The first committed record that is at least as young. Blocking. */
    public Optional<TimestampAndOffset> findByTimestamp(long timestampMillis) {
        return log.findByTimestamp(timestampMillis, latestOffset());
    }

    /**
     * Deletes the records before an offset, for good. Blocking.
     *
     * @param beforeOffset at most the high watermark; -1: that
     * @return the first offset that still exists
     * @throws RejectedException NOT_LEADER, OFFSET_NOT_AVAILABLE, OFFSET_OUT_OF_RANGE, and what
     *     {@link PartitionLog#deleteRecords} refuses
     */
    public long deleteRecords(long beforeOffset) {
        long end = latestOffset();
        if (beforeOffset < -1 || beforeOffset > end) {
            throw outOfRange(beforeOffset);
        }
        long start = log.deleteRecords(beforeOffset == -1 ? end : beforeOffset);
        startMoved.run();
        return start;
    }

    /** Deletes what {@code policy} lets go of. Blocking. */
    public void retain(RetentionPolicy policy, long nowMillis) {
        long before = log.logStartOffset();
        if (log.retain(policy, highWatermark, nowMillis) > before) {
            startMoved.run();
        }
    }

    private RejectedException notAvailable() {
        return new RejectedException(
                ErrorCode.OFFSET_NOT_AVAILABLE,
                "the new leader of " + partition + " does not know its high watermark yet");
    }

    /**
     * Whole batches from {@code offset} on, committed or not: for followers. Empty at the log's
     * end. May block unless the result is hot.
     *
     * @throws RejectedException NOT_LEADER, OFFSET_OUT_OF_RANGE
     */
    public LogSlice readForReplica(long offset, int maxBytes) {
        checkLeading();
        return log.read(offset, log.logEndOffset(), maxBytes);
    }

    /** Exclusive end of what followers are pushed. */
    public long logEndOffset() {
        return log.logEndOffset();
    }

    /** First offset that there is. */
    public long logStartOffset() {
        return log.logStartOffset();
    }

    /** The high watermark as of now, also while readers may not be told it. */
    public long highWatermark() {
        return highWatermark;
    }
}
