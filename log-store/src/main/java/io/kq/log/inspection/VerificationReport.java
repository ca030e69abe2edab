package io.kq.log.inspection;

import java.util.List;

/**
 * The outcome of reading a whole partition.
 *
 * @param logEndOffset after the last whole batch
 * @param defects of the records; empty if all is well
 * @param warnings what is wrong with files that a node makes again by itself
 */
public record VerificationReport(
        long segmentCount,
        long batchCount,
        long recordCount,
        long sizeBytes,
        long logStartOffset,
        long logEndOffset,
        List<Defect> defects,
        List<Defect> warnings) {

    public VerificationReport {
        defects = List.copyOf(defects);
        warnings = List.copyOf(warnings);
    }
}
