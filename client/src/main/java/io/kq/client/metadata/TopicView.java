package io.kq.client.metadata;

import java.util.List;
import java.util.UUID;

/**
 * A topic as far as clients need it.
 *
 * @param partitions leaders by partition
 * @param messageBytesMax largest batch it takes, 0 if the topic does not say
 */
public record TopicView(
        String name, UUID topicId, List<PartitionLeader> partitions, int messageBytesMax) {

    public TopicView {
        partitions = List.copyOf(partitions);
    }

    /** Number of partitions. */
    public int partitionCount() {
        return partitions.size();
    }
}
