package io.kq.metadata.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.kq.internal.v1.BrokerFencedRecord;
import io.kq.internal.v1.BrokerRegisteredRecord;
import io.kq.internal.v1.BrokerResumedRecord;
import io.kq.internal.v1.BrokerShuttingDownRecord;
import io.kq.internal.v1.BrokerUnfencedRecord;
import io.kq.internal.v1.BrokerUnregisteredRecord;
import io.kq.internal.v1.ClusterRecord;
import io.kq.internal.v1.CoordinationFoundedRecord;
import io.kq.internal.v1.CoordinatorChangedRecord;
import io.kq.internal.v1.EndpointRecord;
import io.kq.internal.v1.FeatureLevelRecord;
import io.kq.internal.v1.MetadataRecord;
import io.kq.internal.v1.NoOpRecord;
import io.kq.internal.v1.PartitionChangedRecord;
import io.kq.internal.v1.PartitionsAddedRecord;
import io.kq.internal.v1.ProducerIdsRecord;
import io.kq.internal.v1.QuorumVoterRecord;
import io.kq.internal.v1.RequestResultRecord;
import io.kq.internal.v1.RequestsExpiredRecord;
import io.kq.internal.v1.TopicConfigChangedRecord;
import io.kq.internal.v1.TopicCreatedRecord;
import io.kq.internal.v1.TopicDeletedRecord;
import io.kq.internal.v1.VotersChangedRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.metadata.record.MetadataRecord.BrokerResumed;
import io.kq.metadata.record.MetadataRecord.BrokerShuttingDown;
import io.kq.metadata.record.MetadataRecord.BrokerUnfenced;
import io.kq.metadata.record.MetadataRecord.BrokerUnregistered;
import io.kq.metadata.record.MetadataRecord.ClusterCreated;
import io.kq.metadata.record.MetadataRecord.CoordinationFounded;
import io.kq.metadata.record.MetadataRecord.CoordinatorChanged;
import io.kq.metadata.record.MetadataRecord.Endpoint;
import io.kq.metadata.record.MetadataRecord.FeatureLevelChanged;
import io.kq.metadata.record.MetadataRecord.NoOp;
import io.kq.metadata.record.MetadataRecord.PartitionChanged;
import io.kq.metadata.record.MetadataRecord.PartitionsAdded;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.metadata.record.MetadataRecord.RequestsExpired;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.MetadataRecord.TopicDeleted;
import io.kq.metadata.record.MetadataRecord.Visitor;
import io.kq.metadata.record.MetadataRecord.VotersChanged;
import io.kq.metadata.record.PartitionState;
import io.kq.metadata.record.VoterSet;
import java.nio.ByteBuffer;
import java.util.UUID;

/** From records to protobuf. */
enum ToProto implements Visitor<MetadataRecord> {
    INSTANCE;

    static ByteString bytes(UUID id) {
        ByteBuffer buffer = ByteBuffer.allocate(16);
        buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return UnsafeByteOperations.unsafeWrap(buffer.array());
    }

    @Override
    public MetadataRecord onFeatureLevelChanged(FeatureLevelChanged record) {
        return MetadataRecord.newBuilder()
                .setFeatureLevel(
                        FeatureLevelRecord.newBuilder()
                                .setFeature(record.feature())
                                .setLevel(record.level()))
                .build();
    }

    @Override
    public MetadataRecord onClusterCreated(ClusterCreated record) {
        return MetadataRecord.newBuilder()
                .setCluster(
                        ClusterRecord.newBuilder()
                                .setClusterId(record.clusterId())
                                .setCreatedAtMs(record.createdAtMillis())
                                .setCoordinationShardCount(record.coordinationShardCount())
                                .setLastBatchSequence(record.lastBatchSequence()))
                .build();
    }

