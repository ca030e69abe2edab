package io.kq.client.rpc;

import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.ConfigDescription;
import io.kq.client.admin.ConfigResource;
import io.kq.client.admin.ElectionOutcome;
import io.kq.client.admin.NewPartitions;
import io.kq.client.admin.PlacementWish;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.VoterChange;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.RandomSource;
import io.kq.v1.AddVoterRequest;
import io.kq.v1.AlterReplicaAssignmentsRequest;
import io.kq.v1.AlterReplicaAssignmentsResponse;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.ConfigServiceGrpc;
import io.kq.v1.DescribeConfigsRequest;
import io.kq.v1.DescribeQuorumRequest;
import io.kq.v1.DrainBrokerRequest;
import io.kq.v1.DrainBrokerResponse;
import io.kq.v1.ListReassignmentsRequest;
import io.kq.v1.PartitionServiceGrpc;
import io.kq.v1.PlanReassignmentsRequest;
import io.kq.v1.RemoveVoterRequest;
import io.kq.v1.ReplaceVoterRequest;
import io.kq.v1.ResumeBrokerRequest;
import io.kq.v1.TopicServiceGrpc;
import io.kq.v1.UnregisterBrokerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * What operators ask beyond topics: partitions, configs, leaders, replicas, brokers. Any thread;
 * futures complete on the loop.
 */
public final class OperatorCalls {

    private final UnaryCalls calls;
    private final RandomSource random;

    public OperatorCalls(UnaryCalls calls, RandomSource random) {
        this.calls = calls;
        this.random = random;
    }

    private String newRequestId() {
        return random.nextUuid().toString();
    }

    public CompletableFuture<TopicDescription> createPartitions(NewPartitions partitions) {
        String requestId = newRequestId();
        return calls.call(
                        TopicServiceGrpc.getCreatePartitionsMethod(),
                        OperatorMapping.toProto(partitions, requestId),
                        requestId)
                .thenApply(response -> AdminMapping.topic(response.getTopic()));
    }

    public CompletableFuture<List<ConfigDescription>> describeConfigs(ConfigResource resource) {
        return calls.call(
                        ConfigServiceGrpc.getDescribeConfigsMethod(),
                        DescribeConfigsRequest.newBuilder()
                                .setResource(OperatorMapping.toProto(resource))
                                .build())
                .thenApply(
                        response ->
                                response.getEntriesList().stream()
                                        .map(OperatorMapping::config)
                                        .toList());
    }

    /** What {@code KqAdmin.alterConfigs} says. */
    public CompletableFuture<List<String>> alterConfigs(
            ConfigResource resource, Map<String, Optional<String>> changes, boolean validateOnly) {
        String requestId = newRequestId();
        return calls.call(
                        ConfigServiceGrpc.getAlterConfigsMethod(),
                        OperatorMapping.toProto(resource, changes, requestId).toBuilder()
                                .setValidateOnly(validateOnly)
                                .build(),
                        requestId)
                .thenApply(response -> List.copyOf(response.getWarningsList()));
    }

    /** What {@code KqAdmin.electLeaders} says. */
    public CompletableFuture<List<ElectionOutcome>> electLeaders(
            boolean unclean, List<TopicPartition> partitions) {
        String requestId = newRequestId();
        return calls.call(
                        PartitionServiceGrpc.getElectLeadersMethod(),
                        OperatorMapping.toProto(unclean, partitions, requestId),
                        requestId)
                .thenApply(
                        response ->
                                response.getResultsList().stream()
                                        .map(OperatorMapping::outcome)
                                        .toList());
    }

    /** What {@code KqAdmin.alterReplicas} says. */
    public CompletableFuture<Integer> alterReplicas(
            Map<TopicPartition, Optional<List<Integer>>> targets, boolean validateOnly) {
        String requestId = newRequestId();
        AlterReplicaAssignmentsRequest.Builder request =
                AlterReplicaAssignmentsRequest.newBuilder()
                        .setRequestId(requestId)
                        .setValidateOnly(validateOnly);
        targets.forEach(
                (partition, target) ->
                        request.addReassignments(OperatorMapping.toProto(partition, target)));
        return calls.call(
                        PartitionServiceGrpc.getAlterReplicaAssignmentsMethod(),
                        request.build(),
                        requestId)
                .thenApply(AlterReplicaAssignmentsResponse::getChangedCount);
    }

