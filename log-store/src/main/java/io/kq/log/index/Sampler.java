package io.kq.log.index;

import io.kq.protocol.record.RecordBatchHeader;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the batches that get an entry: the first one seen, the first one of each segment, and one
 * whenever 64 KiB have passed since the last (more would cost RocksDB much and save a reader three
 * microseconds). Single thread.
 */
final class Sampler {

    private static final int BYTES_PER_ENTRY = 64 << 10;

    private long lastSegment = -1;
    private long lastPosition;

    /** The batch's entry, or null if it gets none. */
    @Nullable SparseEntry sample(
            RecordBatchHeader header,
            long segmentBaseOffset,
            int generation,
            long position,
            long maxBefore) {
        if (segmentBaseOffset == lastSegment && position - lastPosition < BYTES_PER_ENTRY) {
            return null;
        }
        lastSegment = segmentBaseOffset;
        lastPosition = position;
        return new SparseEntry(
                header.baseOffset(),
                segmentBaseOffset,
                generation,
                position,
                header.crc(),
                header.leaderEpoch(),
                maxBefore);
    }

    /** The next batch gets an entry. */
    void restart() {
        lastSegment = -1;
    }
}
