package io.kq.broker.partition.core.leader;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition as the metadata image shows it to its leader.
 *
 * @param partitionEpoch version of the partition's metadata
 * @param committed the metadata quorum's ISR, the leader among them
 * @param eligible replicas that may lead though they are not in the ISR (KIP-966)
 * @param replicas all replicas with their brokers, the leader among them
 * @param minimum {@code min.insync.replicas}: with fewer committed members nothing is taken and
 *     nothing becomes visible
 */
public record IsrView(
        int partitionEpoch,
        List<Integer> committed,
        List<Integer> eligible,
        List<ReplicaView> replicas,
        int minimum) {

    public IsrView {
        committed = List.copyOf(committed);
        eligible = List.copyOf(eligible);
        replicas = List.copyOf(replicas);
    }

    /** Without eligible replicas outside of the ISR. */
    public IsrView(
            int partitionEpoch, List<Integer> committed, List<ReplicaView> replicas, int minimum) {
        this(partitionEpoch, committed, List.of(), replicas, minimum);
    }

    /** A partition whose only replica is its leader. */
    public static IsrView alone(int nodeId, long brokerEpoch) {
        return new IsrView(
                0, List.of(nodeId), List.of(new ReplicaView(nodeId, brokerEpoch, true)), 1);
    }

    /** Whether there are at least {@code minimum} committed members (R10). */
    public boolean isEnough() {
        return committed.size() >= minimum;
    }

    /** The replica with this id; null if it is none of this partition. */
    public @Nullable ReplicaView replica(int id) {
        for (int i = 0; i < replicas.size(); i++) {
            if (replicas.get(i).replica() == id) {
                return replicas.get(i);
            }
        }
        return null;
    }
}
