package io.kq.client.metadata;

import java.util.List;
import java.util.UUID;

/**
 * A topic as far as clients need it.
 *
 * @param partitions leaders by partition
 * @param replicaCounts by partition, how many nodes have it
 * @param messageBytesMax largest batch it takes, 0 if the topic does not say
 */
public record TopicView(
        String name,
        UUID topicId,
        List<PartitionLeader> partitions,
        List<Integer> replicaCounts,
        int messageBytesMax) {

    public TopicView {
        partitions = List.copyOf(partitions);
        replicaCounts = List.copyOf(replicaCounts);
    }

    /** Number of partitions. */
    public int partitionCount() {
        return partitions.size();
    }
}
