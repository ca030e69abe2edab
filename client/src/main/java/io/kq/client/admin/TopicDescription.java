package io.kq.client.admin;

import io.kq.protocol.config.TopicConfig;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One topic with its partitions, by index from 0.
 *
 * @param minInsyncReplicas in-sync replicas without which writes are refused, where a partition has
 *     as many replicas as the topic
 */
public record TopicDescription(
        String name,
        UUID topicId,
        int replicationFactor,
        int minInsyncReplicas,
        List<PartitionDescription> partitions,
        Map<String, String> configs,
        boolean internal,
        long createdAtMillis) {

    /**
     * One partition.
     *
     * @param leader -1: none now
     * @param elr eligible leader replicas: not in sync, but with all that was committed
     * @param offline replicas whose broker is fenced or unknown
     * @param adding replicas that a reassignment brings in
     * @param removing replicas that leave when it is done
     */
    public record PartitionDescription(
            int index,
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            List<Integer> replicas,
            List<Integer> isr,
            List<Integer> elr,
            List<Integer> offline,
            List<Integer> adding,
            List<Integer> removing) {}

    /** In-sync replicas without which writes to this partition are refused. */
    public int minInsyncReplicas(PartitionDescription partition) {
        long replicas =
                partition.replicas().stream()
                        .filter(id -> !partition.adding().contains(id))
                        .count();
        return TopicConfig.minInsyncReplicas(configs, (int) replicas);
    }

    /** The same with only these of its partitions. */
    public TopicDescription with(List<PartitionDescription> chosen) {
        return new TopicDescription(
                name,
                topicId,
                replicationFactor,
                minInsyncReplicas,
                chosen,
                configs,
                internal,
                createdAtMillis);
    }
}
