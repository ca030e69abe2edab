package io.kq.log.recovery;

import io.kq.log.producer.ProducerTable;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.SegmentList;

/**
 * A log as it is once opened.
 *
 * @param logStartOffset first record that still exists
 * @param compactedTo records below it are compacted
 * @param tail where it ends
 * @param durable everything before it is known to be on the disk
 */
public record RecoveredLog(
        SegmentList segments,
        long logStartOffset,
        long compactedTo,
        LogTail tail,
        LogTail durable,
        ProducerTable producers,
        RecoveryReport report) {

    RecoveredLog withCompactedTo(long offset) {
        return new RecoveredLog(
                segments,
                logStartOffset,
                Math.min(offset, tail.endOffset()),
                tail,
                durable,
                producers,
                report);
    }
}
