package io.kq.broker.rpc.node;

import io.grpc.stub.StreamObserver;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.DiskUse;
import io.kq.broker.rpc.DiskUseCodec;
import io.kq.internal.v1.DescribeReplicasRequest;
import io.kq.internal.v1.DescribeReplicasResponse;
import io.kq.internal.v1.DescribeStorageRequest;
import io.kq.internal.v1.DescribeStorageResponse;
import io.kq.internal.v1.ReplicaEnd;
import io.kq.internal.v1.ReplicaId;
import io.kq.internal.v1.StorageServiceGrpc.StorageServiceImplBase;
import io.kq.log.PartitionLog;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.util.function.LongSupplier;

/** What is on this node's disks. */
public final class StorageService extends StorageServiceImplBase {

    private final DiskUse disks;
    private final PartitionRegistry partitions;
    private final LongSupplier brokerEpoch;

    /** Answers for the incarnation that is registered with {@code brokerEpoch}. */
    public StorageService(DiskUse disks, PartitionRegistry partitions, LongSupplier brokerEpoch) {
        this.disks = disks;
        this.partitions = partitions;
        this.brokerEpoch = brokerEpoch;
    }

    @Override
    public void describeStorage(
            DescribeStorageRequest request, StreamObserver<DescribeStorageResponse> observer) {
        Answers.one(observer, DiskUseCodec.toProto(disks.directories()));
    }

    /**
     * Where logs end: for an election among replicas that may all have lost something, so only the
     * incarnation that is asked for may answer.
     */
    @Override
    public void describeReplicas(
            DescribeReplicasRequest request, StreamObserver<DescribeReplicasResponse> observer) {
        if (request.getBrokerEpoch() != brokerEpoch.getAsLong()) {
            throw new RejectedException(
                    ErrorCode.FENCED_BROKER_EPOCH,
                    "this node is registered with broker epoch " + brokerEpoch.getAsLong());
        }
        DescribeReplicasResponse.Builder response = DescribeReplicasResponse.newBuilder();
        for (ReplicaId replica : request.getReplicasList()) {
            TopicIdPartition id =
                    new TopicIdPartition(
                            UuidBytes.parse(replica.getTopicId(), "topic_id"),
                            replica.getPartition());
            response.addEnds(
                    partitions
                            .logOf(id)
                            .filter(log -> log.damage().isEmpty())
                            .map(StorageService::endOf)
                            .orElse(ReplicaEnd.getDefaultInstance()));
        }
        Answers.one(observer, response.build());
    }

    private static ReplicaEnd endOf(PartitionLog log) {
        return ReplicaEnd.newBuilder()
                .setKnown(true)
                .setLastEpoch(log.lastLeaderEpoch())
                .setEndOffset(log.logEndOffset())
                .setLogStartOffset(log.logStartOffset())
                .build();
    }
}
