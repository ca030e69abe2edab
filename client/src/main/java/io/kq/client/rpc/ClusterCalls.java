package io.kq.client.rpc;

import io.kq.client.batch.ProducerIdentity;
import io.kq.client.batch.ProducerIds;
import io.kq.client.metadata.TopicLookup;
import io.kq.client.metadata.TopicView;
import io.kq.runtime.RandomSource;
import io.kq.v1.GetTopicRequest;
import io.kq.v1.InitProducerRequest;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.TopicServiceGrpc;
import java.util.concurrent.CompletableFuture;

/** The few questions that producers and consumers ask besides their streams. Any thread. */
public final class ClusterCalls implements TopicLookup, ProducerIds {

    private final UnaryCalls calls;
    private final RandomSource random;

    public ClusterCalls(UnaryCalls calls, RandomSource random) {
        this.calls = calls;
        this.random = random;
    }

    @Override
    public CompletableFuture<TopicView> find(String topic) {
        GetTopicRequest request = GetTopicRequest.newBuilder().setName(topic).build();
        return calls.call(TopicServiceGrpc.getGetTopicMethod(), request)
                .thenApply(response -> ClusterMapping.topic(response.getTopic()));
    }

    @Override
    public CompletableFuture<ProducerIdentity> next() {
        String requestId = random.nextUuid().toString();
        InitProducerRequest request =
                InitProducerRequest.newBuilder().setRequestId(requestId).build();
        return calls.call(LogServiceGrpc.getInitProducerMethod(), request, requestId)
                .thenApply(
                        response ->
                                new ProducerIdentity(
                                        response.getProducerId(),
                                        (short) response.getProducerEpoch()));
    }
}
