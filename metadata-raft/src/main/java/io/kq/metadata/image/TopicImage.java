package io.kq.metadata.image;

import io.kq.protocol.config.TopicConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One topic.
 *
 * @param partitions by index, from 0 without gaps
 * @param configs only what was set for this topic, sorted by key
 */
public record TopicImage(
        UUID id,
        String name,
        List<PartitionImage> partitions,
        Map<String, String> configs,
        boolean internal,
        long createdAtMillis) {

    public TopicImage {
        partitions = List.copyOf(partitions);
        configs = Collections.unmodifiableMap(new TreeMap<>(configs));
    }

    /** The smallest ISR that commits, of a partition with as many replicas as most have. */
    public int minIsr() {
        return TopicConfig.minInsyncReplicas(configs, replicationFactor());
    }

    /**
     * The smallest ISR that commits in this partition: each follows its own replicas, since some of
     * a topic may have been given more or fewer.
     */
    public int minIsr(PartitionImage partition) {
        return TopicConfig.minInsyncReplicas(configs, partition.originalReplicas().size());
    }

    /** The same with other partitions. */
    TopicImage withPartitions(List<PartitionImage> changed) {
        return new TopicImage(id, name, changed, configs, internal, createdAtMillis);
    }

    /** The same with other settings. */
    TopicImage withConfigs(Map<String, String> changed) {
        return new TopicImage(id, name, partitions, changed, internal, createdAtMillis);
    }

    /**
     * Replicas of partition 0, without those that a reassignment brings in: all partitions are made
     * with as many.
     */
    public int replicationFactor() {
        return partitions.isEmpty() ? 0 : partitions.get(0).originalReplicas().size();
    }
}
