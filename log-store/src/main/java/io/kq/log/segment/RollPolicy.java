package io.kq.log.segment;

import java.time.Duration;

/**
 * When a new segment is begun. Pure.
 *
 * @param segmentBytes a segment does not grow over this, unless by a single batch
 * @param segmentAge a segment whose first batch is older takes no more
 */
public record RollPolicy(long segmentBytes, Duration segmentAge) {

    /** Whether a batch of {@code batchBytes} goes into a new segment. */
    public boolean rollsBefore(int batchBytes, Segment active, long nowMillis) {
        long size = active.sizeBytes();
        if (size == 0) {
            return false;
        }
        return size + batchBytes > segmentBytes
                || nowMillis - active.startedMillis() >= segmentAge.toMillis();
    }
}
