package io.kq.system.driver;

import io.kq.system.history.Event.Acks;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a workload does.
 *
 * @param bootstrap client addresses of all nodes, {@code host:port}
 * @param assignments brokers of each partition, the preferred leader first; empty: as the cluster
 *     places them
 * @param writers one for each entry; those with {@link Acks#ALL} are idempotent
 * @param pause between two records of a writer to one partition
 * @param deliveryMax after it a write fails
 */
public record Plan(
        List<String> bootstrap,
        String topic,
        int partitions,
        int replicas,
        int minIsr,
        List<List<Integer>> assignments,
        Map<String, String> configs,
        List<Acks> writers,
        Duration pause,
        Duration deliveryMax) {

    public Plan {
        bootstrap = List.copyOf(bootstrap);
        assignments = List.copyOf(assignments);
        configs = Map.copyOf(configs);
        writers = List.copyOf(writers);
    }

    /** Four partitions of three replicas, two of which are enough; three writers, one of acks=1. */
    public static Plan against(List<String> bootstrap) {
        return new Plan(
                bootstrap,
                "faults",
                4,
                3,
                2,
                List.of(),
                Map.of(),
                List.of(Acks.ALL, Acks.ALL, Acks.LEADER),
                Duration.ofMillis(15),
                Duration.ofSeconds(40));
    }

    /** The same at another pace. */
    public Plan withPause(Duration longer) {
        return new Plan(
                bootstrap,
                topic,
                partitions,
                replicas,
                minIsr,
                assignments,
                configs,
                writers,
                longer,
                deliveryMax);
    }
}
