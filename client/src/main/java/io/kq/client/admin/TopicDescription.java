package io.kq.client.admin;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One topic with its partitions, by index from 0. */
public record TopicDescription(
        String name,
        UUID topicId,
        int replicationFactor,
        List<PartitionDescription> partitions,
        Map<String, String> configs,
        boolean internal,
        long createdAtMillis) {

    /**
     * One partition.
     *
     * @param leader -1: none now
     * @param offline replicas whose broker is fenced or unknown
     */
    public record PartitionDescription(
            int index,
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            List<Integer> replicas,
            List<Integer> isr,
            List<Integer> elr,
            List<Integer> offline) {}
}
