package io.kq.broker.rpc.admin;

import static io.kq.broker.rpc.admin.Mutations.fromVersion;

import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.admin.Mutations.Mutation;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.decision.MetadataOperation.AlterReplicas;
import io.kq.metadata.decision.MetadataOperation.AlterReplicas.Reassignment;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.ReassignmentPlan;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.v1.AlterReplicaAssignmentsRequest;
import io.kq.v1.AlterReplicaAssignmentsResponse;
import io.kq.v1.ElectLeadersRequest;
import io.kq.v1.ElectLeadersResponse;
import io.kq.v1.ElectionType;
import io.kq.v1.ListReassignmentsRequest;
import io.kq.v1.ListReassignmentsResponse;
import io.kq.v1.OngoingReassignment;
import io.kq.v1.PartitionServiceGrpc;
import io.kq.v1.PartitionServiceGrpc.PartitionServiceImplBase;
import io.kq.v1.PlanReassignmentsRequest;
import io.kq.v1.PlanReassignmentsResponse;
import io.kq.v1.ReplicaReassignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** Leaders and replicas of partitions: changed by the active controller, read from the image. */
public final class PartitionService extends PartitionServiceImplBase {

    private final MetadataSource metadata;
    private final Mutations mutations;

    public PartitionService(MetadataSource metadata, Mutations mutations) {
        this.metadata = metadata;
        this.mutations = mutations;
    }

    @Override
    public void electLeaders(
            ElectLeadersRequest request, StreamObserver<ElectLeadersResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        if (request.getType() != ElectionType.ELECTION_TYPE_PREFERRED
                && request.getType() != ElectionType.ELECTION_TYPE_UNCLEAN) {
            throw invalid("type", "type says neither preferred nor unclean");
        }
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new ElectLeaders(
                                request.getType() == ElectionType.ELECTION_TYPE_UNCLEAN,
                                request.getPartitionsList().stream()
                                        .map(PartitionCodec::partition)
                                        .toList(),
                                List.of()),
                        (results, image) ->
                                ElectLeadersResponse.newBuilder()
                                        .addAllResults(
                                                results.stream()
                                                        .map(PartitionCodec::result)
                                                        .toList())
                                        .setVersion(image.index())
                                        .build(),
                        PartitionServiceGrpc.getElectLeadersMethod(),
                        fromVersion(ElectLeadersResponse::getVersion)));
    }

    @Override
    public void alterReplicaAssignments(
            AlterReplicaAssignmentsRequest request,
            StreamObserver<AlterReplicaAssignmentsResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new AlterReplicas(
                                request.getReassignmentsList().stream()
                                        .map(PartitionService::reassignment)
                                        .toList(),
                                request.getValidateOnly()),
                        (changed, image) ->
                                AlterReplicaAssignmentsResponse.newBuilder()
                                        .setChangedCount(changed)
                                        .setVersion(image.index())
                                        .build(),
                        PartitionServiceGrpc.getAlterReplicaAssignmentsMethod(),
                        fromVersion(AlterReplicaAssignmentsResponse::getVersion)));
    }

    private static Reassignment reassignment(ReplicaReassignment proto) {
        TopicPartition partition = PartitionCodec.partition(proto.getPartition());
        if (proto.getCancel() != proto.getReplicaIdsList().isEmpty()) {
            throw invalid(
                    "reassignments",
                    "the reassignment of "
                            + partition
                            + " has replicas, or is cancelled: not both");
        }
        return new Reassignment(
                partition,
                proto.getCancel() ? Optional.empty() : Optional.of(proto.getReplicaIdsList()));
    }

    @Override
    public void listReassignments(
            ListReassignmentsRequest request, StreamObserver<ListReassignmentsResponse> observer) {
        MetadataImage image = metadata.image();
        ListReassignmentsResponse.Builder answer = ListReassignmentsResponse.newBuilder();
        for (TopicImage topic : topics(request.getTopicsList(), image)) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                PartitionImage partition = topic.partitions().get(i);
                if (partition.isReassigning()) {
                    answer.addReassignments(
                            OngoingReassignment.newBuilder()
                                    .setPartition(PartitionCodec.ref(topic.name(), i))
                                    .addAllReplicaIds(partition.replicas())
                                    .addAllAddingIds(partition.adding())
                                    .addAllRemovingIds(partition.removing())
                                    .addAllIsrIds(partition.isr()));
                }
            }
        }
        Answers.one(observer, answer.build());
    }

    @Override
    public void planReassignments(
            PlanReassignmentsRequest request, StreamObserver<PlanReassignmentsResponse> observer) {
        MetadataImage image = metadata.image();
        List<BrokerImage> allowed = allowed(request, image);
        Collection<TopicImage> topics = topics(request.getTopicsList(), image);
        int wanted = request.getReplicationFactor();
        if (wanted < 0) {
            throw invalid("replication_factor", "a replication factor is not negative: " + wanted);
        }
        int replicas = wanted > 0 ? wanted : mostReplicas(topics);
        if (replicas > allowed.size()) {
            throw new RejectedException(
                    ErrorCode.INSUFFICIENT_BROKERS,
                    "A partition would have "
                            + replicas
                            + " replica(s); only "
                            + allowed.size()
                            + " broker(s) may have them.");
        }
        Map<TopicPartition, List<Integer>> plan =
                request.getSpread()
                        ? ReassignmentPlan.spreadOver(allowed, topics, wanted, image)
                        : ReassignmentPlan.moveTo(allowed, topics, wanted, image);
        PlanReassignmentsResponse.Builder answer = PlanReassignmentsResponse.newBuilder();
        plan.forEach(
                (partition, target) ->
                        answer.addReassignments(
                                ReplicaReassignment.newBuilder()
                                        .setPartition(
                                                PartitionCodec.ref(
                                                        partition.topic(), partition.partition()))
                                        .addAllReplicaIds(target)));
        Answers.one(observer, answer.build());
    }

    private static int mostReplicas(Collection<TopicImage> topics) {
        return topics.stream()
                .flatMap(topic -> topic.partitions().stream())
                .mapToInt(partition -> partition.targetReplicas().size())
                .max()
                .orElse(0);
    }

    private static List<BrokerImage> allowed(
            PlanReassignmentsRequest request, MetadataImage image) {
        for (int id : request.getBrokerIdsList()) {
            if (image.broker(id).isEmpty()) {
                throw new RejectedException(
                        ErrorCode.BROKER_NOT_FOUND, "No broker has the id " + id + ".");
            }
        }
        return image.allBrokers().stream()
                .filter(
                        broker ->
                                request.getBrokerIdsList().isEmpty()
                                        || request.getBrokerIdsList().contains(broker.id()))
                .filter(broker -> !request.getExcludedBrokerIdsList().contains(broker.id()))
                .toList();
    }

    /** By name; a topic that is named must be there. */
    private static Collection<TopicImage> topics(List<String> names, MetadataImage image) {
        if (names.isEmpty()) {
            return image.topics().values();
        }
        List<TopicImage> found = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            found.add(image.topic(name).orElseThrow(() -> TopicService.notFound(name, image)));
        }
        return found;
    }

    private static RejectedException invalid(String field, String why) {
        return new RejectedException(ErrorCode.INVALID_ARGUMENT, why).with("field", field);
    }
}
