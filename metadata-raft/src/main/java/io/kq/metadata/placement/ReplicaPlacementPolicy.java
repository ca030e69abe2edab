package io.kq.metadata.placement;

import io.kq.metadata.image.BrokerImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the replicas of a new topic go: different racks first, then the brokers with the fewest
 * replicas, then with the fewest leaders, then the lowest id. No chance: the same image gives the
 * same places. Pure.
 */
public final class ReplicaPlacementPolicy {

    private ReplicaPlacementPolicy() {}

    /**
     * Places partitions one after the other, counting each in {@code loads}.
     *
     * @param active brokers that may get replicas and lead, at least one
     * @param spare brokers that are down or about to stop: they get replicas if there are too few
     *     active ones, and catch up when they are back
     * @return brokers per partition, the first is the preferred leader
     */
    public static List<List<Integer>> place(
            Collection<BrokerImage> active,
            Collection<BrokerImage> spare,
            BrokerLoads loads,
            int partitionCount,
            int replicationFactor) {
        if (active.isEmpty() || active.size() + spare.size() < replicationFactor) {
            throw new IllegalArgumentException(
                    replicationFactor
                            + " replicas on "
                            + active.size()
                            + " brokers and "
                            + spare.size()
                            + " that are not active");
        }
        List<List<Integer>> assignments = new ArrayList<>(partitionCount);
        for (int i = 0; i < partitionCount; i++) {
            List<Integer> replicas = placeOne(active, spare, loads, replicationFactor);
            loads.add(replicas);
            assignments.add(replicas);
        }
        return assignments;
    }

    private static List<Integer> placeOne(
            Collection<BrokerImage> active,
            Collection<BrokerImage> spare,
            BrokerLoads loads,
            int replicationFactor) {
        List<Integer> chosen = new ArrayList<>(replicationFactor);
        Map<String, Integer> rackUse = new HashMap<>();
        // With more replicas the choice of the leader evens leaders out, and that works best when
        // replicas go round in the order of ids.
        boolean alone = replicationFactor == 1;
        while (chosen.size() < replicationFactor) {
            BrokerImage best =
                    next(
                            chosen.size() < active.size() ? active : spare,
                            chosen,
                            rackUse,
                            loads,
                            alone);
            chosen.add(best.id());
            rackUse.merge(rack(best), 1, Integer::sum);
        }
        // The one with the fewest leaders leads; among equals the order of choice stays.
        int leader =
                chosen.subList(0, Math.min(chosen.size(), active.size())).stream()
                        .min(Comparator.comparingInt(loads::leaders))
                        .orElseThrow();
        chosen.remove((Integer) leader);
        chosen.add(0, leader);
        return List.copyOf(chosen);
    }

    /** The best of those that were not chosen yet. */
    static BrokerImage next(
            Collection<BrokerImage> from,
            List<Integer> chosen,
            Map<String, Integer> rackUse,
            BrokerLoads loads,
            boolean byLeaders) {
        return from.stream()
                .filter(b -> !chosen.contains(b.id()))
                .min(
                        Comparator.<BrokerImage>comparingInt(b -> rackUse.getOrDefault(rack(b), 0))
                                .thenComparingInt(b -> loads.replicas(b.id()))
                                .thenComparingInt(b -> byLeaders ? loads.leaders(b.id()) : 0)
                                .thenComparingInt(BrokerImage::id))
                .orElseThrow();
    }

    /** A broker without a rack is a rack of its own. */
    static String rack(BrokerImage broker) {
        return broker.rack().isEmpty() ? "broker " + broker.id() : "rack " + broker.rack();
    }
}
