package io.kq.broker.fetch;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionWatcher;
import io.kq.broker.stream.ColdRead;
import io.kq.broker.stream.CreditedSource;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads a partition that this node leads. What is hot is read by the drain; what may have to come
 * from the disk is first read, and its CRCs checked, on a background thread, and then is hot.
 */
final class LocalFetchSource implements CreditedSource, PartitionWatcher {

    private final PartitionLeader leader;
    private final FetchTarget target;
    private final FetchSink sink;
    private final Runnable wake;
    private final Executor background;

    // Of the drain.
    private long offset;
    private @Nullable PlainCursor cursor;
    private @Nullable ColdRead coldRead;

    private volatile @Nullable RejectedException resigned;

    private LocalFetchSource(
            PartitionLeader leader,
            FetchTarget target,
            FetchSink sink,
            Runnable wake,
            Executor background) {
        this.leader = leader;
        this.target = target;
        this.sink = sink;
        this.wake = wake;
        this.background = background;
        this.offset = target.offset();
    }

    /**
     * A source that is woken for as long as it is not closed.
     *
     * @throws RejectedException OFFSET_OUT_OF_RANGE, NOT_LEADER
     */
    static LocalFetchSource open(
            PartitionLeader leader,
            FetchTarget target,
            FetchSink sink,
            Runnable wake,
            Executor background) {
        LocalFetchSource source = new LocalFetchSource(leader, target, sink, wake, background);
        leader.reads().checkOffset(target.offset());
        leader.addWatcher(source);
        return source;
    }

    @Override
    public void onAdvanced() {
        wake.run();
    }

    @Override
    public void onResigned(RejectedException reason) {
        resigned = reason;
        wake.run();
    }

    @Override
    public boolean hasNext() {
        ColdRead reading = coldRead;
        if (reading != null) {
            return reading.isDone();
        }
        return cursor != null || resigned != null || offset < leader.reads().readableEnd();
    }

    @Override
    public boolean isMidBatch() {
        return cursor != null;
    }

    @Override
    public boolean isMidLargeBatch() {
        return cursor != null && cursor.isLarge();
    }

    /** The records from here on are read and unpacked again. */
    @Override
    public void pause() {
        if (isMidLargeBatch()) {
            cursor = null;
        }
    }

    @Override
    public long sendNext(long creditBytes) {
        if (cursor != null) {
            return sendPlain(cursor, creditBytes);
        }
        LogSlice slice = nextSlice(creditBytes);
        if (slice == null) {
            return 0;
        }
        if (target.form() == FetchTarget.Form.PACKED) {
            long used = slice.sizeBytes();
            offset = slice.nextOffset();
            sink.packed(target, slice, leader.reads().watermarks());
            return used;
        }
        cursor = PlainCursor.unpack(slice, offset);
        return sendPlain(cursor, creditBytes);
    }

    /** What is to be sent next, or null if there is nothing yet. */
    private @Nullable LogSlice nextSlice(long creditBytes) {
        ColdRead reading = coldRead;
        if (reading != null) {
            if (!reading.isDone()) {
                return null;
            }
            coldRead = null;
            return reading.take();
        }
        RejectedException over = resigned;
        if (over != null) {
            throw over;
        }
        if (offset >= leader.reads().readableEnd()) {
            return null;
        }
        int bytesMax = (int) Math.min(target.bytesMax(), creditBytes);
        if (leader.reads().isHot(offset)) {
            return leader.reads().read(offset, bytesMax);
        }
        long from = offset;
        coldRead =
                new ColdRead(
                        () -> leader.reads().read(from, bytesMax),
                        leader.partition().toString(),
                        wake);
        background.execute(coldRead);
        return null;
    }

    private long sendPlain(PlainCursor open, long creditBytes) {
        long bytesMax =
                open.isLarge() ? target.bytesMax() : Math.min(target.bytesMax(), creditBytes);
        List<BatchRecord> records = open.take((int) bytesMax);
        offset = open.nextOffset();
        if (open.isAtEnd()) {
            cursor = null;
        }
        return records.isEmpty()
                ? 0
                : sink.plain(target, records, offset, leader.reads().watermarks());
    }

    @Override
    public void close() {
        leader.removeWatcher(this);
        cursor = null;
        if (coldRead != null) {
            coldRead.cancel();
            coldRead = null;
        }
    }
}
