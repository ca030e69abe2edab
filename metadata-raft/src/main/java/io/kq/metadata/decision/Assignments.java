package io.kq.metadata.decision;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.placement.BrokerLoads;
import io.kq.metadata.placement.ReplicaPlacementPolicy;
import io.kq.metadata.record.PartitionState;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where replicas of new partitions go: placed, or checked as somebody gave them. Pure. */
final class Assignments {

    /** Of one partition: its state travels in one record and is looked through often. */
    private static final int REPLICATION_FACTOR_MAX = 100;

    private Assignments() {}

    /**
     * Places partitions on active brokers; where these are too few but enough to commit, others are
     * taken too and catch up later, so that topics can be made while a broker restarts.
     *
     * @throws RejectedException INVALID_REPLICATION_FACTOR, INSUFFICIENT_BROKERS
     */
    static List<List<Integer>> place(
            MetadataImage image,
            BrokerLoads loads,
            int partitionCount,
            int replicationFactor,
            int minIsr) {
        checkReplicationFactor(replicationFactor, image);
        Map<Boolean, List<BrokerImage>> brokers =
                image.allBrokers().stream()
                        .collect(Collectors.partitioningBy(b -> image.isActive(b.id())));
        List<BrokerImage> active = brokers.getOrDefault(true, List.of());
        if (active.size() < Math.min(replicationFactor, Math.max(1, minIsr))) {
            throw new RejectedException(
                    ErrorCode.INSUFFICIENT_BROKERS,
                    "Unable to replicate the partition "
                            + replicationFactor
                            + " time(s): only "
                            + active.size()
                            + " of "
                            + image.brokers().size()
                            + " registered broker(s) are up.");
        }
        return ReplicaPlacementPolicy.place(
                active,
                brokers.getOrDefault(false, List.of()),
                loads,
                partitionCount,
                replicationFactor);
    }

    /**
     * Checks what somebody gave.
     *
     * @param firstPartition number of the first of them, for messages
     * @throws RejectedException INVALID_REPLICA_ASSIGNMENT, INSUFFICIENT_BROKERS
     */
    static void check(
            List<List<Integer>> assignments,
            int firstPartition,
            int replicationFactor,
            MetadataImage image) {
        for (int i = 0; i < assignments.size(); i++) {
            int partition = firstPartition + i;
            List<Integer> replicas = assignments.get(i);
            checkReplicas("partition " + partition, replicas, image);
            if (replicas.size() != replicationFactor) {
                throw bad(
                        "partition " + partition,
                        "has "
                                + replicas.size()
                                + " replica(s), partition 0 has "
                                + replicationFactor);
            }
            if (replicas.stream().noneMatch(image::isUp)) {
                throw bad(
                        "partition " + partition, "has only brokers that are not up: " + replicas);
            }
        }
    }

    /**
     * Checks the brokers of one partition.
     *
     * @throws RejectedException INVALID_REPLICA_ASSIGNMENT
     */
    static void checkReplicas(String partition, List<Integer> replicas, MetadataImage image) {
        if (replicas.isEmpty()) {
            throw bad(partition, "has no broker");
        }
        if (new HashSet<>(replicas).size() != replicas.size()) {
            throw bad(partition, "names a broker twice: " + replicas);
        }
        for (Integer id : replicas) {
            if (image.broker(id).isEmpty()) {
                throw bad(
                        partition,
                        "names broker "
                                + id
                                + ", which is not registered; registered are "
                                + new ArrayList<>(image.brokers().keySet()));
            }
        }
    }

    /** Brokers that are not active do not join the first ISR, unless no other is up. */
    static PartitionState firstState(List<Integer> replicas, MetadataImage image) {
        List<Integer> isr = replicas.stream().filter(image::isActive).toList();
        if (isr.isEmpty()) {
            isr = replicas.stream().filter(image::isUp).limit(1).toList();
        }
        return new PartitionState(replicas, isr, List.of(), isr.get(0), 0, 0);
    }

    private static void checkReplicationFactor(int replicationFactor, MetadataImage image) {
        if (replicationFactor < 1 || replicationFactor > REPLICATION_FACTOR_MAX) {
            throw new RejectedException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "A partition has 1 to "
                            + REPLICATION_FACTOR_MAX
                            + " replicas, not "
                            + replicationFactor
                            + ".");
        }
        int registered = image.brokers().size();
        if (replicationFactor > registered) {
            throw new RejectedException(
                    ErrorCode.INSUFFICIENT_BROKERS,
                    "Unable to replicate the partition "
                            + replicationFactor
                            + " time(s): only "
                            + registered
                            + " broker(s) are registered.");
        }
    }

    private static RejectedException bad(String partition, String problem) {
        return new RejectedException(
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "The assignment of " + partition + " " + problem + ".");
    }
}
