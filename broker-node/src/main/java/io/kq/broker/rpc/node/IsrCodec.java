package io.kq.broker.rpc.node;

import io.kq.internal.v1.AlterPartitionsRequest;
import io.kq.internal.v1.AlterPartitionsResponse;
import io.kq.internal.v1.IsrMember;
import io.kq.internal.v1.PartitionProposal;
import io.kq.internal.v1.PartitionProposalResult;
import io.kq.metadata.decision.IsrProposal;
import io.kq.metadata.decision.IsrProposal.Member;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Proposals of ISRs and their answers, to protobuf and back. */
final class IsrCodec {

    private IsrCodec() {}

    static AlterPartitionsRequest toProto(AlterIsr operation) {
        AlterPartitionsRequest.Builder request =
                AlterPartitionsRequest.newBuilder()
                        .setBrokerId(operation.brokerId())
                        .setBrokerEpoch(operation.brokerEpoch());
        for (IsrProposal proposal : operation.proposals()) {
            PartitionProposal.Builder proto =
                    request.addProposalsBuilder()
                            .setTopicId(UuidBytes.of(proposal.topicId()))
                            .setPartition(proposal.partition())
                            .setLeaderEpoch(proposal.leaderEpoch())
                            .setPartitionEpoch(proposal.partitionEpoch());
            for (Member member : proposal.members()) {
                proto.addMembersBuilder()
                        .setBrokerId(member.brokerId())
                        .setBrokerEpoch(member.brokerEpoch());
            }
        }
        return request.build();
    }

    /**
     * The operation.
     *
     * @throws RejectedException INVALID_ARGUMENT
     */
    static AlterIsr fromProto(AlterPartitionsRequest request) {
        List<IsrProposal> proposals = new ArrayList<>(request.getProposalsCount());
        for (PartitionProposal proto : request.getProposalsList()) {
            List<Member> members = new ArrayList<>(proto.getMembersCount());
            for (IsrMember member : proto.getMembersList()) {
                members.add(new Member(member.getBrokerId(), member.getBrokerEpoch()));
            }
            proposals.add(
                    new IsrProposal(
                            UuidBytes.parse(proto.getTopicId(), "topic_id"),
                            proto.getPartition(),
                            proto.getLeaderEpoch(),
                            proto.getPartitionEpoch(),
                            members));
        }
        return new AlterIsr(request.getBrokerId(), request.getBrokerEpoch(), proposals);
    }

    static AlterPartitionsResponse answersToProto(List<Optional<RejectedException>> answers) {
        AlterPartitionsResponse.Builder response = AlterPartitionsResponse.newBuilder();
        for (Optional<RejectedException> answer : answers) {
            PartitionProposalResult.Builder result = response.addResultsBuilder();
            answer.ifPresent(refusal -> result.setError(RejectionCodec.toProto(refusal)));
        }
        return response.build();
    }

    /**
     * The answers.
     *
     * @throws RejectedException indefinite: there are not as many as there were proposals
     */
    static List<Optional<RejectedException>> answersFromProto(
            AlterPartitionsResponse response, int proposalCount) {
        if (response.getResultsCount() != proposalCount) {
            throw new RejectedException(
                            ErrorCode.INTERNAL,
                            response.getResultsCount()
                                    + " answers to "
                                    + proposalCount
                                    + " proposals")
                    .indefinite();
        }
        List<Optional<RejectedException>> answers = new ArrayList<>(proposalCount);
        for (PartitionProposalResult result : response.getResultsList()) {
            answers.add(
                    result.hasError()
                            ? Optional.of(RejectionCodec.fromProto(result.getError()))
                            : Optional.empty());
        }
        return answers;
    }
}
