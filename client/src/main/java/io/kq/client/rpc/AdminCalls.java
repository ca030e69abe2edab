package io.kq.client.rpc;

import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.NewTopic;
import io.kq.client.admin.TopicCreated;
import io.kq.client.admin.TopicDescription;
import io.kq.runtime.RandomSource;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.DeleteTopicRequest;
import io.kq.v1.GetHealthRequest;
import io.kq.v1.GetMetadataRequest;
import io.kq.v1.GetMetadataResponse;
import io.kq.v1.GetTopicRequest;
import io.kq.v1.ListBrokersRequest;
import io.kq.v1.ListTopicsRequest;
import io.kq.v1.TopicServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The administrative calls in kq's own values. Any thread; futures complete on the loop. */
public final class AdminCalls {

    private static final int PAGE_SIZE = 1000;

    private final UnaryCalls calls;
    private final RandomSource random;

    public AdminCalls(UnaryCalls calls, RandomSource random) {
        this.calls = calls;
        this.random = random;
    }

    public CompletableFuture<TopicCreated> createTopic(NewTopic topic) {
        String requestId = random.nextUuid().toString();
        CreateTopicRequest request = AdminMapping.toProto(topic, requestId);
        return calls.call(TopicServiceGrpc.getCreateTopicMethod(), request, requestId)
                .thenApply(AdminMapping::created);
    }

    public CompletableFuture<Void> deleteTopic(String name) {
        String requestId = random.nextUuid().toString();
        DeleteTopicRequest request =
                DeleteTopicRequest.newBuilder().setRequestId(requestId).setName(name).build();
        return calls.call(TopicServiceGrpc.getDeleteTopicMethod(), request, requestId)
                .thenApply(response -> null);
    }

    /** All pages. */
    public CompletableFuture<List<TopicDescription>> listTopics() {
        return listTopics(new ArrayList<>(), "");
    }

    private CompletableFuture<List<TopicDescription>> listTopics(
            List<TopicDescription> before, String pageToken) {
        ListTopicsRequest request =
                ListTopicsRequest.newBuilder()
                        .setPageSize(PAGE_SIZE)
                        .setPageToken(pageToken)
                        .build();
        return calls.call(TopicServiceGrpc.getListTopicsMethod(), request)
                .thenCompose(
                        page -> {
                            page.getTopicsList()
                                    .forEach(topic -> before.add(AdminMapping.topic(topic)));
                            return page.getNextPageToken().isEmpty()
                                    ? CompletableFuture.completedFuture(List.copyOf(before))
                                    : listTopics(before, page.getNextPageToken());
                        });
    }

    public CompletableFuture<TopicDescription> describeTopic(String name) {
        GetTopicRequest request = GetTopicRequest.newBuilder().setName(name).build();
        return calls.call(TopicServiceGrpc.getGetTopicMethod(), request)
                .thenApply(response -> AdminMapping.topic(response.getTopic()));
    }

    public CompletableFuture<ClusterDescription> describeCluster() {
        CompletableFuture<GetMetadataResponse> metadata =
                calls.call(
                        ClusterServiceGrpc.getGetMetadataMethod(),
                        GetMetadataRequest.getDefaultInstance());
        return metadata.thenCompose(
                cluster ->
                        calls.call(
                                        ClusterServiceGrpc.getListBrokersMethod(),
                                        ListBrokersRequest.getDefaultInstance())
                                .thenApply(brokers -> AdminMapping.cluster(cluster, brokers)));
    }

    public CompletableFuture<ClusterDescription.Health> health() {
        return calls.call(
                        ClusterServiceGrpc.getGetHealthMethod(),
                        GetHealthRequest.getDefaultInstance())
                .thenApply(AdminMapping::health);
    }
}
