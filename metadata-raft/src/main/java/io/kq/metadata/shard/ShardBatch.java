package io.kq.metadata.shard;

import java.util.List;

/**
 * What was decided in one turn of a coordinator: one entry of its shard's log, applied whole or not
 * at all.
 *
 * @param decidedTerm the coordinator's term; the batch is ignored when committed in another one
 * @param batchSequence one above that of the last batch that was not ignored, or this one is
 */
public record ShardBatch(
        long decidedTerm, long batchSequence, long decidedAtMillis, List<ShardRecord> records) {
    public ShardBatch {
        records = List.copyOf(records);
    }
}
