package io.kq.protocol;

import java.util.UUID;

/**
 * A partition by its topic's id, as nodes and disks know it: a topic made anew under an old name is
 * another one.
 */
public record TopicIdPartition(UUID topicId, int partition) {

    public TopicIdPartition {
        if (partition < 0) {
            throw new IllegalArgumentException("partition is negative: " + partition);
        }
    }

    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}
