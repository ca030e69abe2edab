package io.kq.metadata.decision;

import io.kq.metadata.decision.MetadataOperation.AlterReplicas;
import io.kq.metadata.decision.MetadataOperation.AlterReplicas.Reassignment;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.BrokerStates;
import io.kq.metadata.placement.PartitionChange;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.List;

/** Begins and cancels reassignments (rule 32); all of one operation or none of it. Pure. */
public final class ReassignmentDecisions {

    private final ReplicaRules rules;

    public ReassignmentDecisions(ReplicaRules rules) {
        this.rules = rules;
    }

    /**
     * Changes the replicas of partitions.
     *
     * @return how many partitions are different by it
     */
    public Decision<Integer> alter(AlterReplicas operation, MetadataImage image) {
        PartitionEdits edits = new PartitionEdits(image);
        int changed = 0;
        for (Reassignment reassignment : operation.reassignments()) {
            TopicPartition id = reassignment.partition();
            TopicImage topic =
                    image.topic(id.topic())
                            .orElseThrow(() -> TopicDecisions.notFound(id.topic(), image));
            if (id.partition() >= topic.partitions().size()) {
                throw new RejectedException(
                        ErrorCode.PARTITION_NOT_FOUND,
                        "Topic '" + id.topic() + "' has no partition " + id.partition() + ".");
            }
            PartitionImage partition = edits.get(topic, id.partition());
            PartitionChange change = change(reassignment, partition, topic, image);
            if (change.leavesNobody()) {
                throw new RejectedException(
                        ErrorCode.INELIGIBLE_REPLICA,
                        "None of the replicas that "
                                + id
                                + " would have is in sync (in sync now: "
                                + partition.isr()
                                + "): committed records would be lost.");
            }
            PartitionImage next =
                    change.finishReassignment(topic.minIsr(partition))
                            .elect(BrokerStates.of(image), rules)
                            .build();
            if (isDifferent(partition, next)) {
                edits.put(topic, id.partition(), next);
                changed++;
            }
        }
        return operation.validateOnly()
                ? Decision.nothing(changed)
                : Decision.of(edits.records(), changed);
    }

    private static PartitionChange change(
            Reassignment reassignment,
            PartitionImage partition,
            TopicImage topic,
            MetadataImage image) {
        TopicPartition id = reassignment.partition();
        PartitionChange change = new PartitionChange(partition);
        if (reassignment.target().isEmpty()) {
            if (!partition.isReassigning()) {
                throw new RejectedException(
                        ErrorCode.NO_REASSIGNMENT_IN_PROGRESS,
                        "The replicas of " + id + " are not being changed.");
            }
            return change.cancelReassignment(topic.minIsr(partition));
        }
        List<Integer> target = reassignment.target().get();
        Assignments.checkReplicas(id.toString(), target, image);
        return change.reassign(target, topic.minIsr(partition));
    }

    private static boolean isDifferent(PartitionImage before, PartitionImage after) {
        return !before.replicas().equals(after.replicas())
                || !before.adding().equals(after.adding())
                || !before.removing().equals(after.removing());
    }
}
