package io.kq.client.fake;

import io.grpc.stub.StreamObserver;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.CreateTopicResponse;
import io.kq.v1.GetMetadataRequest;
import io.kq.v1.GetMetadataResponse;
import io.kq.v1.GetTopicRequest;
import io.kq.v1.GetTopicResponse;
import io.kq.v1.ListTopicsRequest;
import io.kq.v1.ListTopicsResponse;
import io.kq.v1.TopicServiceGrpc;
import io.kq.v1.WatchMetadataRequest;
import io.kq.v1.WatchMetadataResponse;
import java.util.List;

/** The administrative services of a node, as far as the tests of the client need them. */
final class FakeAdmin {

    private final FakeCluster cluster;
    private final int nodeId;

    FakeAdmin(FakeCluster cluster, int nodeId) {
        this.cluster = cluster;
        this.nodeId = nodeId;
    }

    ClusterServiceGrpc.ClusterServiceImplBase clusterService() {
        return new ClusterServiceGrpc.ClusterServiceImplBase() {
            @Override
            public void watchMetadata(
                    WatchMetadataRequest request, StreamObserver<WatchMetadataResponse> answers) {
                cluster.watch(answers);
            }

            @Override
            public void getMetadata(
                    GetMetadataRequest request, StreamObserver<GetMetadataResponse> answers) {
                answers.onNext(
                        GetMetadataResponse.newBuilder()
                                .setCluster(cluster.image())
                                .setNodeId(nodeId)
                                .setVersion(cluster.version())
                                .build());
                answers.onCompleted();
            }
        };
    }

    TopicServiceGrpc.TopicServiceImplBase topicService() {
        return new TopicServiceGrpc.TopicServiceImplBase() {
            @Override
            public void getTopic(
                    GetTopicRequest request, StreamObserver<GetTopicResponse> answers) {
                if (cluster.topic(request.getName()) == null) {
                    answers.onError(RejectionCodec.toStatus(notFound(request.getName())));
                    return;
                }
                answers.onNext(
                        GetTopicResponse.newBuilder()
                                .setTopic(cluster.describe(request.getName()))
                                .build());
                answers.onCompleted();
            }

            @Override
            public void listTopics(
                    ListTopicsRequest request, StreamObserver<ListTopicsResponse> answers) {
                if (cluster.node(nodeId).isMute()) {
                    return;
                }
                List<String> names = cluster.topicNames();
                int from =
                        request.getPageToken().isEmpty()
                                ? 0
                                : Integer.parseInt(request.getPageToken());
                int to = Math.min(names.size(), from + 2);
                ListTopicsResponse.Builder page = ListTopicsResponse.newBuilder();
                names.subList(from, to).forEach(name -> page.addTopics(cluster.describe(name)));
                page.setNextPageToken(to < names.size() ? Integer.toString(to) : "");
                answers.onNext(page.build());
                answers.onCompleted();
            }

            @Override
            public void createTopic(
                    CreateTopicRequest request, StreamObserver<CreateTopicResponse> answers) {
                String refusal = cluster.node(nodeId).refuseMutationOnce(request.getRequestId());
                if (!refusal.isEmpty()) {
                    RejectedException why =
                            new RejectedException(ErrorCode.valueOf(refusal), "not now");
                    answers.onError(RejectionCodec.toStatus(why.indefinite()));
                    return;
                }
                cluster.createTopic(request.getName(), request.getPartitionCount());
                answers.onNext(
                        CreateTopicResponse.newBuilder()
                                .setTopic(cluster.describe(request.getName()))
                                .setCreated(true)
                                .build());
                answers.onCompleted();
            }
        };
    }

    private RejectedException notFound(String name) {
        RejectedException why =
                new RejectedException(
                        ErrorCode.TOPIC_NOT_FOUND, "Topic '" + name + "' does not exist.");
        return Suggestion.nearest(name, cluster.topicNames())
                .map(near -> why.with("suggestion", near))
                .orElse(why);
    }
}
