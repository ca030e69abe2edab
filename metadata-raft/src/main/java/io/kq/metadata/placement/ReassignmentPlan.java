package io.kq.metadata.placement;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the replicas of existing partitions could go. Plans only: nothing moves by itself. The same
 * image gives the same plan. Pure.
 */
public final class ReassignmentPlan {

    private ReassignmentPlan() {}

    /**
     * Moves what is on other brokers than the allowed ones, and nothing else. Brokers that are not
     * active get something only where there are too few others; what is there already stays.
     *
     * @param allowed at least as many as any of the partitions has replicas then
     * @param replicationFactor replicas that each partition has then; 0: as many as it has
     * @return the replicas of the partitions that change
     */
    public static Map<TopicPartition, List<Integer>> moveTo(
            Collection<BrokerImage> allowed,
            Collection<TopicImage> topics,
            int replicationFactor,
            MetadataImage image) {
        BrokerLoads loads = BrokerLoads.of(image);
        ReplicaReplacement replacement =
                new ReplicaReplacement(allowed, BrokerStates.of(image), loads);
        Map<TopicPartition, List<Integer>> plan = new TreeMap<>();
        for (TopicImage topic : topics) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                PartitionImage partition = topic.partitions().get(i);
                List<Integer> now = partition.targetReplicas();
                loads.remove(partition.replicas());
                List<Integer> next = replacement.replace(now, wanted(replicationFactor, now));
                loads.add(next);
                if (!next.equals(now)) {
                    plan.put(new TopicPartition(topic.name(), i), next);
                }
            }
        }
        return plan;
    }

    /**
     * Places the topics anew on the allowed brokers, as if they were created now: even, whatever
     * has to be copied for it.
     *
     * @param replicationFactor as in {@link #moveTo}
     */
    public static Map<TopicPartition, List<Integer>> spreadOver(
            Collection<BrokerImage> allowed,
            Collection<TopicImage> topics,
            int replicationFactor,
            MetadataImage image) {
        BrokerLoads loads = BrokerLoads.of(image);
        for (TopicImage topic : topics) {
            topic.partitions().forEach(partition -> loads.remove(partition.replicas()));
        }
        List<BrokerImage> active = allowed.stream().filter(b -> image.isActive(b.id())).toList();
        List<BrokerImage> spare = allowed.stream().filter(b -> !active.contains(b)).toList();
        Map<TopicPartition, List<Integer>> plan = new TreeMap<>();
        for (TopicImage topic : topics) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                List<Integer> now = topic.partitions().get(i).targetReplicas();
                List<Integer> next =
                        ReplicaPlacementPolicy.place(
                                        active.isEmpty() ? spare : active,
                                        active.isEmpty() ? List.of() : spare,
                                        loads,
                                        1,
                                        wanted(replicationFactor, now))
                                .get(0);
                if (!next.equals(now)) {
                    plan.put(new TopicPartition(topic.name(), i), next);
                }
            }
        }
        return plan;
    }

    private static int wanted(int replicationFactor, List<Integer> now) {
        return replicationFactor > 0 ? replicationFactor : now.size();
    }
}