    public CompletableFuture<List<ReassignmentDescription>> listReassignments() {
        return calls.call(
                        PartitionServiceGrpc.getListReassignmentsMethod(),
                        ListReassignmentsRequest.getDefaultInstance())
                .thenApply(
                        response ->
                                response.getReassignmentsList().stream()
                                        .map(OperatorMapping::reassignment)
                                        .toList());
    }

    public CompletableFuture<SortedMap<TopicPartition, List<Integer>>> planReassignments(
            PlacementWish wish) {
        PlanReassignmentsRequest request =
                PlanReassignmentsRequest.newBuilder()
                        .addAllTopics(wish.topics())
                        .addAllBrokerIds(wish.allowed())
                        .addAllExcludedBrokerIds(wish.excluded())
                        .setSpread(wish.spread())
                        .setReplicationFactor(wish.replicationFactor())
                        .build();
        return calls.call(PartitionServiceGrpc.getPlanReassignmentsMethod(), request)
                .thenApply(response -> OperatorMapping.plan(response.getReassignmentsList()));
    }

    /** Found out by who leads: the others do not hear each other. */
    public CompletableFuture<ClusterDescription.Quorum> describeQuorum() {
        return calls.call(
                        ClusterServiceGrpc.getDescribeQuorumMethod(),
                        DescribeQuorumRequest.getDefaultInstance())
                .thenApply(response -> AdminMapping.quorum(response.getQuorum()));
    }

    /** What {@code KqAdmin.addVoter} says; no request id: a change that was made is found made. */
    public CompletableFuture<VoterChange> addVoter(int nodeId) {
        return calls.call(
                        ClusterServiceGrpc.getAddVoterMethod(),
                        AddVoterRequest.newBuilder().setNodeId(nodeId).build())
                .thenApply(response -> AdminMapping.voterChange(response.getChange()));
    }

    /** The same for {@code KqAdmin.removeVoter}. */
    public CompletableFuture<VoterChange> removeVoter(int nodeId) {
        return calls.call(
                        ClusterServiceGrpc.getRemoveVoterMethod(),
                        RemoveVoterRequest.newBuilder().setNodeId(nodeId).build())
                .thenApply(response -> AdminMapping.voterChange(response.getChange()));
    }

    /** The same for {@code KqAdmin.replaceVoter}. */
    public CompletableFuture<VoterChange> replaceVoter(int nodeId) {
        return calls.call(
                        ClusterServiceGrpc.getReplaceVoterMethod(),
                        ReplaceVoterRequest.newBuilder().setNodeId(nodeId).build())
                .thenApply(response -> AdminMapping.voterChange(response.getChange()));
    }

    public CompletableFuture<Integer> drainBroker(int brokerId) {
        String requestId = newRequestId();
        return calls.call(
                        ClusterServiceGrpc.getDrainBrokerMethod(),
                        DrainBrokerRequest.newBuilder()
                                .setRequestId(requestId)
                                .setBrokerId(brokerId)
                                .build(),
                        requestId)
                .thenApply(DrainBrokerResponse::getRemainingLeaderCount);
    }

    public CompletableFuture<Void> resumeBroker(int brokerId) {
        String requestId = newRequestId();
        return calls.call(
                        ClusterServiceGrpc.getResumeBrokerMethod(),
                        ResumeBrokerRequest.newBuilder()
                                .setRequestId(requestId)
                                .setBrokerId(brokerId)
                                .build(),
                        requestId)
                .thenApply(response -> null);
    }

    public CompletableFuture<Void> unregisterBroker(int brokerId) {
        String requestId = newRequestId();
        return calls.call(
                        ClusterServiceGrpc.getUnregisterBrokerMethod(),
                        UnregisterBrokerRequest.newBuilder()
                                .setRequestId(requestId)
                                .setBrokerId(brokerId)
                                .build(),
                        requestId)
                .thenApply(response -> null);
    }
}
