package io.kq.metadata.record;

import java.util.List;

/**
 * What was decided in one turn of the controller: one entry of the log, applied whole or not at
 * all.
 *
 * @param decidedTerm the controller's term; the batch is ignored when committed in another one
 * @param batchSequence one above that of the last batch that was not ignored, or this one is
 */
public record MetadataBatch(
        long decidedTerm, long batchSequence, long decidedAtMillis, List<MetadataRecord> records) {
    public MetadataBatch {
        records = List.copyOf(records);
    }
}
