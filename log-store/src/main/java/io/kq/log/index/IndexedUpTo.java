package io.kq.log.index;

import io.kq.protocol.TopicIdPartition;

/**
 * How much of a partition's log has its rows in the index. Written in one batch with the rows it
 * speaks of.
 *
 * @param partition whose rows they are: ids are given anew after a directory lost partitions
 * @param offset exclusive; the start of a batch
 * @param lastLeaderEpoch of the batch before it, -1 if there is none
 * @param maxTimestampMillis no record before it has a larger timestamp; -1 if there is none
 * @param lastEntryOffset base offset of the last entry before it, -1 if there is none
 */
record IndexedUpTo(
        TopicIdPartition partition,
        long offset,
        int lastLeaderEpoch,
        long maxTimestampMillis,
        long lastEntryOffset) {

    static IndexedUpTo nothing(TopicIdPartition partition, long logStart) {
        return new IndexedUpTo(partition, logStart, -1, -1, -1);
    }
}
