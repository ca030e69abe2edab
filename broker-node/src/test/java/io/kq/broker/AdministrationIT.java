package io.kq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.stub.AbstractStub;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.AlterConfigsRequest;
import io.kq.v1.AlterConfigsResponse;
import io.kq.v1.AlterReplicaAssignmentsRequest;
import io.kq.v1.BrokerState;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.ClusterServiceGrpc.ClusterServiceBlockingStub;
import io.kq.v1.ConfigChange;
import io.kq.v1.ConfigEntry;
import io.kq.v1.ConfigResource;
import io.kq.v1.ConfigResourceType;
import io.kq.v1.ConfigServiceGrpc;
import io.kq.v1.ConfigServiceGrpc.ConfigServiceBlockingStub;
import io.kq.v1.ConfigSource;
import io.kq.v1.CreatePartitionsRequest;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.DescribeConfigsRequest;
import io.kq.v1.DrainBrokerRequest;
import io.kq.v1.DrainBrokerResponse;
import io.kq.v1.ElectLeadersRequest;
import io.kq.v1.ElectLeadersResponse;
import io.kq.v1.ElectionType;
import io.kq.v1.GetMetadataRequest;
import io.kq.v1.ListReassignmentsRequest;
import io.kq.v1.PartitionRef;
import io.kq.v1.PartitionServiceGrpc;
import io.kq.v1.PartitionServiceGrpc.PartitionServiceBlockingStub;
import io.kq.v1.PlanReassignmentsRequest;
import io.kq.v1.ReplicaReassignment;
import io.kq.v1.ResumeBrokerRequest;
import io.kq.v1.Topic;
import io.kq.v1.TopicServiceGrpc;
import io.kq.v1.TopicServiceGrpc.TopicServiceBlockingStub;
import io.kq.v1.UnregisterBrokerRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks of one whole node. */
@TestInstance(Lifecycle.PER_CLASS)
class AdministrationIT {

    private InJvmNode node;

    @BeforeAll
    void start(@TempDir Path directory) {
        node = InJvmNode.start(directory, "log.segment.bytes=4MiB", "log.retention=30d");
    }

    @AfterAll
    void stop() {
        node.close();
        assertThat(node.faults()).isEmpty();
    }

