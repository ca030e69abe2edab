package io.kq.broker.rpc.node;

import io.grpc.stub.StreamObserver;
import io.kq.broker.quorum.QuorumMember;
import io.kq.broker.rpc.Answers;
import io.kq.internal.v1.LeaveQuorumRequest;
import io.kq.internal.v1.LeaveQuorumResponse;
import io.kq.internal.v1.PrepareVoterRequest;
import io.kq.internal.v1.PrepareVoterResponse;
import io.kq.internal.v1.VoterServiceGrpc.VoterServiceImplBase;

/** The controller's words to a node whose vote changes. */
public final class VoterService extends VoterServiceImplBase {

    private final QuorumMember member;

    /** Answers for {@code member}. */
    public VoterService(QuorumMember member) {
        this.member = member;
    }

    @Override
    public void prepareVoter(
            PrepareVoterRequest request, StreamObserver<PrepareVoterResponse> observer) {
        Answers.unary(
                observer,
                () -> member.prepare(request.getClusterId(), request.getTerm()),
                voter ->
                        PrepareVoterResponse.newBuilder()
                                .setVoter(VoterCodec.raftToProto(voter))
                                .build());
    }

    @Override
    public void leaveQuorum(
            LeaveQuorumRequest request, StreamObserver<LeaveQuorumResponse> observer) {
        Answers.unary(
                observer,
                () ->
                        member.leave(
                                request.getClusterId(),
                                request.getTerm(),
                                VoterCodec.fromProto(request.getVotersList()),
                                request.getVotersVersion()),
                left -> LeaveQuorumResponse.newBuilder().setLeft(left).build());
    }
}
