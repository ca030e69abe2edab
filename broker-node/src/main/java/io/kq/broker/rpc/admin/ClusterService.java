package io.kq.broker.rpc.admin;

import static io.kq.broker.rpc.admin.Mutations.fromVersion;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.admin.Mutations.Mutation;
import io.kq.internal.v1.DescribeStorageResponse;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.decision.MetadataOperation.DrainBroker;
import io.kq.metadata.decision.MetadataOperation.ResumeBroker;
import io.kq.metadata.decision.MetadataOperation.UnregisterBroker;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.v1.AddVoterRequest;
import io.kq.v1.AddVoterResponse;
import io.kq.v1.BrokerDetail;
import io.kq.v1.ClusterImage;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.ClusterServiceGrpc.ClusterServiceImplBase;
import io.kq.v1.DescribeQuorumRequest;
import io.kq.v1.DescribeQuorumResponse;
import io.kq.v1.DrainBrokerRequest;
import io.kq.v1.DrainBrokerResponse;
import io.kq.v1.GetHealthRequest;
import io.kq.v1.GetHealthResponse;
import io.kq.v1.GetMetadataRequest;
import io.kq.v1.GetMetadataResponse;
import io.kq.v1.ListBrokersRequest;
import io.kq.v1.ListBrokersResponse;
import io.kq.v1.RemoveVoterRequest;
import io.kq.v1.RemoveVoterResponse;
import io.kq.v1.ReplaceVoterRequest;
import io.kq.v1.ReplaceVoterResponse;
import io.kq.v1.ResumeBrokerRequest;
import io.kq.v1.ResumeBrokerResponse;
import io.kq.v1.UnregisterBrokerRequest;
import io.kq.v1.UnregisterBrokerResponse;
import io.kq.v1.WatchMetadataRequest;
import io.kq.v1.WatchMetadataResponse;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The cluster as this node's image shows it. */
public final class ClusterService extends ClusterServiceImplBase {

    private final int nodeId;
    private final MetadataSource metadata;
    private final QuorumView quorum;
    private final MetadataWatch watch;
    private final DiskSurvey disks;
    private final Mutations mutations;
    private final VoterCalls voters;

    /** Answers for node {@code nodeId}. */
    public ClusterService(
            int nodeId,
            MetadataSource metadata,
            QuorumView quorum,
            MetadataWatch watch,
            DiskSurvey disks,
            Mutations mutations,
            VoterCalls voters) {
        this.nodeId = nodeId;
        this.metadata = metadata;
        this.quorum = quorum;
        this.watch = watch;
        this.disks = disks;
        this.mutations = mutations;
        this.voters = voters;
    }

    @Override
    public void getMetadata(
            GetMetadataRequest request, StreamObserver<GetMetadataResponse> observer) {
        MetadataImage image = metadata.image();
        ClusterImage.Builder cluster =
                ClusterImage.newBuilder()
                        .setClusterId(image.cluster().id())
                        .setQuorum(quorum.now());
        image.allBrokers().forEach(broker -> cluster.addBrokers(ImageCodec.broker(broker)));
        if (request.getTopicsCount() > 0) {
            request.getTopicsList().stream()
                    .distinct()
                    .sorted()
                    .map(image::topic)
                    .flatMap(Optional::stream)
                    .forEach(topic -> cluster.addTopics(ImageCodec.topic(topic, image)));
        } else if (!request.getExcludeTopics()) {
            for (TopicImage topic : image.topics().values()) {
                cluster.addTopics(ImageCodec.topic(topic, image));
            }
        }
        Answers.one(
                observer,
                GetMetadataResponse.newBuilder()
                        .setCluster(cluster)
                        .setVersion(image.index())
                        .setNodeId(nodeId)
                        .build());
    }

    @Override
    public void watchMetadata(
            WatchMetadataRequest request, StreamObserver<WatchMetadataResponse> observer) {
        watch.add(
                (ServerCallStreamObserver<WatchMetadataResponse>) observer,
                request.getTopicsList());
    }

    @Override
    public void listBrokers(
            ListBrokersRequest request, StreamObserver<ListBrokersResponse> observer) {
        MetadataImage image = metadata.image();
        Answers.unary(
                observer,
                () -> disks.ask(image.brokers().keySet()),
                answers -> {
                    ListBrokersResponse.Builder answer = ListBrokersResponse.newBuilder();
                    details(image, answers).values().forEach(answer::addBrokers);
                    return answer.build();
                });
    }

