package io.kq.broker.partition.core;

import java.util.List;

/**
 * The in-sync replicas of a partition as its leader sees them.
 *
 * @param partitionEpoch version of the metadata that {@code committed} is from
 * @param committed the metadata quorum's ISR, the leader among them
 * @param pending replicas that the leader asked to add and that may have been added already
 * @param minimum {@code min.insync.replicas}: with fewer committed members nothing is taken and
 *     nothing becomes visible
 */
public record IsrView(
        int partitionEpoch, List<Integer> committed, List<Integer> pending, int minimum) {

    public IsrView {
        committed = List.copyOf(committed);
        pending = List.copyOf(pending);
    }

    /** A partition whose only replica is its leader. */
    public static IsrView alone(int nodeId) {
        return new IsrView(0, List.of(nodeId), List.of(), 1);
    }

    /** Whether there are at least {@code minimum} committed members (R10). */
    public boolean isEnough() {
        return committed.size() >= minimum;
    }
}
