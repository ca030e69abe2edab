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

    /** The smallest ISR that commits. */
    public int minIsr() {
        return minIsr(configs, replicationFactor());
    }

    /**
     * The smallest ISR that commits. Unless set: 2 of three and more replicas, 1 below, so that one
     * broker may be down without the topic standing still.
     */
    public static int minIsr(Map<String, String> configs, int replicationFactor) {
        if (configs.containsKey(TopicConfig.MIN_INSYNC_REPLICAS.key())) {
            return (int) TopicConfig.MIN_INSYNC_REPLICAS.number(configs);
        }
        return replicationFactor >= 3 ? 2 : 1;
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
