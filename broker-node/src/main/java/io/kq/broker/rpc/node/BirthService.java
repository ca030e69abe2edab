package io.kq.broker.rpc.node;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.kq.broker.birth.Birth;
import io.kq.broker.birth.VoterDirectory.Self;
import io.kq.broker.config.HostPort;
import io.kq.broker.rpc.Answers;
import io.kq.internal.v1.BirthServiceGrpc.BirthServiceImplBase;
import io.kq.internal.v1.FoundRequest;
import io.kq.internal.v1.FoundResponse;
import io.kq.internal.v1.IdentifyRequest;
import io.kq.internal.v1.IdentifyResponse;
import java.util.UUID;

/** Says who this node is, and hears that a cluster was founded. */
public final class BirthService extends BirthServiceImplBase {

    private final Birth birth;
    private final UUID incarnationId;

    /** Answers for {@code birth}; {@code incarnationId} names this process. */
    public BirthService(Birth birth, UUID incarnationId) {
        this.birth = birth;
        this.incarnationId = incarnationId;
    }

    @Override
    public void identify(IdentifyRequest request, StreamObserver<IdentifyResponse> observer) {
        Self self = birth.self();
        Answers.one(
                observer,
                IdentifyResponse.newBuilder()
                        .setNodeId(self.nodeId())
                        .setDirectoryId(
                                self.directoryId().map(UuidBytes::of).orElse(ByteString.EMPTY))
                        .setClusterId(self.clusterId())
                        .addAllVoters(VoterCodec.toProto(self.voters()))
                        .setVotersVersion(self.votersVersion())
                        .setIncarnationId(UuidBytes.of(incarnationId))
                        .setRaftAddress(self.raftAddress().map(HostPort::toString).orElse(""))
                        .build());
    }

    @Override
    public void found(FoundRequest request, StreamObserver<FoundResponse> observer) {
        Answers.unary(
                observer,
                () ->
                        birth.onFounded(
                                request.getClusterId(),
                                VoterCodec.fromProto(request.getVotersList()),
                                request.getFounderId()),
                refusal ->
                        FoundResponse.newBuilder()
                                .setAccepted(refusal.isEmpty())
                                .setRefusal(refusal.orElse(""))
                                .build());
    }
}