    @Override
    public MetadataRecord onBrokerRegistered(BrokerRegistered record) {
        BrokerRegisteredRecord.Builder broker =
                BrokerRegisteredRecord.newBuilder()
                        .setBrokerId(record.brokerId())
                        .setIncarnationId(bytes(record.incarnationId()))
                        .setBrokerEpoch(record.brokerEpoch())
                        .setRack(record.rack())
                        .setCleanShutdown(record.cleanShutdown())
                        .setVersion(record.version())
                        .setRegisteredAtMs(record.registeredAtMillis());
        for (Endpoint endpoint : record.endpoints()) {
            broker.addEndpoints(
                    EndpointRecord.newBuilder()
                            .setListener(endpoint.listener())
                            .setHost(endpoint.host())
                            .setPort(endpoint.port())
                            .setProtocol(endpoint.protocol()));
        }
        record.directoryIds().forEach(id -> broker.addDirectoryIds(bytes(id)));
        return MetadataRecord.newBuilder().setBrokerRegistered(broker).build();
    }

    @Override
    public MetadataRecord onBrokerFenced(BrokerFenced record) {
        return MetadataRecord.newBuilder()
                .setBrokerFenced(
                        BrokerFencedRecord.newBuilder()
                                .setBrokerId(record.brokerId())
                                .setBrokerEpoch(record.brokerEpoch())
                                .setAtMs(record.atMillis()))
                .build();
    }

    @Override
    public MetadataRecord onBrokerUnfenced(BrokerUnfenced record) {
        return MetadataRecord.newBuilder()
                .setBrokerUnfenced(
                        BrokerUnfencedRecord.newBuilder()
                                .setBrokerId(record.brokerId())
                                .setBrokerEpoch(record.brokerEpoch())
                                .setAtMs(record.atMillis()))
                .build();
    }

    @Override
    public MetadataRecord onBrokerShuttingDown(BrokerShuttingDown record) {
        return MetadataRecord.newBuilder()
                .setBrokerShuttingDown(
                        BrokerShuttingDownRecord.newBuilder()
                                .setBrokerId(record.brokerId())
                                .setBrokerEpoch(record.brokerEpoch())
                                .setAtMs(record.atMillis()))
                .build();
    }

    @Override
    public MetadataRecord onBrokerResumed(BrokerResumed record) {
        return MetadataRecord.newBuilder()
                .setBrokerResumed(
                        BrokerResumedRecord.newBuilder()
                                .setBrokerId(record.brokerId())
                                .setBrokerEpoch(record.brokerEpoch())
                                .setAtMs(record.atMillis()))
                .build();
    }

    @Override
    public MetadataRecord onBrokerUnregistered(BrokerUnregistered record) {
        return MetadataRecord.newBuilder()
                .setBrokerUnregistered(
                        BrokerUnregisteredRecord.newBuilder()
                                .setBrokerId(record.brokerId())
                                .setBrokerEpoch(record.brokerEpoch()))
                .build();
    }

    @Override
    public MetadataRecord onTopicCreated(TopicCreated record) {
        TopicCreatedRecord.Builder topic =
                TopicCreatedRecord.newBuilder()
                        .setTopicId(bytes(record.topicId()))
                        .setName(record.name())
                        .putAllConfigs(record.configs())
                        .setInternal(record.internal())
                        .setCreatedAtMs(record.createdAtMillis());
        record.partitions().forEach(state -> topic.addPartitions(partition(state)));
        return MetadataRecord.newBuilder().setTopicCreated(topic).build();
    }

    @Override
    public MetadataRecord onPartitionChanged(PartitionChanged record) {
        return MetadataRecord.newBuilder()
                .setPartitionChanged(
                        PartitionChangedRecord.newBuilder()
                                .setTopicId(bytes(record.topicId()))
                                .setPartition(record.partition())
                                .setState(partition(record.state())))
                .build();
    }

    private static io.kq.internal.v1.PartitionState.Builder partition(PartitionState state) {
        return io.kq.internal.v1.PartitionState.newBuilder()
                .addAllReplicaIds(state.replicas())
                .addAllIsrIds(state.isr())
                .addAllElrIds(state.elr())
                .setLeaderId(state.leader())
                .setLeaderEpoch(state.leaderEpoch())
                .setPartitionEpoch(state.partitionEpoch())
                .addAllAddingIds(state.adding())
                .addAllRemovingIds(state.removing())
                .addAllUncleanIds(state.unclean())
                .setUncleanElectionEpoch(state.uncleanElectionEpoch());
    }

