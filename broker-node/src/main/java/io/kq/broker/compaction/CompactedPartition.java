package io.kq.broker.compaction;

import io.kq.log.PartitionLog;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.protocol.TopicPartition;

/**
 * A partition of this node that is to be compacted.
 *
 * @param policy as its topic says
 * @param committedEnd nothing from here on is touched
 */
public record CompactedPartition(
        TopicPartition name, PartitionLog log, CompactionPolicy policy, long committedEnd) {}
