package io.kq.cli.topics;

import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code --describe}, in the lines of Kafka 2.7: a line for the topic, then one for each partition,
 * fields apart by tabs. {@code -o wide} has more fields.
 */
final class DescribedTopics {

    private DescribedTopics() {}

    static void print(Session session, List<TopicDescription> topics, DescribeFilter filter) {
        Terminal terminal = session.terminal();
        List<TopicDescription> shown =
                topics.stream().filter(filter::accepts).map(t -> filtered(t, filter)).toList();
        switch (session.format()) {
            case JSON, JSONL ->
                    TopicJson.print(
                            terminal,
                            session.format(),
                            shown.stream()
                                    .filter(
                                            t ->
                                                    !filter.ofPartitions()
                                                            || !t.partitions().isEmpty())
                                    .toList());
            case NAME -> shown.forEach(topic -> terminal.println(topic.name()));
            case TABLE -> shown.forEach(topic -> print(terminal, topic, filter, false));
            case WIDE -> shown.forEach(topic -> print(terminal, topic, filter, true));
        }
    }

    private static TopicDescription filtered(TopicDescription topic, DescribeFilter filter) {
        return topic.with(
                topic.partitions().stream().filter(p -> filter.accepts(topic, p)).toList());
    }

    private static void print(
            Terminal terminal, TopicDescription topic, DescribeFilter filter, boolean wide) {
        if (!filter.ofPartitions()) {
            terminal.println(topicLine(topic, wide));
        }
        if (!filter.withOverrides) {
            topic.partitions().forEach(p -> terminal.println(partitionLine(topic, p, wide)));
        }
    }

    private static String topicLine(TopicDescription topic, boolean wide) {
        String configs =
                new TreeMap<>(topic.configs())
                        .entrySet().stream()
                                .map(e -> e.getKey() + "=" + e.getValue())
                                .collect(Collectors.joining(","));
        return "Topic: "
                + topic.name()
                + (wide ? "\tTopicId: " + topic.topicId() : "")
                + "\tPartitionCount: "
                + topic.partitions().size()
                + "\tReplicationFactor: "
                + topic.replicationFactor()
                + (wide ? "\tMinIsr: " + topic.minInsyncReplicas() : "")
                + "\tConfigs: "
                + configs;
    }

    private static String partitionLine(
            TopicDescription topic, PartitionDescription partition, boolean wide) {
        return "\tTopic: "
                + topic.name()
                + "\tPartition: "
                + partition.index()
                + "\tLeader: "
                + (partition.leader() < 0 ? "none" : Integer.toString(partition.leader()))
                + (wide ? "\tLeaderEpoch: " + partition.leaderEpoch() : "")
                + "\tReplicas: "
                + joined(partition.replicas())
                + "\tIsr: "
                + joined(partition.isr())
                + (wide ? "\tElr: " + joined(partition.elr()) : "")
                + (wide ? "\tOffline: " + joined(partition.offline()) : "")
                + (wide ? reassigned("Adding", partition.adding()) : "")
                + (wide ? reassigned("Removing", partition.removing()) : "");
    }

    /** Only while a reassignment runs. */
    private static String reassigned(String what, List<Integer> ids) {
        return ids.isEmpty() ? "" : "\t" + what + ": " + joined(ids);
    }

    private static String joined(Collection<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
