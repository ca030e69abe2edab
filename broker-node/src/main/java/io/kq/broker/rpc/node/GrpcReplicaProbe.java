package io.kq.broker.rpc.node;

import io.grpc.ManagedChannel;
import io.kq.broker.config.HostPort;
import io.kq.broker.rpc.EventLoops;
import io.kq.broker.rpc.UnaryCall;
import io.kq.internal.v1.DescribeReplicasRequest;
import io.kq.internal.v1.DescribeReplicasResponse;
import io.kq.internal.v1.ReplicaEnd;
import io.kq.internal.v1.ReplicaId;
import io.kq.internal.v1.StorageServiceGrpc;
import io.kq.metadata.controller.ReplicaProbe;
import io.kq.metadata.image.BrokerImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks brokers for the ends of their logs, on a connection of its own each time: it is rare. */
public final class GrpcReplicaProbe implements ReplicaProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final EventLoops loops;

    public GrpcReplicaProbe(EventLoops loops) {
        this.loops = loops;
    }

    @Override
    public CompletableFuture<List<Optional<End>>> describe(
            BrokerImage broker, List<TopicIdPartition> replicas) {
        return broker.endpoint(BrokerImage.NODE_LISTENER)
                .map(endpoint -> new HostPort(endpoint.host(), endpoint.port()))
                .map(address -> ask(address, request(broker, replicas)))
                .orElseGet(
                        () ->
                                CompletableFuture.failedFuture(
                                        new RejectedException(
                                                ErrorCode.UNREACHABLE,
                                                "no address of node " + broker.id())));
    }

    private CompletableFuture<List<Optional<End>>> ask(
            HostPort address, DescribeReplicasRequest request) {
        ManagedChannel channel = loops.channel(address).build();
        return UnaryCall.ask(
                        channel, StorageServiceGrpc.getDescribeReplicasMethod(), request, TIMEOUT)
                .whenComplete((answer, failure) -> channel.shutdownNow())
                .thenApply(GrpcReplicaProbe::ends);
    }

    private static DescribeReplicasRequest request(
            BrokerImage broker, List<TopicIdPartition> replicas) {
        DescribeReplicasRequest.Builder request =
                DescribeReplicasRequest.newBuilder().setBrokerEpoch(broker.brokerEpoch());
        for (TopicIdPartition replica : replicas) {
            request.addReplicas(
                    ReplicaId.newBuilder()
                            .setTopicId(UuidBytes.of(replica.topicId()))
                            .setPartition(replica.partition()));
        }
        return request.build();
    }

    private static List<Optional<End>> ends(DescribeReplicasResponse response) {
        List<Optional<End>> ends = new ArrayList<>(response.getEndsCount());
        for (ReplicaEnd end : response.getEndsList()) {
            ends.add(
                    end.getKnown()
                            ? Optional.of(new End(end.getLastEpoch(), end.getEndOffset()))
                            : Optional.empty());
        }
        return ends;
    }
}
