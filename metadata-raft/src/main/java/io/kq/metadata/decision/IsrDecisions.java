package io.kq.metadata.decision;

import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.BrokerStates;
import io.kq.metadata.placement.PartitionChange;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What leaders propose of the ISRs of their partitions (rules 17 to 21, 31, 32). A proposal is
 * taken as a whole, and only if all that it rests on is still so; each is judged by itself. Pure.
 */
public final class IsrDecisions {

    private final ReplicaRules rules;

    public IsrDecisions(ReplicaRules rules) {
        this.rules = rules;
    }

    /**
     * Judges the proposals of one broker.
     *
     * @return for each of them why it was refused, or empty: it was taken
     * @throws RejectedException FENCED_BROKER_EPOCH: none was looked at
     */
    public Decision<List<Optional<RejectedException>>> alter(
            AlterIsr operation, MetadataImage image) {
        BrokerImage sender = image.brokers().get(operation.brokerId());
        if (sender == null || sender.brokerEpoch() != operation.brokerEpoch()) {
            throw BrokerDecisions.fencedEpoch(operation.brokerId(), operation.brokerEpoch());
        }
        PartitionEdits edits = new PartitionEdits(image);
        List<Optional<RejectedException>> answers = new ArrayList<>();
        for (IsrProposal proposal : operation.proposals()) {
            Optional<TopicImage> topic = image.topic(proposal.topicId());
            if (topic.isEmpty()) {
                answers.add(refused(ErrorCode.TOPIC_NOT_FOUND, "no topic has this id any more"));
            } else {
                answers.add(judge(operation.brokerId(), proposal, topic.get(), edits, image));
            }
        }
        return Decision.of(edits.records(), answers);
    }

    private Optional<RejectedException> judge(
            int senderId,
            IsrProposal proposal,
            TopicImage topic,
            PartitionEdits edits,
            MetadataImage image) {
        if (proposal.partition() < 0 || proposal.partition() >= topic.partitions().size()) {
            return refused(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "topic '" + topic.name() + "' has no partition " + proposal.partition());
        }
        PartitionImage partition = edits.get(topic, proposal.partition());
        Optional<RejectedException> problem =
                staleness(senderId, proposal, partition)
                        .or(() -> membersProblem(proposal, partition, image));
        if (problem.isEmpty()) {
            edits.put(topic, proposal.partition(), taken(proposal, partition, topic, image));
        }
        return problem;
    }

    private static Optional<RejectedException> staleness(
            int senderId, IsrProposal proposal, PartitionImage partition) {
        if (proposal.leaderEpoch() > partition.leaderEpoch()) {
            return refused(
                    ErrorCode.UNKNOWN_LEADER_EPOCH,
                    "leader epoch is " + partition.leaderEpoch() + " here");
        }
        if (partition.leader() != senderId || proposal.leaderEpoch() < partition.leaderEpoch()) {
            return refused(
                    ErrorCode.FENCED_LEADER_EPOCH,
                    "broker " + partition.leader() + " leads in epoch " + partition.leaderEpoch());
        }
        if (proposal.partitionEpoch() != partition.partitionEpoch()) {
            return refused(
                    ErrorCode.STALE_PARTITION_EPOCH,
                    "partition epoch is "
                            + partition.partitionEpoch()
                            + ", the proposal rests on "
                            + proposal.partitionEpoch());
        }
        return Optional.empty();
    }

    private Optional<RejectedException> membersProblem(
            IsrProposal proposal, PartitionImage partition, MetadataImage image) {
        if (proposal.members().isEmpty()) {
            return refused(ErrorCode.INVALID_ARGUMENT, "an ISR is never empty");
        }
        Set<Integer> seen = new HashSet<>();
        for (IsrProposal.Member member : proposal.members()) {
            if (!seen.add(member.brokerId())) {
                return refused(
                        ErrorCode.INVALID_ARGUMENT, "member " + member.brokerId() + " is repeated");
            }
            Optional<RejectedException> problem = memberProblem(member, partition, image);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<RejectedException> memberProblem(
            IsrProposal.Member member, PartitionImage partition, MetadataImage image) {
        int id = member.brokerId();
        if (!partition.replicas().contains(id)) {
            return refused(ErrorCode.INELIGIBLE_REPLICA, "broker " + id + " is no replica");
        }
        BrokerImage broker = image.brokers().get(id);
        if (broker == null
                || (rules.membersByEpoch() && broker.brokerEpoch() != member.brokerEpoch())) {
            return Optional.of(BrokerDecisions.fencedEpoch(id, member.brokerEpoch()));
        }
        if (broker.fenced()) {
            return refused(ErrorCode.INELIGIBLE_REPLICA, "broker " + id + " is fenced");
        }
        // Who is about to stop may stay until somebody else is in sync, but does not join.
        if (broker.shuttingDown() && !partition.isr().contains(id)) {
            return refused(ErrorCode.INELIGIBLE_REPLICA, "broker " + id + " is about to stop");
        }
        return Optional.empty();
    }

    private PartitionImage taken(
            IsrProposal proposal, PartitionImage partition, TopicImage topic, MetadataImage image) {
        List<Integer> members =
                proposal.members().stream().map(IsrProposal.Member::brokerId).toList();
        int minIsr = topic.minIsr(partition);
        PartitionChange change = new PartitionChange(partition).isr(members, minIsr);
        // The first that could take over from a leader that is about to stop: it does (rule 30).
        int leader = partition.leader();
        if (!image.isActive(leader) && members.stream().anyMatch(image::isActive)) {
            change.leave(leader, minIsr);
        }
        return change.finishReassignment(minIsr).elect(BrokerStates.of(image), rules).build();
    }

    private static Optional<RejectedException> refused(ErrorCode code, String message) {
        return Optional.of(new RejectedException(code, message));
    }
}
