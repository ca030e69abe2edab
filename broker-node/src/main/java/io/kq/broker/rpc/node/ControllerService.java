package io.kq.broker.rpc.node;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.Answers;
import io.kq.internal.v1.AllocateProducerIdsRequest;
import io.kq.internal.v1.AllocateProducerIdsResponse;
import io.kq.internal.v1.AlterPartitionsRequest;
import io.kq.internal.v1.AlterPartitionsResponse;
import io.kq.internal.v1.ControllerServiceGrpc.ControllerServiceImplBase;
import io.kq.internal.v1.SessionRequest;
import io.kq.internal.v1.SessionResponse;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.decision.MetadataOperation.AllocateProducerIds;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What brokers ask of the active controller. On every other node all of it fails with
 * NOT_CONTROLLER.
 */
public final class ControllerService extends ControllerServiceImplBase {

    private final Supplier<Optional<MetadataQuorum>> quorum;

    /** Serves {@code quorum}; empty while this node is no voter. */
    public ControllerService(Supplier<Optional<MetadataQuorum>> quorum) {
        this.quorum = quorum;
    }

    @Override
    public StreamObserver<SessionRequest> session(StreamObserver<SessionResponse> observer) {
        return new SessionStream(
                voter().sessions(), (ServerCallStreamObserver<SessionResponse>) observer);
    }

    @Override
    public void allocateProducerIds(
            AllocateProducerIdsRequest request,
            StreamObserver<AllocateProducerIdsResponse> observer) {
        Answers.unary(
                observer,
                () ->
                        voter().submit(
                                        Optional.empty(),
                                        new AllocateProducerIds(
                                                request.getBrokerId(), request.getBrokerEpoch())),
                block ->
                        AllocateProducerIdsResponse.newBuilder()
                                .setFirstId(block.firstId())
                                .setCount(block.count())
                                .build());
    }

    @Override
    public void alterPartitions(
            AlterPartitionsRequest request, StreamObserver<AlterPartitionsResponse> observer) {
        Answers.unary(
                observer,
                () -> voter().submit(Optional.empty(), IsrCodec.fromProto(request)),
                IsrCodec::answersToProto);
    }

    private MetadataQuorum voter() {
        return quorum.get()
                .orElseThrow(
                        () ->
                                new RejectedException(
                                        ErrorCode.NOT_CONTROLLER, "this node is no voter"));
    }
}
