package io.kq.broker.partition.simulation;

import io.kq.runtime.RandomSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a seed's schedule is made of: a cluster, and which faults befall it how often.
 *
 * @param replicas of each partition
 * @param minIsr at the beginning
 * @param faultMillis between two faults, at most
 */
record Options(
        int nodes,
        int partitions,
        int replicas,
        int minIsr,
        boolean fsync,
        int lagMaxMillis,
        int producers,
        int faultMillis,
        int phaseMillis,
        Set<Fault> faults) {

    Options {
        faults = Collections.unmodifiableSet(faults);
    }

    /**
     * What the seed's chance says.
     *
     * @param focus faults that are among those that befall the cluster, and often; empty: any
     */
    static Options of(RandomSource random, Set<Fault> focus) {
        int nodes = 3 + random.nextInt(3);
        int replicas = 2 + random.nextInt(Math.min(nodes, 4) - 1);
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        faults.addAll(focus);
        int oneIn = focus.isEmpty() ? 2 + random.nextInt(4) : 15;
        for (Fault fault : Fault.values()) {
            if (random.nextInt(fault.isRare() ? 3 * oneIn : oneIn) == 0) {
                faults.add(fault);
            }
        }
        if (faults.isEmpty()) {
            faults.add(Fault.KILL);
        }
        return new Options(
                nodes,
                random.nextInt(4) == 0 ? 2 : 1,
                replicas,
                1 + random.nextInt(Math.min(replicas, 3)),
                random.nextInt(faults.contains(Fault.SLOW_DISK) ? 2 : 4) == 0,
                300 + random.nextInt(2_000),
                2 + random.nextInt(3),
                focus.isEmpty() ? 100 << random.nextInt(4) : 200,
                4_000 + random.nextInt(8_000),
                faults);
    }
}
