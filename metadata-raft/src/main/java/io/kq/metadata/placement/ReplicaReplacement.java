package io.kq.metadata.placement;

import io.kq.metadata.image.BrokerImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Other replicas for one partition after the other, with as little copied as possible: who may stay
 * stays, in its rank, so that leaders stay spread. One thread.
 */
final class ReplicaReplacement {

    /** Stands where a replica is still to be chosen: no broker has a negative id. */
    private static final Integer OPEN = -1;

    private final Map<Integer, BrokerImage> allowed = new HashMap<>();
    private final BrokerStates states;
    private final BrokerLoads loads;

    /**
     * For partitions that are counted out of {@code loads} while they are replaced.
     *
     * @param allowed brokers that may have replicas
     */
    ReplicaReplacement(Collection<BrokerImage> allowed, BrokerStates states, BrokerLoads loads) {
        allowed.forEach(broker -> this.allowed.put(broker.id(), broker));
        this.states = states;
        this.loads = loads;
    }

    /**
     * The replicas that a partition should have.
     *
     * @param count how many, at most as many as brokers are allowed
     */
    List<Integer> replace(List<Integer> replicas, int count) {
        List<Integer> ranks = ranks(replicas, count);
        List<Integer> chosen = new ArrayList<>();
        Map<String, Integer> rackUse = new HashMap<>();
        for (Integer id : ranks) {
            if (!id.equals(OPEN)) {
                choose(id, chosen, rackUse);
            }
        }
        for (int rank = 0; rank < ranks.size(); rank++) {
            if (ranks.get(rank).equals(OPEN)) {
                BrokerImage best =
                        ReplicaPlacementPolicy.next(
                                candidates(chosen), chosen, rackUse, loads, rank == 0);
                choose(best.id(), chosen, rackUse);
                ranks.set(rank, best.id());
            }
        }
        return List.copyOf(ranks);
    }

    /**
     * Who stays, and where somebody has to come. Where there are too many, those go first that may
     * not stay, then those that are down, then the last ones.
     */
    private List<Integer> ranks(List<Integer> replicas, int count) {
        List<Integer> ranks = new ArrayList<>();
        replicas.forEach(id -> ranks.add(allowed.containsKey(id) ? id : OPEN));
        while (ranks.size() > count) {
            ranks.remove(expendable(ranks));
        }
        while (ranks.size() < count) {
            ranks.add(OPEN);
        }
        return ranks;
    }

    private int expendable(List<Integer> ranks) {
        int open = ranks.lastIndexOf(OPEN);
        if (open >= 0) {
            return open;
        }
        for (int rank = ranks.size() - 1; rank >= 0; rank--) {
            if (!states.isUp(ranks.get(rank))) {
                return rank;
            }
        }
        return ranks.size() - 1;
    }

    /** Those that are active, unless all of these are replicas already. */
    private List<BrokerImage> candidates(List<Integer> chosen) {
        List<BrokerImage> free =
                allowed.values().stream().filter(b -> !chosen.contains(b.id())).toList();
        List<BrokerImage> active = free.stream().filter(b -> states.isActive(b.id())).toList();
        return active.isEmpty() ? free : active;
    }

    private void choose(int id, List<Integer> chosen, Map<String, Integer> rackUse) {
        chosen.add(id);
        BrokerImage broker = allowed.get(id);
        if (broker != null) {
            rackUse.merge(ReplicaPlacementPolicy.rack(broker), 1, Integer::sum);
        }
    }
}
