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
        int needed = minIsr(topic);
        return (underReplicated && inSync < partition.replicas().size())
                || (underMinIsr && inSync < needed)
                || (atMinIsr && inSync == needed)
                || (unavailable && partition.leader() < 0);
    }

    /** The topic's own {@code min.insync.replicas}, else kq's rule: 2 from three replicas on. */
    static int minIsr(TopicDescription topic) {
        String own = topic.configs().get("min.insync.replicas");
        if (own != null) {
            try {
                return Integer.parseInt(own);
            } catch (NumberFormatException e) {
                // The brokers do not accept such a value; the rule is the better answer.
            }
        }
        return topic.replicationFactor() >= 3 ? 2 : 1;
    }
}
