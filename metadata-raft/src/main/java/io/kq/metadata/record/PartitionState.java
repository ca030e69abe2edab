package io.kq.metadata.record;

import java.util.List;

/**
 * All of a partition that is agreed on.
 *
 * @param replicas brokers that store it, the first is the preferred leader
 * @param isr in-sync replicas
 * @param elr eligible leader replicas (KIP-966)
 * @param leader -1: none
 */
public record PartitionState(
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        int leader,
        int leaderEpoch,
        int partitionEpoch) {
    public PartitionState {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
    }
}
