package io.kq.broker.partition.simulation;

import io.kq.runtime.RandomSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a seed's schedule is made of: a cluster, and which faults befall it how often.
 *
 * @param replicas of each partition
 * @param minIsr at the beginning; {@link #IMPLIED}: not set
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

    /** The minimum follows from the number of replicas. */
    static final int IMPLIED = 0;

    private static final String MIN_ISR = "min.insync.replicas";

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
                random.nextInt(3) == 0 ? IMPLIED : 1 + random.nextInt(Math.min(replicas, 3)),
                random.nextInt(faults.contains(Fault.SLOW_DISK) ? 2 : 4) == 0,
                300 + random.nextInt(2_000),
                2 + random.nextInt(3),
                focus.isEmpty() ? 100 << random.nextInt(4) : 200,
                4_000 + random.nextInt(8_000),
                faults);
    }

    /** What the topic is made with. */
    Map<String, String> topicConfigs() {
        return minIsr == IMPLIED ? Map.of() : Map.of(MIN_ISR, "" + minIsr);
    }

    /** Sets the topic's minimum, or has it implied again. */
    static Map<String, Optional<String>> minIsr(int count) {
        return Map.of(MIN_ISR, count == IMPLIED ? Optional.empty() : Optional.of("" + count));
    }

    /** What the topic is given in the end: a number that all its replicas can reach. */
    Map<String, Optional<String>> healedConfigs() {
        return minIsr(minIsr == IMPLIED ? IMPLIED : 1);
    }

    /** Whether {@code configs} are {@link #healedConfigs}. */
    boolean isHealed(Map<String, String> configs) {
        return Optional.ofNullable(configs.get(MIN_ISR)).equals(healedConfigs().get(MIN_ISR));
    }
}
