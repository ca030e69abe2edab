package io.kq.broker.rpc.admin;

import com.google.protobuf.ByteString;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.CoordinationImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.v1.Broker;
import io.kq.v1.BrokerState;
import io.kq.v1.Endpoint;
import io.kq.v1.GroupCoordinators;
import io.kq.v1.Partition;
import io.kq.v1.Topic;
import java.nio.ByteBuffer;
import java.util.UUID;

/** The image as the public API shows it. */
final class ImageCodec {

    private ImageCodec() {}

    static Topic topic(TopicImage topic, MetadataImage image) {
        Topic.Builder proto =
                Topic.newBuilder()
                        .setName(topic.name())
                        .setTopicId(id(topic.id()))
                        .setReplicationFactor(topic.replicationFactor())
                        .putAllConfigs(topic.configs())
                        .setInternal(topic.internal())
                        .setMinInsyncReplicas(topic.minIsr())
                        .setCreatedAtMs(topic.createdAtMillis());
        for (int i = 0; i < topic.partitions().size(); i++) {
            proto.addPartitions(partition(i, topic.partitions().get(i), image));
        }
        return proto.build();
    }

    static Broker broker(BrokerImage broker) {
        Broker.Builder proto =
                Broker.newBuilder()
                        .setId(broker.id())
                        .setRack(broker.rack())
                        .setState(state(broker))
                        .setBrokerEpoch(broker.brokerEpoch())
                        .setVersion(broker.version())
                        .setStateSinceMs(broker.stateSinceMillis());
        for (BrokerImage.Endpoint endpoint : broker.endpoints()) {
            proto.addEndpoints(
                    Endpoint.newBuilder()
                            .setListener(endpoint.listener())
                            .setHost(endpoint.host())
                            .setPort(endpoint.port())
                            .setProtocol(endpoint.protocol()));
        }
        return proto.build();
    }

    private static BrokerState state(BrokerImage broker) {
        if (broker.fenced()) {
            return BrokerState.BROKER_STATE_FENCED;
        }
        return broker.shuttingDown()
                ? BrokerState.BROKER_STATE_DRAINING
                : BrokerState.BROKER_STATE_UP;
    }

    static ByteString id(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
        return ByteString.copyFrom(bytes);
    }

    static UUID uuid(ByteString id) {
        ByteBuffer bytes = id.asReadOnlyByteBuffer();
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    private static Partition partition(int index, PartitionImage partition, MetadataImage image) {
        Partition.Builder proto =
                Partition.newBuilder()
                        .setIndex(index)
                        .setLeaderId(partition.leader())
                        .setLeaderEpoch(partition.leaderEpoch())
                        .setPartitionEpoch(partition.partitionEpoch())
                        .addAllReplicaIds(partition.replicas())
                        .addAllIsrIds(partition.isr())
                        .addAllElrIds(partition.elr())
                        .addAllAddingIds(partition.adding())
                        .addAllRemovingIds(partition.removing());
        partition.replicas().stream()
                .filter(replica -> !image.isUp(replica))
                .forEach(proto::addOfflineIds);
        return proto.build();
    }

    /** Who coordinates consumer groups, by shard. */
    static GroupCoordinators coordinators(MetadataImage image) {
        GroupCoordinators.Builder coordinators = GroupCoordinators.newBuilder();
        for (int shard = 0; shard < image.cluster().coordinationShardCount(); shard++) {
            coordinators.addNodeIds(
                    image.coordination()
                            .coordinator(shard)
                            .map(CoordinationImage.Coordinator::nodeId)
                            .orElse(-1));
        }
        return coordinators.build();
    }
}
