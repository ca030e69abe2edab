package io.kq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.kq.broker.config.StartRefusedException;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.BrokerDetail;
import io.kq.v1.BrokerState;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.ClusterServiceGrpc.ClusterServiceBlockingStub;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.CreateTopicResponse;
import io.kq.v1.DeleteTopicRequest;
import io.kq.v1.GetHealthRequest;
import io.kq.v1.GetMetadataRequest;
import io.kq.v1.GetMetadataResponse;
import io.kq.v1.GetTopicRequest;
import io.kq.v1.ListBrokersRequest;
import io.kq.v1.ListTopicsRequest;
import io.kq.v1.ListTopicsResponse;
import io.kq.v1.Topic;
import io.kq.v1.TopicServiceGrpc;
import io.kq.v1.TopicServiceGrpc.TopicServiceBlockingStub;
import io.kq.v1.WatchMetadataRequest;
import io.kq.v1.WatchMetadataResponse;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** One node, whole: what a client sees of its topics and of the cluster. */
@TestInstance(Lifecycle.PER_CLASS)
class NodeIT {

    private Path directory;
    private InJvmNode node;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        node = InJvmNode.start(directory.resolve("shared"));
    }

    @AfterAll
    void stop() {
        node.close();
        assertThat(node.faults()).isEmpty();
    }

    private TopicServiceBlockingStub topics() {
        return topicsOf(node);
    }

    private static TopicServiceBlockingStub topicsOf(InJvmNode node) {
        return TopicServiceGrpc.newBlockingStub(node.channel())
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private ClusterServiceBlockingStub cluster() {
        return ClusterServiceGrpc.newBlockingStub(node.channel())
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static CreateTopicRequest create(String name, int partitions) {
        return CreateTopicRequest.newBuilder().setName(name).setPartitionCount(partitions).build();
    }

    private interface Call {
        void run();
    }

    private static RejectedException rejection(Call call) {
        return RejectionCodec.fromThrowable(
                catchThrowableOfType(io.grpc.StatusRuntimeException.class, call::run));
    }

    @Test
    void createdTopicHasLeadersAndIsSeenAtOnce() {
        CreateTopicResponse created = topics().createTopic(create("orders", 3));
        assertThat(created.getCreated()).isTrue();
        assertThat(created.getWarningsList()).isEmpty();
        Topic topic =
                topics().getTopic(GetTopicRequest.newBuilder().setName("orders").build())
                        .getTopic();
        assertThat(topic).isEqualTo(created.getTopic());
        assertThat(topic.getTopicId().size()).isEqualTo(16);
        assertThat(topic.getPartitionsList())
                .hasSize(3)
                .allSatisfy(
                        partition -> {
                            assertThat(partition.getLeaderId()).isZero();
                            assertThat(partition.getIsrIdsList()).containsExactly(0);
                            assertThat(partition.getOfflineIdsList()).isEmpty();
                        });
    }

    @Test
    void repeatedRequestIdGetsTheSameAnswer() {
        CreateTopicRequest request =
                create("once", 1).toBuilder().setRequestId(UUID.randomUUID().toString()).build();
        CreateTopicResponse first = topics().createTopic(request);
        assertThat(topics().createTopic(request)).isEqualTo(first);
        assertThat(rejection(() -> topics().createTopic(create("once", 1))).code())
                .isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void requestIdThatIsNoUuidIsRefused() {
        CreateTopicRequest request =
                create("bad-id", 1).toBuilder().setRequestId("1-1-1-1-1").build();
        assertThat(rejection(() -> topics().createTopic(request)).code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void existingTopicIsAnAnswerIfAskedFor() {
        CreateTopicRequest request = create("maybe", 2).toBuilder().setIfNotExists(true).build();
        assertThat(topics().createTopic(request).getCreated()).isTrue();
        CreateTopicResponse again = topics().createTopic(request);
        assertThat(again.getCreated()).isFalse();
        assertThat(again.getTopic().getPartitionsCount()).isEqualTo(2);
    }

    @Test
    void validatedTopicIsNotCreated() {
        CreateTopicResponse validated =
                topics().createTopic(
                                create("only_checked", 2).toBuilder()
                                        .setValidateOnly(true)
                                        .build());
        assertThat(validated.getCreated()).isFalse();
        assertThat(validated.getTopic().getPartitionsCount()).isEqualTo(2);
        assertThat(validated.getWarnings(0)).contains("could collide");
        assertThat(
                        rejection(
                                        () ->
                                                topics().getTopic(
                                                                GetTopicRequest.newBuilder()
                                                                        .setName("only_checked")
                                                                        .build()))
                                .code())
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void misspeltTopicComesWithWhatWasMeant() {
        topics().createTopic(create("first-topic", 1));
        RejectedException refusal =
                rejection(
                        () ->
                                topics().getTopic(
                                                GetTopicRequest.newBuilder()
                                                        .setName("frist-topic")
                                                        .build()));
        assertThat(refusal.metadata()).containsEntry("suggestion", "first-topic");
        assertThat(refusal.definite()).isTrue();
    }

    @Test
    void tooManyReplicasAreRefused() {
        CreateTopicRequest request = create("three", 1).toBuilder().setReplicationFactor(3).build();
        assertThat(rejection(() -> topics().createTopic(request)).code())
                .isEqualTo(ErrorCode.INSUFFICIENT_BROKERS);
    }

    @Test
    void deletedTopicIsGoneAndAnotherMayTakeItsName() {
        Topic old = topics().createTopic(create("short-lived", 1)).getTopic();
        DeleteTopicRequest delete =
                DeleteTopicRequest.newBuilder()
                        .setName("short-lived")
                        .setRequestId(UUID.randomUUID().toString())
                        .build();
        assertThat(topics().deleteTopic(delete).getTopicId()).isEqualTo(old.getTopicId());
        assertThat(topics().deleteTopic(delete).getTopicId()).isEqualTo(old.getTopicId());
        Topic made = topics().createTopic(create("short-lived", 1)).getTopic();
        assertThat(made.getTopicId()).isNotEqualTo(old.getTopicId());
        assertThat(topics().deleteTopic(delete).getTopicId())
                .as("the old request does not touch the new topic")
                .isEqualTo(old.getTopicId());
        Topic kept =
                topics().getTopic(GetTopicRequest.newBuilder().setName("short-lived").build())
                        .getTopic();
        assertThat(kept.getTopicId()).isEqualTo(made.getTopicId());
    }

    @Test
    void listComesInPagesSortedByName() {
        for (String name : List.of("page-c", "page-a", "page-b")) {
            topics().createTopic(create(name, 1));
        }
        ListTopicsRequest request =
                ListTopicsRequest.newBuilder()
                        .addAllNames(List.of("page-c", "page-a", "page-b", "page-none"))
                        .setPageSize(2)
                        .build();
        ListTopicsResponse first = topics().listTopics(request);
        assertThat(first.getTopicsList())
                .extracting(Topic::getName)
                .containsExactly("page-a", "page-b");
        ListTopicsResponse second =
                topics().listTopics(
                                request.toBuilder().setPageToken(first.getNextPageToken()).build());
        assertThat(second.getTopicsList()).extracting(Topic::getName).containsExactly("page-c");
        assertThat(second.getNextPageToken()).isEmpty();
        assertThat(topics().listTopics(ListTopicsRequest.getDefaultInstance()).getTopicsList())
                .extracting(Topic::getName)
                .contains("page-a", "page-b", "page-c")
                .isSorted();
        assertThat(
                        rejection(
                                        () ->
                                                topics().listTopics(
                                                                request.toBuilder()
                                                                        .setPageToken("???")
                                                                        .build()))
                                .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void metadataShowsTheClusterAndTheTopicsAskedFor() {
        topics().createTopic(create("seen", 1));
        GetMetadataResponse answer =
                cluster()
                        .getMetadata(
                                GetMetadataRequest.newBuilder()
                                        .addTopics("seen")
                                        .addTopics("unseen")
                                        .build());
        assertThat(answer.getCluster().getClusterId()).isEqualTo(node.node().clusterId());
        assertThat(answer.getCluster().getTopicsList())
                .extracting(Topic::getName)
                .containsExactly("seen");
        assertThat(answer.getCluster().getBrokers(0).getState())
                .isEqualTo(BrokerState.BROKER_STATE_UP);
        assertThat(answer.getCluster().getBrokers(0).getEndpoints(0).getPort())
                .isEqualTo(node.node().addresses().client().port());
        assertThat(answer.getCluster().getQuorum().getLeaderId()).isZero();
        assertThat(answer.getVersion()).isPositive();
    }

    @Test
    void watcherIsToldOfWhatItAskedFor() {
        Iterator<WatchMetadataResponse> watch =
                cluster()
                        .watchMetadata(
                                WatchMetadataRequest.newBuilder().addTopics("watched").build());
        assertThat(watch.next().getSnapshot().getTopicsList()).isEmpty();
        topics().createTopic(create("not-watched", 1));
        Topic made = topics().createTopic(create("watched", 1)).getTopic();
        assertThat(nextChange(watch).getChange().getTopicsList()).containsExactly(made);
        topics().deleteTopic(DeleteTopicRequest.newBuilder().setName("watched").build());
        assertThat(nextChange(watch).getChange().getRemovedTopicIdsList())
                .containsExactly(made.getTopicId());
    }

    private static WatchMetadataResponse nextChange(Iterator<WatchMetadataResponse> watch) {
        WatchMetadataResponse next = watch.next();
        while (next.hasHeartbeat()) {
            next = watch.next();
        }
        return next;
    }

    @Test
    void brokersTellHowFullTheirDisksAre() {
        BrokerDetail detail =
                cluster().listBrokers(ListBrokersRequest.getDefaultInstance()).getBrokers(0);
        assertThat(detail.getDiskUsedBytes()).isNotNegative();
        assertThat(detail.getDiskFreeBytes()).isPositive();
        assertThat(detail.getLeaderCount()).isEqualTo(detail.getReplicaCount());
    }

    @Test
    void loneNodeIsHealthy() {
        assertThat(cluster().getHealth(GetHealthRequest.getDefaultInstance()).getHealthy())
                .isTrue();
        for (String service : List.of("", "kq.v1.LogService", "kq.metadata")) {
            assertThat(
                            HealthGrpc.newBlockingStub(node.channel())
                                    .check(
                                            HealthCheckRequest.newBuilder()
                                                    .setService(service)
                                                    .build())
                                    .getStatus())
                    .as(service)
                    .isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void restartKeepsTopicsAndCluster() {
        Path own = directory.resolve("restarted");
        String clusterId;
        Topic made;
        try (InJvmNode first = InJvmNode.start(own)) {
            clusterId = first.node().clusterId();
            made = topicsOf(first).createTopic(create("lasting", 4)).getTopic();
        }
        try (InJvmNode second = InJvmNode.start(own)) {
            assertThat(second.node().clusterId()).isEqualTo(clusterId);
            Topic kept =
                    topicsOf(second)
                            .getTopic(GetTopicRequest.newBuilder().setName("lasting").build())
                            .getTopic();
            assertThat(kept.getTopicId()).isEqualTo(made.getTopicId());
            assertThat(kept.getPartitionsList())
                    .allSatisfy(partition -> assertThat(partition.getLeaderId()).isZero());
        }
    }

    @Test
    void diskOfAnotherNodeIsRefused() {
        Path own = directory.resolve("foreign");
        InJvmNode.start(own).close();
        StartRefusedException refusal =
                catchThrowableOfType(
                        StartRefusedException.class, () -> InJvmNode.start(own, "node.id=5"));
        assertThat(refusal.reason()).isEqualTo("NODE_MISMATCH");
    }

    @Test
    void directoryInUseIsRefused() {
        StartRefusedException refusal =
                catchThrowableOfType(
                        StartRefusedException.class,
                        () -> InJvmNode.start(directory.resolve("shared")));
        assertThat(refusal.reason()).isEqualTo("DATA_DIRECTORY_IN_USE");
    }

    @Test
    void takenPortIsRefusedByName() {
        int taken = node.node().addresses().client().port();
        StartRefusedException refusal =
                catchThrowableOfType(
                        StartRefusedException.class,
                        () ->
                                InJvmNode.start(
                                        directory.resolve("late"), "listeners=127.0.0.1:" + taken));
        assertThat(refusal.forPeople())
                .startsWith("error: port " + taken + " on 127.0.0.1 is taken")
                .contains("[ADDRESS_IN_USE]\n  next: ");
    }
}