    @Override
    public MetadataRecord onPartitionsAdded(PartitionsAdded record) {
        PartitionsAddedRecord.Builder added =
                PartitionsAddedRecord.newBuilder()
                        .setTopicId(bytes(record.topicId()))
                        .setFirstPartition(record.firstPartition());
        record.partitions().forEach(state -> added.addPartitions(partition(state)));
        return MetadataRecord.newBuilder().setPartitionsAdded(added).build();
    }

    @Override
    public MetadataRecord onTopicDeleted(TopicDeleted record) {
        return MetadataRecord.newBuilder()
                .setTopicDeleted(
                        TopicDeletedRecord.newBuilder().setTopicId(bytes(record.topicId())))
                .build();
    }

    @Override
    public MetadataRecord onTopicConfigChanged(TopicConfigChanged record) {
        TopicConfigChangedRecord.Builder changed =
                TopicConfigChangedRecord.newBuilder()
                        .setTopicId(bytes(record.topicId()))
                        .setKey(record.key());
        record.value().ifPresent(changed::setValue);
        return MetadataRecord.newBuilder().setTopicConfigChanged(changed).build();
    }

    @Override
    public MetadataRecord onProducerIdsAllocated(ProducerIdsAllocated record) {
        return MetadataRecord.newBuilder()
                .setProducerIds(
                        ProducerIdsRecord.newBuilder()
                                .setNextProducerId(record.nextProducerId())
                                .setBrokerId(record.brokerId())
                                .setBrokerEpoch(record.brokerEpoch()))
                .build();
    }

    @Override
    public MetadataRecord onRequestAnswered(RequestAnswered record) {
        return MetadataRecord.newBuilder()
                .setRequestResult(
                        RequestResultRecord.newBuilder()
                                .setRequestId(bytes(record.requestId()))
                                .setResult(UnsafeByteOperations.unsafeWrap(record.result()))
                                .setAtMs(record.atMillis()))
                .build();
    }

    @Override
    public MetadataRecord onRequestsExpired(RequestsExpired record) {
        RequestsExpiredRecord.Builder expired = RequestsExpiredRecord.newBuilder();
        record.requestIds().forEach(id -> expired.addRequestIds(bytes(id)));
        return MetadataRecord.newBuilder().setRequestsExpired(expired).build();
    }

    @Override
    public MetadataRecord onVotersChanged(VotersChanged record) {
        VotersChangedRecord.Builder changed =
                VotersChangedRecord.newBuilder().setVersion(record.voters().version());
        record.voters().voters().forEach(voter -> changed.addVoters(voter(voter)));
        return MetadataRecord.newBuilder().setVotersChanged(changed).build();
    }

    private static QuorumVoterRecord voter(VoterSet.Voter voter) {
        return QuorumVoterRecord.newBuilder()
                .setNodeId(voter.nodeId())
                .setDirectoryId(bytes(voter.directoryId()))
                .setHost(voter.host())
                .setPort(voter.port())
                .build();
    }

    @Override
    public MetadataRecord onCoordinationFounded(CoordinationFounded record) {
        CoordinationFoundedRecord.Builder founded = CoordinationFoundedRecord.newBuilder();
        record.founders().forEach(voter -> founded.addFounders(voter(voter)));
        return MetadataRecord.newBuilder().setCoordinationFounded(founded).build();
    }

    @Override
    public MetadataRecord onCoordinatorChanged(CoordinatorChanged record) {
        return MetadataRecord.newBuilder()
                .setCoordinatorChanged(
                        CoordinatorChangedRecord.newBuilder()
                                .setShard(record.shard())
                                .setNodeId(record.nodeId())
                                .setTerm(record.term()))
                .build();
    }

    @Override
    public MetadataRecord onNoOp(NoOp record) {
        return MetadataRecord.newBuilder().setNoOp(NoOpRecord.getDefaultInstance()).build();
    }
}
