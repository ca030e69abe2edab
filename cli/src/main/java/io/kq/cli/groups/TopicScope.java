package io.kq.cli.groups;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** Which partitions a verb is about. */
final class TopicScope {

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "T[:P,P]",
            description = "A topic, or some of its partitions. Can be given again.")
    List<String> topics = new ArrayList<>();

    @Option(names = "--all-topics", description = "All topics that the group has offsets of.")
    boolean all;

    boolean isUsed() {
        return all || !topics.isEmpty();
    }

    /** By name and number; each is there. */
    SortedSet<TopicPartition> resolve(Session session) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        for (String typed : topics) {
            int colon = typed.lastIndexOf(':');
            String name = colon < 0 ? typed : typed.substring(0, colon);
            int count = describe(session, name).partitions().size();
            if (colon < 0) {
                for (int i = 0; i < count; i++) {
                    partitions.add(new TopicPartition(name, i));
                }
            } else {
                for (String number : typed.substring(colon + 1).split(",", -1)) {
                    partitions.add(new TopicPartition(name, index(typed, number, name, count)));
                }
            }
        }
        return partitions;
    }

    private static TopicDescription describe(Session session, String name) {
        try {
            return session.await(session.admin().describeTopic(name));
        } catch (RejectedException e) {
            throw e.code() == ErrorCode.TOPIC_NOT_FOUND
                    ? Explanation.noTopic(session, e, name, "kq topics --list")
                    : e;
        }
    }

    private static int index(String typed, String number, String topic, int count) {
        int index;
        try {
            index = Integer.parseInt(number.strip());
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("--topic: '" + typed + "' is not like T or T:0,1,2");
        }
        if (index < 0 || index >= count) {
            throw CommandFailure.of(
                            ErrorCode.PARTITION_NOT_FOUND,
                            "Topic '" + topic + "' has no partition " + index + ".")
                    .withDetail("partitions 0 to " + (count - 1) + " exist")
                    .next("kq topics --describe --topic " + topic);
        }
        return index;
    }
}
