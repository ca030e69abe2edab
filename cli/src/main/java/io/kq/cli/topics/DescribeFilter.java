package io.kq.cli.topics;

import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import picocli.CommandLine.Option;

/** Kafka's filters of {@code --describe}; several are alternatives. */
final class DescribeFilter {

    @Option(
            names = "--under-replicated-partitions",
            description = "Partitions with fewer replicas in sync than they have.")
    boolean underReplicated;

    @Option(
            names = "--under-min-isr-partitions",
            description = "Partitions with fewer in sync than acks=all needs.")
    boolean underMinIsr;

    @Option(
            names = "--at-min-isr-partitions",
            description = "Partitions where one less would be too few.")
    boolean atMinIsr;

    @Option(names = "--unavailable-partitions", description = "Partitions without a leader.")
    boolean unavailable;

    @Option(
            names = "--topics-with-overrides",
            description = "Topics with settings of their own; no partitions.")
    boolean withOverrides;

    boolean isUsed() {
        return ofPartitions() || withOverrides;
    }

    /** Whether partitions are wanted, and not their topics. */
    boolean ofPartitions() {
        return underReplicated || underMinIsr || atMinIsr || unavailable;
    }

    boolean accepts(TopicDescription topic) {
        return !withOverrides || !topic.configs().isEmpty();
    }

    boolean accepts(TopicDescription topic, PartitionDescription partition) {
        if (!ofPartitions()) {
            return true;
        }
        int inSync = partition.isr().size();
        int needed = topic.minInsyncReplicas(partition);
        return (underReplicated && isUnderReplicated(partition))
                || (underMinIsr && inSync < needed)
                || (atMinIsr && inSync == needed)
                || (unavailable && partition.leader() < 0);
    }

    /** A replica that a reassignment brings in is not missing yet. */
    private static boolean isUnderReplicated(PartitionDescription partition) {
        return partition.replicas().stream()
                .anyMatch(id -> !partition.isr().contains(id) && !partition.adding().contains(id));
    }
}
