package io.kq.metadata.record;

import java.util.List;

/**
 * All of a partition that is agreed on.
 *
 * @param replicas brokers that store it, the first is the preferred leader
 * @param isr in-sync replicas
 * @param elr eligible leader replicas (KIP-966)
 * @param leader -1: none
 * @param adding replicas that a reassignment brings in
 * @param removing replicas that leave when it is done
 * @param unclean replicas that restarted uncleanly and were not in the ISR since
 * @param uncleanElectionEpoch leader epoch of the last election that may have lost committed
 *     records, 0: never
 */
public record PartitionState(
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> adding,
        List<Integer> removing,
        List<Integer> unclean,
        int uncleanElectionEpoch) {
    public PartitionState {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
        adding = List.copyOf(adding);
        removing = List.copyOf(removing);
        unclean = List.copyOf(unclean);
    }

    /** Of a partition at rest: no reassignment, nothing unclean in its past. */
    public PartitionState(
            List<Integer> replicas,
            List<Integer> isr,
            List<Integer> elr,
            int leader,
            int leaderEpoch,
            int partitionEpoch) {
        this(
                replicas,
                isr,
                elr,
                leader,
                leaderEpoch,
                partitionEpoch,
                List.of(),
                List.of(),
                List.of(),
                0);
    }
}
