package io.kq.broker.partition;

import io.kq.broker.partition.core.follower.FollowedLeader;
import io.kq.broker.partition.core.leader.IsrView;
import io.kq.broker.partition.core.leader.ReplicaView;
import io.kq.broker.partition.follower.FollowerFiles;
import io.kq.broker.partition.isr.IsrViews;
import io.kq.broker.partition.isr.Proposals;
import io.kq.metadata.decision.IsrProposal;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the replicas here the roles that an image says: to lead, to follow, or, for one whose log
 * cannot be had, to say so to those who count on it. On the registry's loop.
 */
final class Roles {

    private static final Logger LOGGER = LoggerFactory.getLogger(Roles.class);

    private final int nodeId;
    private final Routing routing;
    private final Proposals proposals;

    Roles(int nodeId, Routing routing, Proposals proposals) {
        this.nodeId = nodeId;
        this.routing = routing;
        this.proposals = proposals;
    }

    /** What an image says, and to whom. */
    record Word(MetadataImage image, boolean controllerLost) {}

    /**
     * Gives a replica its role, or tells it news of the one it has.
     *
     * @return false: nobody needs its log, which cannot be had; it may be fetched anew
     */
    boolean give(
            TopicIdPartition id,
            HostedPartition here,
            TopicImage topic,
            FollowerFiles files,
            Word word) {
        PartitionImage partition = topic.partitions().get(id.partition());
        if (!partition.replicas().contains(nodeId)) {
            return true;
        }
        if (here.hasFailed()) {
            return isNeeded(id, here, topic, word);
        }
        RejectedException elsewhere = routing.elsewhere(topic, id.partition());
        if (partition.leader() != nodeId) {
            here.follow(leaderIn(partition), files, elsewhere);
        } else {
            IsrView isr = IsrViews.of(topic, partition, word.image());
            here.lead(partition.leaderEpoch(), isr, elsewhere);
            here.controllerReach(word.controllerLost());
        }
        return true;
    }

    private static FollowedLeader leaderIn(PartitionImage partition) {
        int unclean = partition.uncleanElectionEpoch();
        return new FollowedLeader(
                partition.hasLeader() ? partition.leader() : FollowedLeader.NOBODY,
                partition.leaderEpoch(),
                unclean == 0 ? -1 : unclean);
    }

    /** What it was the last to have stays as it is: others have to do without it before. */
    private boolean isNeeded(
            TopicIdPartition id, HostedPartition here, TopicImage topic, Word word) {
        PartitionImage partition = topic.partitions().get(id.partition());
        if (partition.hasLeader() && partition.leader() != nodeId) {
            boolean counted = partition.isr().contains(nodeId) || partition.elr().contains(nodeId);
            if (counted) {
                here.report(leaderIn(partition), id);
            }
            return counted;
        }
        here.endReport();
        if (partition.leader() == nodeId) {
            handOver(id, topic, partition, word.image());
        }
        return true;
    }

    /** Proposes an ISR without this node, which leads and cannot (rule 31). */
    private void handOver(
            TopicIdPartition id, TopicImage topic, PartitionImage partition, MetadataImage image) {
        List<IsrProposal.Member> others = new ArrayList<>();
        for (ReplicaView view : IsrViews.of(topic, partition, image).replicas()) {
            boolean member = partition.isr().contains(view.replica());
            if (view.replica() != nodeId && view.mayJoin() && member) {
                others.add(new IsrProposal.Member(view.replica(), view.brokerEpoch()));
            }
        }
        if (others.isEmpty()) {
            return;
        }
        proposals.propose(
                new IsrProposal(
                        id.topicId(),
                        id.partition(),
                        partition.leaderEpoch(),
                        partition.partitionEpoch(),
                        others),
                outcome ->
                        LOGGER.info(
                                "Asked for another leader partition={}-{} outcome={}",
                                topic.name(),
                                id.partition(),
                                outcome));
    }
}
