package io.kq.client.rpc;

import io.kq.client.admin.ConfigDescription;
import io.kq.client.admin.ConfigDescription.Source;
import io.kq.client.admin.ConfigDescription.Synonym;
import io.kq.client.admin.ConfigResource;
import io.kq.client.admin.ElectionOutcome;
import io.kq.client.admin.NewPartitions;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.AlterConfigsRequest;
import io.kq.v1.ConfigChange;
import io.kq.v1.ConfigEntry;
import io.kq.v1.ConfigResourceType;
import io.kq.v1.ConfigSource;
import io.kq.v1.CreatePartitionsRequest;
import io.kq.v1.ElectLeadersRequest;
import io.kq.v1.ElectionResult;
import io.kq.v1.ElectionType;
import io.kq.v1.OngoingReassignment;
import io.kq.v1.PartitionRef;
import io.kq.v1.ReplicaAssignment;
import io.kq.v1.ReplicaReassignment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Between the messages of operators' calls and {@code io.kq.client.admin}. */
final class OperatorMapping {

    private OperatorMapping() {}

    static CreatePartitionsRequest toProto(NewPartitions partitions, String requestId) {
        CreatePartitionsRequest.Builder request =
                CreatePartitionsRequest.newBuilder()
                        .setRequestId(requestId)
                        .setName(partitions.topic())
                        .setPartitionCount(partitions.partitionCount())
                        .setValidateOnly(partitions.validateOnly());
        for (List<Integer> brokers : partitions.assignments()) {
            request.addAssignments(ReplicaAssignment.newBuilder().addAllBrokerIds(brokers));
        }
        return request.build();
    }

    static io.kq.v1.ConfigResource toProto(ConfigResource resource) {
        return io.kq.v1.ConfigResource.newBuilder()
                .setType(
                        switch (resource.type()) {
                            case TOPIC -> ConfigResourceType.CONFIG_RESOURCE_TYPE_TOPIC;
                            case BROKER -> ConfigResourceType.CONFIG_RESOURCE_TYPE_BROKER;
                        })
                .setName(resource.name())
                .build();
    }

    static AlterConfigsRequest toProto(
            ConfigResource resource, Map<String, Optional<String>> changes, String requestId) {
        AlterConfigsRequest.Builder request =
                AlterConfigsRequest.newBuilder()
                        .setRequestId(requestId)
                        .setResource(toProto(resource));
        changes.forEach(
                (name, value) -> {
                    ConfigChange.Builder change = ConfigChange.newBuilder().setName(name);
                    value.ifPresent(change::setValue);
                    request.addChanges(change);
                });
        return request.build();
    }

    static ConfigDescription config(ConfigEntry entry) {
        return new ConfigDescription(
                entry.getName(),
                entry.getValue(),
                source(entry.getSource()),
                entry.getReadOnly(),
                entry.getSensitive(),
                entry.getDocumentation(),
                entry.getSynonymsList().stream()
                        .map(s -> new Synonym(s.getName(), s.getValue(), source(s.getSource())))
                        .toList());
    }

    private static Source source(ConfigSource source) {
        return switch (source) {
            case CONFIG_SOURCE_TOPIC -> Source.TOPIC;
            case CONFIG_SOURCE_NODE -> Source.NODE;
            case CONFIG_SOURCE_DEFAULT -> Source.DEFAULT;
            case CONFIG_SOURCE_UNSPECIFIED, UNRECOGNIZED -> Source.UNKNOWN;
        };
    }

    static ElectLeadersRequest toProto(
            boolean unclean, List<TopicPartition> partitions, String requestId) {
        return ElectLeadersRequest.newBuilder()
                .setRequestId(requestId)
                .setType(
                        unclean
                                ? ElectionType.ELECTION_TYPE_UNCLEAN
                                : ElectionType.ELECTION_TYPE_PREFERRED)
                .addAllPartitions(partitions.stream().map(OperatorMapping::ref).toList())
                .build();
    }

    static ElectionOutcome outcome(ElectionResult result) {
        return new ElectionOutcome(
                partition(result.getPartition()),
                result.getElected(),
                result.getLeaderId(),
                result.hasUnclean()
                        ? Optional.of(
                                new ElectionOutcome.Loss(
                                        result.getUnclean().getLogEndOffset(),
                                        List.copyOf(
                                                result.getUnclean().getCompleteBrokerIdsList())))
                        : Optional.empty(),
                result.hasError()
                        ? Optional.of(RejectionCodec.fromProto(result.getError()))
                        : Optional.empty());
    }

    static ReplicaReassignment toProto(TopicPartition partition, Optional<List<Integer>> target) {
        ReplicaReassignment.Builder reassignment =
                ReplicaReassignment.newBuilder()
                        .setPartition(ref(partition))
                        .setCancel(target.isEmpty());
        target.ifPresent(reassignment::addAllReplicaIds);
        return reassignment.build();
    }

    static ReassignmentDescription reassignment(OngoingReassignment ongoing) {
        return new ReassignmentDescription(
                partition(ongoing.getPartition()),
                List.copyOf(ongoing.getReplicaIdsList()),
                List.copyOf(ongoing.getAddingIdsList()),
                List.copyOf(ongoing.getRemovingIdsList()),
                List.copyOf(ongoing.getIsrIdsList()));
    }

    static SortedMap<TopicPartition, List<Integer>> plan(List<ReplicaReassignment> proto) {
        SortedMap<TopicPartition, List<Integer>> plan = new TreeMap<>();
        proto.forEach(
                r -> plan.put(partition(r.getPartition()), List.copyOf(r.getReplicaIdsList())));
        return plan;
    }

    private static PartitionRef ref(TopicPartition partition) {
        return PartitionRef.newBuilder()
                .setTopic(partition.topic())
                .setPartition(partition.partition())
                .build();
    }

    private static TopicPartition partition(PartitionRef ref) {
        return new TopicPartition(ref.getTopic(), ref.getPartition());
    }
}