    private static <S extends AbstractStub<S>> S soon(S stub) {
        return stub.withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private TopicServiceBlockingStub topics() {
        return soon(TopicServiceGrpc.newBlockingStub(node.channel()));
    }

    private ConfigServiceBlockingStub configs() {
        return soon(ConfigServiceGrpc.newBlockingStub(node.channel()));
    }

    private PartitionServiceBlockingStub partitions() {
        return soon(PartitionServiceGrpc.newBlockingStub(node.channel()));
    }

    private ClusterServiceBlockingStub cluster() {
        return soon(ClusterServiceGrpc.newBlockingStub(node.channel()));
    }

    private static ErrorCode refused(ThrowingCallable call) {
        RejectedException why = RejectionCodec.fromThrowable(catchThrowable(call));
        assertThat(why.definite()).isTrue();
        return why.code();
    }

    private Topic create(String name) {
        return topics().createTopic(
                        CreateTopicRequest.newBuilder().setName(name).setPartitionCount(2).build())
                .getTopic();
    }

    private static PartitionRef ref(String topic, int partition) {
        return PartitionRef.newBuilder().setTopic(topic).setPartition(partition).build();
    }

    private static ConfigResource resource(ConfigResourceType type, String name) {
        return ConfigResource.newBuilder().setType(type).setName(name).build();
    }

    @Test
    void partitionsAreAddedOncePerRequest() {
        create("grows");
        CreatePartitionsRequest request =
                CreatePartitionsRequest.newBuilder()
                        .setName("grows")
                        .setPartitionCount(5)
                        .setRequestId(UUID.randomUUID().toString())
                        .build();
        CreatePartitionsRequest trial = request.toBuilder().setValidateOnly(true).build();
        assertThat(
                        topics().createPartitions(trial.toBuilder().clearRequestId().build())
                                .getTopic()
                                .getPartitionsCount())
                .isEqualTo(5);
        Topic grown = topics().createPartitions(request).getTopic();
        assertThat(grown.getPartitionsCount()).isEqualTo(5);
        assertThat(grown.getPartitions(4).getLeaderId()).isZero();
        assertThat(topics().createPartitions(request).getTopic()).isEqualTo(grown);
        assertThat(
                        refused(
                                () ->
                                        topics().createPartitions(
                                                        trial.toBuilder()
                                                                .clearRequestId()
                                                                .setPartitionCount(4)
                                                                .build())))
                .isEqualTo(ErrorCode.INVALID_PARTITIONS);
    }

    @Test
    void configsAreChangedAndToldWithWhereTheyComeFrom() {
        create("configured");
        ConfigResource topic =
                resource(ConfigResourceType.CONFIG_RESOURCE_TYPE_TOPIC, "configured");
        AlterConfigsResponse answer =
                configs()
                        .alterConfigs(
                                AlterConfigsRequest.newBuilder()
                                        .setResource(topic)
                                        .addChanges(
                                                ConfigChange.newBuilder()
                                                        .setName("segment.bytes")
                                                        .setValue("1MiB"))
                                        .addChanges(
                                                ConfigChange.newBuilder()
                                                        .setName("min.insync.replicas")
                                                        .setValue("2"))
                                        .build());
        assertThat(answer.getWarningsList())
                .containsExactly(
                        "min.insync.replicas=2 is more than the topic's 1 replica(s): all writes"
                                + " are refused.");
        ConfigEntry segment = entry(topic, "segment.bytes");
        assertThat(segment.getValue()).isEqualTo("1048576");
        assertThat(segment.getSource()).isEqualTo(ConfigSource.CONFIG_SOURCE_TOPIC);
        assertThat(segment.getSynonymsList().stream().map(s -> s.getName() + "=" + s.getValue()))
                .containsExactly(
                        "segment.bytes=1048576",
                        "log.segment.bytes=4194304",
                        "log.segment.bytes=1073741824");
        ConfigEntry retention = entry(topic, "retention.ms");
        assertThat(retention.getValue()).isEqualTo("2592000000");
        assertThat(retention.getSource()).isEqualTo(ConfigSource.CONFIG_SOURCE_NODE);
        assertThat(retention.getSynonymsList().stream().map(s -> s.getName() + "=" + s.getValue()))
                .containsExactly("log.retention=2592000000", "log.retention=604800000");
        assertThat(entry(topic, "retention.bytes").getValue()).isEqualTo("-1");
        configs()
                .alterConfigs(
                        AlterConfigsRequest.newBuilder()
                                .setResource(topic)
                                .addChanges(ConfigChange.newBuilder().setName("segment.bytes"))
                                .build());
        assertThat(entry(topic, "segment.bytes").getValue()).isEqualTo("4194304");
        assertThat(entry(topic, "segment.bytes").getSource())
                .isEqualTo(ConfigSource.CONFIG_SOURCE_NODE);
    }

    private ConfigEntry entry(ConfigResource resource, String name) {
        List<ConfigEntry> entries =
                configs()
                        .describeConfigs(
                                DescribeConfigsRequest.newBuilder()
                                        .setResource(resource)
                                        .addNames(name)
                                        .build())
                        .getEntriesList();
        assertThat(entries).hasSize(1);
        return entries.get(0);
    }

    @Test
    void nodeTellsItsSettingsAndDoesNotChangeThem() {
        ConfigResource broker = resource(ConfigResourceType.CONFIG_RESOURCE_TYPE_BROKER, "0");
        ConfigEntry bytes = entry(broker, "log.segment.bytes");
        assertThat(bytes.getValue()).isEqualTo("4MiB");
        assertThat(bytes.getReadOnly()).isTrue();
        assertThat(refused(() -> change(broker, "log.segment.bytes")))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(refused(() -> change(broker, "log.segment.byte")))
                .isEqualTo(ErrorCode.UNKNOWN_CONFIG);
        assertThat(
                        refused(
                                () ->
                                        entry(
                                                resource(
                                                        ConfigResourceType
                                                                .CONFIG_RESOURCE_TYPE_BROKER,
                                                        "9"),
                                                "x")))
                .isEqualTo(ErrorCode.BROKER_NOT_FOUND);
        assertThat(refused(() -> entry(ConfigResource.getDefaultInstance(), "x")))
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(
                        refused(
                                () ->
                                        entry(
                                                resource(
                                                        ConfigResourceType
                                                                .CONFIG_RESOURCE_TYPE_TOPIC,
                                                        "none"),
                                                "x")))
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    private void change(ConfigResource resource, String name) {
        AlterConfigsResponse unused =
                configs()
                        .alterConfigs(
                                AlterConfigsRequest.newBuilder()
                                        .setResource(resource)
                                        .addChanges(
                                                ConfigChange.newBuilder()
                                                        .setName(name)
                                                        .setValue("1"))
                                        .build());
    }

    @Test
    void electionSaysWhatItCameToForEachPartition() {
        create("elects");
        ElectLeadersResponse answer =
                partitions()
                        .electLeaders(
                                ElectLeadersRequest.newBuilder()
                                        .setType(ElectionType.ELECTION_TYPE_UNCLEAN)
                                        .addPartitions(ref("elects", 0))
                                        .addPartitions(ref("elects", 9))
                                        .build());
        assertThat(answer.getResults(0).getElected()).isFalse();
        assertThat(answer.getResults(0).hasError()).isFalse();
        assertThat(answer.getResults(0).getLeaderId()).isZero();
        assertThat(answer.getResults(1).getError().getReason()).isEqualTo("PARTITION_NOT_FOUND");
        assertThat(
                        refused(
                                () ->
                                        partitions()
                                                .electLeaders(
                                                        ElectLeadersRequest.getDefaultInstance())))
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void replicasGoWhereThereAreBrokers() {
        create("stays");
        ReplicaReassignment there =
                ReplicaReassignment.newBuilder()
                        .setPartition(ref("stays", 0))
                        .addReplicaIds(0)
                        .build();
        assertThat(reassign(there)).isZero();
        assertThat(refused(() -> reassign(there.toBuilder().addReplicaIds(7).build())))
                .isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(
                        refused(
                                () ->
                                        reassign(
                                                there.toBuilder()
                                                        .clearReplicaIds()
                                                        .setCancel(true)
                                                        .build())))
                .isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
        assertThat(refused(() -> reassign(there.toBuilder().setCancel(true).build())))
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(
                        partitions()
                                .listReassignments(ListReassignmentsRequest.getDefaultInstance())
                                .getReassignmentsList())
                .isEmpty();
        assertThat(
                        partitions()
                                .planReassignments(
                                        PlanReassignmentsRequest.newBuilder()
                                                .setSpread(true)
                                                .build())
                                .getReassignmentsList())
                .isEmpty();
        assertThat(refused(() -> planned(2))).isEqualTo(ErrorCode.INSUFFICIENT_BROKERS);
        assertThat(refused(() -> planned(-1))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(planned(1)).isZero();
        assertThat(
                        refused(
                                () ->
                                        partitions()
                                                .planReassignments(
                                                        PlanReassignmentsRequest.newBuilder()
                                                                .addExcludedBrokerIds(0)
                                                                .build())))
                .isEqualTo(ErrorCode.INSUFFICIENT_BROKERS);
    }

    private int planned(int replicationFactor) {
        return partitions()
                .planReassignments(
                        PlanReassignmentsRequest.newBuilder()
                                .addTopics("stays")
                                .setReplicationFactor(replicationFactor)
                                .build())
                .getReassignmentsCount();
    }

    private int reassign(ReplicaReassignment reassignment) {
        return partitions()
                .alterReplicaAssignments(
                        AlterReplicaAssignmentsRequest.newBuilder()
                                .addReassignments(reassignment)
                                .build())
                .getChangedCount();
    }

    @Test
    void brokerIsDrainedAndResumedAndNotForgottenWhileItIsUp() {
        create("led");
        DrainBrokerResponse drained =
                cluster().drainBroker(DrainBrokerRequest.getDefaultInstance());
        assertThat(drained.getRemainingLeaderCount()).isGreaterThanOrEqualTo(2);
        assertThat(state()).isEqualTo(BrokerState.BROKER_STATE_DRAINING);
        cluster().resumeBroker(ResumeBrokerRequest.getDefaultInstance());
        assertThat(state()).isEqualTo(BrokerState.BROKER_STATE_UP);
        assertThat(
                        refused(
                                () ->
                                        cluster()
                                                .unregisterBroker(
                                                        UnregisterBrokerRequest
                                                                .getDefaultInstance())))
                .isEqualTo(ErrorCode.BROKER_IN_USE);
        assertThat(
                        refused(
                                () ->
                                        cluster()
                                                .drainBroker(
                                                        DrainBrokerRequest.newBuilder()
                                                                .setBrokerId(9)
                                                                .build())))
                .isEqualTo(ErrorCode.BROKER_NOT_FOUND);
    }

    private BrokerState state() {
        return cluster()
                .getMetadata(GetMetadataRequest.getDefaultInstance())
                .getCluster()
                .getBrokers(0)
                .getState();
    }
}
