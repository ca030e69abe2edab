package io.kq.cli.partitions;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds what was named on the command line or in a file, or says that it is not there. */
public final class PartitionLookup {

    private PartitionLookup() {}

    static TopicDescription topic(Session session, String name) {
        try {
            return session.await(session.admin().describeTopic(name));
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
                throw Explanation.noTopic(session, e, name, "kq topics --list");
            }
            throw e;
        }
    }

    static TopicPartition existing(String topic, int partition, int count) {
        if (partition >= count) {
            throw CommandFailure.of(
                            ErrorCode.PARTITION_NOT_FOUND,
                            "Topic '" + topic + "' has no partition " + partition + ".")
                    .withDetail("partitions 0 to " + (count - 1) + " exist")
                    .next("kq topics --describe --topic " + topic);
        }
        return new TopicPartition(topic, partition);
    }

    /** As they are now; each must be there. */
    static SortedMap<TopicPartition, PartitionDescription> describe(
            Session session, Collection<TopicPartition> named) {
        SortedMap<TopicPartition, PartitionDescription> found = new TreeMap<>();
        for (String name : named.stream().map(TopicPartition::topic).distinct().toList()) {
            TopicDescription topic = topic(session, name);
            for (TopicPartition each : named) {
                if (each.topic().equals(name)) {
                    existing(name, each.partition(), topic.partitions().size());
                    found.put(each, topic.partitions().get(each.partition()));
                }
            }
        }
        return found;
    }

    /** All that there are. */
    public static SortedMap<TopicPartition, PartitionDescription> describeAll(Session session) {
        SortedMap<TopicPartition, PartitionDescription> found = new TreeMap<>();
        for (TopicDescription topic : session.await(session.admin().listTopics())) {
            topic.partitions()
                    .forEach(p -> found.put(new TopicPartition(topic.name(), p.index()), p));
        }
        return found;
    }

    /** {@code t-0, t-1}. */
    public static String names(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).collect(Collectors.joining(", "));
    }

    /** {@code 0,1,2}. */
    static String ids(Collection<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** {@code 1 partition}, {@code 3 partitions}. */
    public static String count(int partitions) {
        return partitions + (partitions == 1 ? " partition" : " partitions");
    }
}
