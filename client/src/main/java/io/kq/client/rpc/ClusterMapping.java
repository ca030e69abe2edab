package io.kq.client.rpc;

import io.kq.client.metadata.ClusterChange;
import io.kq.client.metadata.ClusterSnapshot;
import io.kq.client.metadata.NodeAddress;
import io.kq.client.metadata.PartitionLeader;
import io.kq.client.metadata.TopicView;
import io.kq.protocol.config.TopicConfig;
import io.kq.v1.Broker;
import io.kq.v1.ClusterImage;
import io.kq.v1.Endpoint;
import io.kq.v1.MetadataChange;
import io.kq.v1.Partition;
import io.kq.v1.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Between the messages of the metadata stream and {@code io.kq.client.metadata}. */
final class ClusterMapping {

    private static final String PLAINTEXT = "PLAINTEXT";

    private ClusterMapping() {}

    static ClusterSnapshot snapshot(ClusterImage image, long version) {
        return ClusterSnapshot.of(
                image.getClusterId(),
                version,
                nodes(image.getBrokersList()),
                topics(image.getTopicsList()),
                image.getGroupCoordinators().getNodeIdsList());
    }

    static ClusterChange change(MetadataChange change, long version) {
        Set<UUID> removedTopics =
                change.getRemovedTopicIdsList().stream()
                        .map(AdminMapping::uuid)
                        .collect(Collectors.toSet());
        return new ClusterChange(
                version,
                nodes(change.getBrokersList()),
                new HashSet<>(change.getRemovedBrokerIdsList()),
                topics(change.getTopicsList()),
                removedTopics,
                change.hasGroupCoordinators()
                        ? Optional.of(change.getGroupCoordinators().getNodeIdsList())
                        : Optional.empty());
    }

    private static Map<Integer, NodeAddress> nodes(List<Broker> brokers) {
        Map<Integer, NodeAddress> nodes = new HashMap<>();
        for (Broker broker : brokers) {
            for (Endpoint endpoint : broker.getEndpointsList()) {
                boolean usable =
                        endpoint.getProtocol().isEmpty()
                                || endpoint.getProtocol().equals(PLAINTEXT);
                if (usable && endpoint.getPort() > 0 && !endpoint.getHost().isEmpty()) {
                    nodes.putIfAbsent(
                            broker.getId(),
                            new NodeAddress(endpoint.getHost(), endpoint.getPort()));
                }
            }
        }
        return nodes;
    }

    private static List<TopicView> topics(List<Topic> topics) {
        return topics.stream().map(ClusterMapping::topic).toList();
    }

    static TopicView topic(Topic topic) {
        List<PartitionLeader> leaders = new ArrayList<>();
        List<Integer> replicaCounts = new ArrayList<>();
        for (Partition partition : topic.getPartitionsList()) {
            while (leaders.size() <= partition.getIndex()) {
                leaders.add(PartitionLeader.NONE);
                replicaCounts.add(0);
            }
            leaders.set(
                    partition.getIndex(),
                    new PartitionLeader(partition.getLeaderId(), partition.getLeaderEpoch()));
            replicaCounts.set(partition.getIndex(), partition.getReplicaIdsCount());
        }
        return new TopicView(
                topic.getName(),
                AdminMapping.uuid(topic.getTopicId()),
                leaders,
                replicaCounts,
                messageBytesMax(topic.getConfigsMap()));
    }

    /** 0 unless the topic says so itself: the cluster's own bound is not told. */
    private static int messageBytesMax(Map<String, String> configs) {
        TopicConfig config = TopicConfig.MAX_MESSAGE_BYTES;
        return configs.containsKey(config.key()) ? (int) config.number(configs) : 0;
    }
}