    @Override
    public void getHealth(GetHealthRequest request, StreamObserver<GetHealthResponse> observer) {
        MetadataImage image = metadata.image();
        int controllerId = metadata.controller().nodeId();
        Answers.unary(
                observer,
                () -> disks.ask(image.brokers().keySet()),
                answers -> HealthReport.of(image, controllerId, quorum.downVoters(), answers));
    }

    @Override
    public void drainBroker(
            DrainBrokerRequest request, StreamObserver<DrainBrokerResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new DrainBroker(request.getBrokerId()),
                        (left, image) ->
                                DrainBrokerResponse.newBuilder()
                                        .setRemainingLeaderCount(left)
                                        .setVersion(image.index())
                                        .build(),
                        ClusterServiceGrpc.getDrainBrokerMethod(),
                        fromVersion(DrainBrokerResponse::getVersion)));
    }

    @Override
    public void resumeBroker(
            ResumeBrokerRequest request, StreamObserver<ResumeBrokerResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new ResumeBroker(request.getBrokerId()),
                        (broker, image) ->
                                ResumeBrokerResponse.newBuilder().setVersion(image.index()).build(),
                        ClusterServiceGrpc.getResumeBrokerMethod(),
                        fromVersion(ResumeBrokerResponse::getVersion)));
    }

    @Override
    public void unregisterBroker(
            UnregisterBrokerRequest request, StreamObserver<UnregisterBrokerResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new UnregisterBroker(request.getBrokerId()),
                        (broker, image) ->
                                UnregisterBrokerResponse.newBuilder()
                                        .setVersion(image.index())
                                        .build(),
                        ClusterServiceGrpc.getUnregisterBrokerMethod(),
                        fromVersion(UnregisterBrokerResponse::getVersion)));
    }

    @Override
    public void describeQuorum(
            DescribeQuorumRequest request, StreamObserver<DescribeQuorumResponse> observer) {
        Answers.unary(observer, () -> voters.describe(request), answer -> answer);
    }

    @Override
    public void addVoter(AddVoterRequest request, StreamObserver<AddVoterResponse> observer) {
        Answers.unary(observer, () -> voters.add(request), answer -> answer);
    }

    @Override
    public void removeVoter(
            RemoveVoterRequest request, StreamObserver<RemoveVoterResponse> observer) {
        Answers.unary(observer, () -> voters.remove(request), answer -> answer);
    }

    @Override
    public void replaceVoter(
            ReplaceVoterRequest request, StreamObserver<ReplaceVoterResponse> observer) {
        Answers.unary(observer, () -> voters.replace(request), answer -> answer);
    }

    private static Map<Integer, BrokerDetail.Builder> details(
            MetadataImage image, Map<Integer, DescribeStorageResponse> disks) {
        Map<Integer, BrokerDetail.Builder> details = new TreeMap<>();
        for (BrokerImage broker : image.allBrokers()) {
            DescribeStorageResponse disk = Objects.requireNonNull(disks.get(broker.id()));
            details.put(
                    broker.id(),
                    BrokerDetail.newBuilder()
                            .setBroker(ImageCodec.broker(broker))
                            .setDiskUsedBytes(disk.getUsedBytes())
                            .setDiskFreeBytes(disk.getFreeBytes())
                            .addAllDirectories(disk.getDirectoriesList()));
        }
        for (TopicImage topic : image.topics().values()) {
            topic.partitions().forEach(partition -> count(partition, details));
        }
        return details;
    }

    private static void count(
            PartitionImage partition, Map<Integer, BrokerDetail.Builder> details) {
        for (int replica : partition.replicas()) {
            BrokerDetail.Builder detail = details.get(replica);
            if (detail != null) {
                detail.setReplicaCount(detail.getReplicaCount() + 1);
                if (partition.misses(replica)) {
                    detail.setUnderReplicatedCount(detail.getUnderReplicatedCount() + 1);
                }
            }
        }
        BrokerDetail.Builder leader = details.get(partition.leader());
        if (leader != null) {
            leader.setLeaderCount(leader.getLeaderCount() + 1);
        }
    }
}
