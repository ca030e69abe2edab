package io.kq.broker.rpc.node;

import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.DiskUse;
import io.kq.broker.rpc.DiskUseCodec;
import io.kq.internal.v1.DescribeStorageRequest;
import io.kq.internal.v1.DescribeStorageResponse;
import io.kq.internal.v1.StorageServiceGrpc.StorageServiceImplBase;

/** Tells how full this node's disks are. */
public final class StorageService extends StorageServiceImplBase {

    private final DiskUse disk;

    public StorageService(DiskUse disk) {
        this.disk = disk;
    }

    @Override
    public void describeStorage(
            DescribeStorageRequest request, StreamObserver<DescribeStorageResponse> observer) {
        Answers.one(observer, DiskUseCodec.toProto(disk.directories()));
    }
}
