package io.kq.metadata.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.kq.internal.v1.BrokerFencedRecord;
import io.kq.internal.v1.BrokerRegisteredRecord;
import io.kq.internal.v1.BrokerResumedRecord;
import io.kq.internal.v1.BrokerShuttingDownRecord;
import io.kq.internal.v1.BrokerUnfencedRecord;
import io.kq.internal.v1.BrokerUnregisteredRecord;
import io.kq.internal.v1.ClusterRecord;
import io.kq.internal.v1.CoordinatorChangedRecord;
import io.kq.internal.v1.EndpointRecord;
import io.kq.internal.v1.FeatureLevelRecord;
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
import io.kq.metadata.record.FeatureLevel;
import io.kq.metadata.record.MetadataRecord;
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
import io.kq.metadata.record.MetadataRecord.VotersChanged;
import io.kq.metadata.record.PartitionState;
import io.kq.metadata.record.VoterSet;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * From protobuf to records. Refuses records and fields of a newer version: a node that skipped them
 * would have another image than the others.
 */
final class FromProto {

    private FromProto() {}

    static MetadataRecord record(io.kq.internal.v1.MetadataRecord record) {
        known(record);
        return switch (record.getRecordCase()) {
            case FEATURE_LEVEL -> featureLevel(known(record.getFeatureLevel()));
            case CLUSTER -> cluster(known(record.getCluster()));
            case BROKER_REGISTERED -> brokerRegistered(known(record.getBrokerRegistered()));
            case BROKER_FENCED -> brokerFenced(known(record.getBrokerFenced()));
            case BROKER_UNFENCED -> brokerUnfenced(known(record.getBrokerUnfenced()));
            case BROKER_SHUTTING_DOWN -> brokerShuttingDown(known(record.getBrokerShuttingDown()));
            case BROKER_RESUMED -> brokerResumed(known(record.getBrokerResumed()));
            case BROKER_UNREGISTERED -> brokerUnregistered(known(record.getBrokerUnregistered()));
            case TOPIC_CREATED -> topicCreated(known(record.getTopicCreated()));
            case PARTITION_CHANGED -> partitionChanged(known(record.getPartitionChanged()));
            case PARTITIONS_ADDED -> partitionsAdded(known(record.getPartitionsAdded()));
            case TOPIC_DELETED -> topicDeleted(known(record.getTopicDeleted()));
            case TOPIC_CONFIG_CHANGED -> topicConfigChanged(known(record.getTopicConfigChanged()));
            case PRODUCER_IDS -> producerIds(known(record.getProducerIds()));
            case REQUEST_RESULT -> requestAnswered(known(record.getRequestResult()));
            case REQUESTS_EXPIRED -> requestsExpired(known(record.getRequestsExpired()));
            case VOTERS_CHANGED -> votersChanged(known(record.getVotersChanged()));
            case COORDINATION_FOUNDED ->
                    new CoordinationFounded(
                            known(record.getCoordinationFounded()).getFoundersList().stream()
                                    .map(FromProto::voter)
                                    .toList());
            case COORDINATOR_CHANGED -> coordinatorChanged(known(record.getCoordinatorChanged()));
            case NO_OP -> new NoOp();
            case RECORD_NOT_SET ->
                    throw new UnknownRecordException(
                            "a metadata record of a kind that this version does not know");
        };
    }

