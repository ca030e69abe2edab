package io.kq.client.rpc;

import com.google.protobuf.ByteString;
import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.NewTopic;
import io.kq.client.admin.TopicCreated;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.VoterChange;
import io.kq.client.metadata.OffsetQuery;
import io.kq.protocol.rpc.TopicIds;
import io.kq.v1.Broker;
import io.kq.v1.BrokerDetail;
import io.kq.v1.BrokerState;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.CreateTopicResponse;
import io.kq.v1.DataDirectory;
import io.kq.v1.GetHealthResponse;
import io.kq.v1.GetMetadataResponse;
import io.kq.v1.ListBrokersResponse;
import io.kq.v1.Partition;
import io.kq.v1.Quorum;
import io.kq.v1.ReplicaAssignment;
import io.kq.v1.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Between the messages of the administrative calls and {@code io.kq.client.admin}. */
final class AdminMapping {

    private static final UUID NO_ID = new UUID(0, 0);

    private AdminMapping() {}

    static CreateTopicRequest toProto(NewTopic topic, String requestId) {
        CreateTopicRequest.Builder request =
                CreateTopicRequest.newBuilder()
                        .setRequestId(requestId)
                        .setName(topic.name())
                        .setPartitionCount(topic.partitionCount())
                        .setReplicationFactor(topic.replicationFactor())
                        .putAllConfigs(topic.configs())
                        .setIfNotExists(topic.ifNotExists())
                        .setValidateOnly(topic.validateOnly());
        for (List<Integer> brokers : topic.assignments()) {
            request.addAssignments(ReplicaAssignment.newBuilder().addAllBrokerIds(brokers));
        }
        return request.build();
    }

    static TopicCreated created(CreateTopicResponse response) {
        return new TopicCreated(
                topic(response.getTopic()),
                response.getCreated(),
                List.copyOf(response.getWarningsList()));
    }

    static TopicDescription topic(Topic topic) {
        List<TopicDescription.PartitionDescription> partitions = new ArrayList<>();
        for (Partition partition : topic.getPartitionsList()) {
            partitions.add(
                    new TopicDescription.PartitionDescription(
                            partition.getIndex(),
                            partition.getLeaderId(),
                            partition.getLeaderEpoch(),
                            partition.getPartitionEpoch(),
                            List.copyOf(partition.getReplicaIdsList()),
                            List.copyOf(partition.getIsrIdsList()),
                            List.copyOf(partition.getElrIdsList()),
                            List.copyOf(partition.getOfflineIdsList()),
                            List.copyOf(partition.getAddingIdsList()),
                            List.copyOf(partition.getRemovingIdsList())));
        }
        return new TopicDescription(
                topic.getName(),
                uuid(topic.getTopicId()),
                topic.getReplicationFactor(),
                topic.getMinInsyncReplicas(),
                List.copyOf(partitions),
                topic.getConfigsMap(),
                topic.getInternal(),
                topic.getCreatedAtMs());
    }

    static ClusterDescription cluster(GetMetadataResponse metadata, ListBrokersResponse brokers) {
        List<ClusterDescription.BrokerDescription> described = new ArrayList<>();
        brokers.getBrokersList().forEach(broker -> described.add(broker(broker)));
        return new ClusterDescription(
                metadata.getCluster().getClusterId(),
                metadata.getNodeId(),
                metadata.getVersion(),
                List.copyOf(described),
                quorum(metadata.getCluster().getQuorum()),
                metadata.getCluster().getTopicsCount());
    }

    private static ClusterDescription.BrokerDescription broker(BrokerDetail detail) {
        Broker broker = detail.getBroker();
        String address =
                broker.getEndpointsCount() == 0
                        ? ""
                        : broker.getEndpoints(0).getHost() + ":" + broker.getEndpoints(0).getPort();
        return new ClusterDescription.BrokerDescription(
                broker.getId(),
                address,
                broker.getRack(),
                broker.getState() == BrokerState.BROKER_STATE_UP || isDraining(broker),
                isDraining(broker),
                broker.getStateSinceMs(),
                broker.getVersion(),
                detail.getLeaderCount(),
                detail.getReplicaCount(),
                detail.getUnderReplicatedCount(),
                detail.getDiskUsedBytes(),
                detail.getDirectoriesList().stream().map(AdminMapping::directory).toList());
    }

    private static boolean isDraining(Broker broker) {
        return broker.getState() == BrokerState.BROKER_STATE_DRAINING;
    }

    private static ClusterDescription.DirectoryDescription directory(DataDirectory directory) {
        return new ClusterDescription.DirectoryDescription(
                directory.getPath(),
                switch (directory.getState()) {
                    case DATA_DIRECTORY_STATE_WRITABLE ->
                            ClusterDescription.DirectoryState.WRITABLE;
                    case DATA_DIRECTORY_STATE_FULL -> ClusterDescription.DirectoryState.FULL;
                    case DATA_DIRECTORY_STATE_FAILED -> ClusterDescription.DirectoryState.FAILED;
                    case DATA_DIRECTORY_STATE_OFFLINE -> ClusterDescription.DirectoryState.OFFLINE;
                    case DATA_DIRECTORY_STATE_UNSPECIFIED, UNRECOGNIZED ->
                            ClusterDescription.DirectoryState.UNKNOWN;
                },
                directory.getProblem(),
                directory.getPartitionCount(),
                directory.getQuarantinedCount(),
                directory.getUsedBytes(),
                directory.getFreeBytes(),
                directory.getTotalBytes());
    }

    static VoterChange voterChange(io.kq.v1.VoterChange change) {
        return new VoterChange(change.getChanged(), change.getFound(), quorum(change.getQuorum()));
    }

    static ClusterDescription.Quorum quorum(Quorum quorum) {
        List<ClusterDescription.Voter> voters = new ArrayList<>();
        quorum.getVotersList()
                .forEach(
                        voter ->
                                voters.add(
                                        new ClusterDescription.Voter(
                                                voter.getId(),
                                                voter.getAddress(),
                                                voter.getLag(),
                                                voter.getUp(),
                                                voter.getDirectoryId())));
        return new ClusterDescription.Quorum(
                quorum.getLeaderId(),
                quorum.getTerm(),
                quorum.getCommittedIndex(),
                List.copyOf(voters));
    }

    static ClusterDescription.Health health(GetHealthResponse health) {
        return new ClusterDescription.Health(
                health.getHealthy(),
                List.copyOf(health.getProblemsList()),
                health.getPartitionCount(),
                health.getOfflinePartitionCount(),
                health.getUnderReplicatedPartitionCount(),
                health.getUnderMinIsrPartitionCount());
    }

    static io.kq.v1.OffsetQuery toProto(OffsetQuery query) {
        io.kq.v1.OffsetQuery.Builder message =
                io.kq.v1.OffsetQuery.newBuilder()
                        .setTopic(query.partition().topic())
                        .setPartition(query.partition().partition());
        return switch (query.kind()) {
            case EARLIEST -> message.setEarliest(true).build();
            case LATEST -> message.setLatest(true).build();
            case TIMESTAMP -> message.setTimestampMs(query.timestampMillis()).build();
        };
    }

    static UUID uuid(ByteString bytes) {
        return bytes.size() == TopicIds.SIZE_BYTES ? TopicIds.fromBytes(bytes) : NO_ID;
    }
}
