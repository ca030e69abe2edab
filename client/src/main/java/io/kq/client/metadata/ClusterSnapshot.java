package io.kq.client.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.KeyHash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at one version of its metadata: all nodes, and the topics that were asked for.
 *
 * @param clusterId empty: none was seen yet
 * @param coordinators node ids by coordination shard; -1: nobody is known
 */
public record ClusterSnapshot(
        String clusterId,
        long version,
        Map<Integer, NodeAddress> nodes,
        Map<String, TopicView> topics,
        List<Integer> coordinators) {

    /** Nothing is known. */
    public static final ClusterSnapshot UNKNOWN =
            new ClusterSnapshot("", -1, Map.of(), Map.of(), List.of());

    public ClusterSnapshot {
        nodes = Map.copyOf(nodes);
        topics = Map.copyOf(topics);
        coordinators = List.copyOf(coordinators);
    }

    /** A snapshot with these topics. */
    public static ClusterSnapshot of(
            String clusterId,
            long version,
            Map<Integer, NodeAddress> nodes,
            List<TopicView> topics,
            List<Integer> coordinators) {
        Map<String, TopicView> byName = new HashMap<>();
        topics.forEach(topic -> byName.put(topic.name(), topic));
        return new ClusterSnapshot(clusterId, version, nodes, byName, coordinators);
    }

    /** Whether a cluster has been seen at all. */
    public boolean isKnown() {
        return version >= 0;
    }

    /** The topic of that name, if it is known to exist. */
    public @Nullable TopicView topic(String name) {
        return topics.get(name);
    }

    /** Who leads; {@link PartitionLeader#NONE} also where the partition is not known. */
    public PartitionLeader leader(TopicPartition partition) {
        TopicView topic = topics.get(partition.topic());
        return topic == null || partition.partition() >= topic.partitionCount()
                ? PartitionLeader.NONE
                : topic.partitions().get(partition.partition());
    }

    /** Where the coordinator of a group is; null: not known now. */
    public @Nullable NodeAddress coordinator(String group) {
        if (coordinators.isEmpty()) {
            return null;
        }
        int shard = KeyHash.partition(group.getBytes(UTF_8), coordinators.size());
        return nodes.get(coordinators.get(shard));
    }

    /** How many nodes have a copy of the partition; 0 where that is not known. */
    public int replicaCount(TopicPartition partition) {
        TopicView topic = topics.get(partition.topic());
        return topic == null || partition.partition() >= topic.replicaCounts().size()
                ? 0
                : topic.replicaCounts().get(partition.partition());
    }

    ClusterSnapshot with(ClusterChange change) {
        Map<Integer, NodeAddress> nextNodes = new HashMap<>(nodes);
        nextNodes.keySet().removeAll(change.removedNodes());
        nextNodes.putAll(change.nodes());
        Map<String, TopicView> nextTopics = new HashMap<>(topics);
        for (UUID removed : change.removedTopics()) {
            nextTopics.values().removeIf(topic -> topic.topicId().equals(removed));
        }
        change.topics().forEach(topic -> nextTopics.put(topic.name(), topic));
        return new ClusterSnapshot(
                clusterId,
                change.version(),
                nextNodes,
                nextTopics,
                change.coordinators().orElse(coordinators));
    }

    /** The same, known to be up to date at a later version. */
    ClusterSnapshot at(long laterVersion) {
        return new ClusterSnapshot(clusterId, laterVersion, nodes, topics, coordinators);
    }
}
