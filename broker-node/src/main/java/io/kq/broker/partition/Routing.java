package io.kq.broker.partition;

import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicName;
import io.kq.protocol.TopicPartition;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds a partition's leader in the newest image. Any thread; never blocks. */
final class Routing {

    /** With more topics than this a misspelt name gets no suggestion: comparing costs too much. */
    private static final int SUGGESTION_TOPICS_MAX = 2_000;

    private final MetadataSource metadata;
    private final int nodeId;
    private final Map<TopicIdPartition, HostedPartition> hosted;

    Routing(MetadataSource metadata, int nodeId, Map<TopicIdPartition, HostedPartition> hosted) {
        this.metadata = metadata;
        this.nodeId = nodeId;
        this.hosted = hosted;
    }

    PartitionRoute route(String topicName, int index, @Nullable UUID topicId) {
        MetadataImage image = metadata.image();
        TopicImage topic = image.topics().get(topicName);
        if (topic == null) {
            throw topicNotFound(image, topicName);
        }
        if (topicId != null && !topicId.equals(topic.id())) {
            throw new RejectedException(
                    ErrorCode.TOPIC_NOT_FOUND,
                    "topic " + topicName + " was deleted and made anew: it has another id",
                    true,
                    Map.of("name", topicName));
        }
        if (index < 0 || index >= topic.partitions().size()) {
            throw new RejectedException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "topic "
                            + topicName
                            + " has partitions 0 to "
                            + (topic.partitions().size() - 1)
                            + ", not "
                            + index,
                    true,
                    Map.of("name", topicName));
        }
        PartitionImage partition = topic.partitions().get(index);
        if (partition.leader() == nodeId) {
            return here(new TopicIdPartition(topic.id(), index));
        }
        if (!partition.hasLeader()) {
            throw noLeader(topicName, index);
        }
        return remote(image, new TopicPartition(topicName, index), partition);
    }

    private PartitionRoute here(TopicIdPartition id) {
        HostedPartition here = hosted.get(id);
        if (here == null) {
            throw new RejectedException(
                    ErrorCode.NOT_READY, "node " + nodeId + " is about to open its log of " + id);
        }
        PartitionLeader leader = here.leader();
        if (leader == null) {
            throw here.unavailable();
        }
        return leader;
    }

    private static RemoteLeader remote(
            MetadataImage image, TopicPartition name, PartitionImage partition) {
        BrokerImage broker = image.brokers().get(partition.leader());
        String address =
                broker == null
                        ? ""
                        : broker.endpoint(BrokerImage.CLIENT_LISTENER)
                                .map(e -> e.host() + ":" + e.port())
                                .orElse("");
        return new RemoteLeader(name, partition.leader(), partition.leaderEpoch(), address);
    }

    private static RejectedException noLeader(String topic, int partition) {
        return new RejectedException(
                ErrorCode.NO_LEADER, topic + "-" + partition + " has no leader now");
    }

    private static RejectedException topicNotFound(MetadataImage image, String name) {
        if (name.length() > TopicName.LENGTH_MAX) {
            return new RejectedException(
                    ErrorCode.TOPIC_NOT_FOUND,
                    "no topic has a name of " + name.length() + " characters");
        }
        RejectedException unknown =
                new RejectedException(
                        ErrorCode.TOPIC_NOT_FOUND,
                        "there is no topic " + name,
                        true,
                        Map.of("name", name));
        if (image.topics().size() > SUGGESTION_TOPICS_MAX) {
            return unknown;
        }
        return Suggestion.nearest(name, image.topics().keySet())
                .map(near -> unknown.with("suggestion", near))
                .orElse(unknown);
    }

    /** Why a leader here steps down when {@code topic} says who leads now. */
    RejectedException elsewhere(TopicImage topic, int index) {
        PartitionImage partition = topic.partitions().get(index);
        TopicPartition name = new TopicPartition(topic.name(), index);
        return partition.hasLeader()
                ? remote(metadata.image(), name, partition).notLeader()
                : noLeader(topic.name(), index);
    }

    /** Why a leader of a deleted topic steps down. */
    static RejectedException topicGone(MetadataImage before, UUID id) {
        String name = before.topicNames().getOrDefault(id, id.toString());
        return new RejectedException(
                ErrorCode.TOPIC_NOT_FOUND,
                "topic " + name + " was deleted",
                true,
                Map.of("name", name));
    }
}