    /** Fields that this version does not know would be lost silently. */
    static <M extends Message> M known(M message) {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new UnknownRecordException(
                    message.getDescriptorForType().getName()
                            + " has fields that this version does not know: "
                            + message.getUnknownFields().asMap().keySet());
        }
        return message;
    }

    static UUID uuid(ByteString bytes) {
        if (bytes.size() != 16) {
            throw new UnknownRecordException("an id has 16 bytes, not " + bytes.size());
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static MetadataRecord featureLevel(FeatureLevelRecord record) {
        if (!FeatureLevel.isKnown(record.getFeature(), record.getLevel())) {
            throw new UnknownRecordException(
                    "the cluster is at "
                            + record.getFeature()
                            + " "
                            + record.getLevel()
                            + ", which this version does not know");
        }
        return new FeatureLevelChanged(record.getFeature(), record.getLevel());
    }

    private static MetadataRecord cluster(ClusterRecord record) {
        return new ClusterCreated(
                record.getClusterId(),
                record.getCreatedAtMs(),
                record.getCoordinationShardCount(),
                record.getLastBatchSequence());
    }

    private static MetadataRecord brokerRegistered(BrokerRegisteredRecord record) {
        return new BrokerRegistered(
                record.getBrokerId(),
                uuid(record.getIncarnationId()),
                record.getBrokerEpoch(),
                record.getEndpointsList().stream().map(FromProto::endpoint).toList(),
                record.getRack(),
                record.getDirectoryIdsList().stream().map(FromProto::uuid).toList(),
                record.getCleanShutdown(),
                record.getVersion(),
                record.getRegisteredAtMs());
    }

    private static MetadataRecord votersChanged(VotersChangedRecord record) {
        return new VotersChanged(
                new VoterSet(
                        record.getVersion(),
                        record.getVotersList().stream().map(FromProto::voter).toList()));
    }

    private static MetadataRecord coordinatorChanged(CoordinatorChangedRecord record) {
        return new CoordinatorChanged(record.getShard(), record.getNodeId(), record.getTerm());
    }

    private static VoterSet.Voter voter(QuorumVoterRecord voter) {
        known(voter);
        return new VoterSet.Voter(
                voter.getNodeId(), uuid(voter.getDirectoryId()), voter.getHost(), voter.getPort());
    }

    private static Endpoint endpoint(EndpointRecord endpoint) {
        known(endpoint);
        return new Endpoint(
                endpoint.getListener(),
                endpoint.getHost(),
                endpoint.getPort(),
                endpoint.getProtocol());
    }

    private static MetadataRecord brokerFenced(BrokerFencedRecord record) {
        return new BrokerFenced(record.getBrokerId(), record.getBrokerEpoch(), record.getAtMs());
    }

    private static MetadataRecord brokerUnfenced(BrokerUnfencedRecord record) {
        return new BrokerUnfenced(record.getBrokerId(), record.getBrokerEpoch(), record.getAtMs());
    }

    private static MetadataRecord brokerShuttingDown(BrokerShuttingDownRecord record) {
        return new BrokerShuttingDown(
                record.getBrokerId(), record.getBrokerEpoch(), record.getAtMs());
    }

    private static MetadataRecord brokerResumed(BrokerResumedRecord record) {
        return new BrokerResumed(record.getBrokerId(), record.getBrokerEpoch(), record.getAtMs());
    }

    private static MetadataRecord brokerUnregistered(BrokerUnregisteredRecord record) {
        return new BrokerUnregistered(record.getBrokerId(), record.getBrokerEpoch());
    }

    private static MetadataRecord topicCreated(TopicCreatedRecord record) {
        return new TopicCreated(
                uuid(record.getTopicId()),
                record.getName(),
                record.getPartitionsList().stream().map(FromProto::partition).toList(),
                record.getConfigsMap(),
                record.getInternal(),
                record.getCreatedAtMs());
    }

    private static PartitionState partition(io.kq.internal.v1.PartitionState state) {
        known(state);
        return new PartitionState(
                state.getReplicaIdsList(),
                state.getIsrIdsList(),
                state.getElrIdsList(),
                state.getLeaderId(),
                state.getLeaderEpoch(),
                state.getPartitionEpoch(),
                state.getAddingIdsList(),
                state.getRemovingIdsList(),
                state.getUncleanIdsList(),
                state.getUncleanElectionEpoch());
    }

    private static MetadataRecord partitionsAdded(PartitionsAddedRecord record) {
        return new PartitionsAdded(
                uuid(record.getTopicId()),
                record.getFirstPartition(),
                record.getPartitionsList().stream().map(FromProto::partition).toList());
    }

    private static MetadataRecord partitionChanged(PartitionChangedRecord record) {
        return new PartitionChanged(
                uuid(record.getTopicId()), record.getPartition(), partition(record.getState()));
    }

    private static MetadataRecord topicDeleted(TopicDeletedRecord record) {
        return new TopicDeleted(uuid(record.getTopicId()));
    }

    private static MetadataRecord topicConfigChanged(TopicConfigChangedRecord record) {
        return new TopicConfigChanged(
                uuid(record.getTopicId()),
                record.getKey(),
                record.hasValue() ? Optional.of(record.getValue()) : Optional.empty());
    }

    private static MetadataRecord producerIds(ProducerIdsRecord record) {
        return new ProducerIdsAllocated(
                record.getNextProducerId(), record.getBrokerId(), record.getBrokerEpoch());
    }

    private static MetadataRecord requestAnswered(RequestResultRecord record) {
        return new RequestAnswered(
                uuid(record.getRequestId()), record.getResult().toByteArray(), record.getAtMs());
    }

    private static MetadataRecord requestsExpired(RequestsExpiredRecord record) {
        return new RequestsExpired(
                record.getRequestIdsList().stream().map(FromProto::uuid).toList());
    }
}
