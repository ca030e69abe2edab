package io.kq.broker.replication;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.stream.ColdRead;
import io.kq.broker.stream.CreditedSource;
import io.kq.log.slice.LogSlice;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What one follower is pushed of one partition: the log up to its very end, and the watermarks with
 * it; on their own when there is nothing else. Of the session's drain.
 */
final class ReplicaSource implements CreditedSource {

    /** Largest piece, but for one larger batch: other partitions of the stream wait meanwhile. */
    private static final int PIECE_BYTES_MAX = 256 << 10;

    private static final long UNTOLD = -1;

    private final ReplicaFeed feed;
    private final PartitionLeader leader;
    private final ReplicaSink sink;
    private final Runnable wake;
    private final Executor background;
    private final CatchUpPace pace;

    private long offset;
    private @Nullable ColdRead coldRead;

    /** As last pushed. */
    private long highWatermark = UNTOLD;

    /** As last pushed. */
    private long logStartOffset = UNTOLD;

    ReplicaSource(
            ReplicaFeed feed,
            long fromOffset,
            ReplicaSink sink,
            Runnable wake,
            Executor background,
            CatchUpPace pace) {
        this.feed = feed;
        this.leader = feed.leader();
        this.offset = fromOffset;
        this.sink = sink;
        this.wake = wake;
        this.background = background;
        this.pace = pace;
    }

    @Override
    public boolean hasNext() {
        ColdRead reading = coldRead;
        if (reading != null) {
            return reading.isDone();
        }
        return offset < leader.reads().logEndOffset() || hasMoved();
    }

    private boolean hasMoved() {
        return highWatermark != leader.reads().highWatermark()
                || logStartOffset != leader.reads().logStartOffset();
    }

    @Override
    public boolean isMidBatch() {
        return false;
    }

    @Override
    public long sendNext(long creditBytes) {
        LogSlice slice = nextSlice(creditBytes);
        if (slice == null && !hasMoved()) {
            return 0;
        }
        // Sampled before the push: what moves later wakes this source again. The start first: it
        // is never above the high watermark of the same moment.
        logStartOffset = leader.reads().logStartOffset();
        highWatermark = leader.reads().highWatermark();
        if (slice == null) {
            sink.push(feed, null, highWatermark, logStartOffset);
            return 0;
        }
        offset = slice.nextOffset();
        long used = slice.sizeBytes();
        sink.push(feed, slice, highWatermark, logStartOffset);
        return used;
    }

    /** What is to be pushed next, or null if there is nothing yet. */
    private @Nullable LogSlice nextSlice(long creditBytes) {
        ColdRead reading = coldRead;
        if (reading != null) {
            if (!reading.isDone()) {
                return null;
            }
            coldRead = null;
            return nonEmpty(reading.take());
        }
        if (offset >= leader.reads().logEndOffset()) {
            return null;
        }
        int bytesMax = (int) Math.min(PIECE_BYTES_MAX, creditBytes);
        if (leader.reads().isHot(offset)) {
            return nonEmpty(leader.reads().readForReplica(offset, bytesMax));
        }
        long from = offset;
        coldRead =
                new ColdRead(
                        () -> leader.reads().readForReplica(from, bytesMax),
                        leader.partition().toString(),
                        wake);
        pace.run(coldRead, bytesMax, background);
        return null;
    }

    private static @Nullable LogSlice nonEmpty(LogSlice slice) {
        if (slice.sizeBytes() > 0) {
            return slice;
        }
        slice.close();
        return null;
    }

    @Override
    public void close() {
        feed.cancel();
        if (coldRead != null) {
            coldRead.cancel();
            coldRead = null;
        }
    }
}
