package io.kq.log.segment;

import io.kq.protocol.record.RecordBatchHeader;

/**
 * The end of a log, or a point in it, with what can only be known by having seen everything before
 * it. A value: published whole, so that no reader sees half of an append.
 *
 * @param endOffset exclusive
 * @param segmentBaseOffset of the segment it lies in, -1 if there is none
 * @param positionBytes in that segment
 * @param lastLeaderEpoch of the batch before it, -1 if there is none
 * @param maxTimestampMillis largest timestamp before it, -1 if there is none
 */
public record LogTail(
        long endOffset,
        long segmentBaseOffset,
        long positionBytes,
        int lastLeaderEpoch,
        long maxTimestampMillis) {

    /** Of a log without segments. */
    public static LogTail empty(long startOffset) {
        return new LogTail(startOffset, -1, 0, -1, -1);
    }

    /** After one more batch that starts here. */
    public LogTail plus(RecordBatchHeader header) {
        return new LogTail(
                header.nextOffset(),
                segmentBaseOffset,
                positionBytes + header.sizeBytes(),
                header.leaderEpoch(),
                Math.max(maxTimestampMillis, header.maxTimestamp()));
    }

    /** The same point, at the start of a new segment. */
    public LogTail rolled() {
        return new LogTail(endOffset, endOffset, 0, lastLeaderEpoch, maxTimestampMillis);
    }

    /** Nothing is after it. */
    public boolean isAfterOrAt(LogTail other) {
        return endOffset >= other.endOffset;
    }
}
