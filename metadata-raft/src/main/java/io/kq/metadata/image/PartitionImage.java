package io.kq.metadata.image;

import java.util.List;

/**
 * One partition.
 *
 * @param replicas brokers that store it, the first is the preferred leader
 * @param isr in-sync replicas, a subset of {@code replicas}
 * @param elr eligible leader replicas (KIP-966), disjoint from {@code isr}
 * @param leader {@link #NO_LEADER} or a member of {@code isr}
 * @param leaderEpoch grows by one each time the leader changes
 * @param partitionEpoch grows by one with every change: what a compare-and-set is made on
 */
public record PartitionImage(
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        int leader,
        int leaderEpoch,
        int partitionEpoch) {

    public static final int NO_LEADER = -1;

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
    }

    public boolean hasLeader() {
        return leader != NO_LEADER;
    }
}
