package io.kq.log.inspection;

import java.util.List;

/**
 * The outcome of reading a whole partition.
 *
 * @param logEndOffset after the last whole batch
 * @param defects empty if all is well
 */
public record VerificationReport(
        long segmentCount,
        long batchCount,
        long recordCount,
        long sizeBytes,
        long logStartOffset,
        long logEndOffset,
        List<Defect> defects) {

    public VerificationReport {
        defects = List.copyOf(defects);
    }
}
