package io.kq.cli.topics;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.NewPartitions;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code --alter}: adds partitions. Every topic is checked before the first is changed; says what
 * was done, which Kafka's tool does not.
 */
final class TopicAlteration {

    /** Kafka's own words. */
    private static final String KEY_WARNING =
            "WARNING: If partitions are increased for a topic that has a key, the partition logic"
                    + " or ordering of the messages will be affected";

    private final Session session;
    private final int wanted;
    private final List<List<Integer>> assignments;

    TopicAlteration(Session session, PartitionOptions options) {
        this.session = session;
        this.wanted = PartitionOptions.positive("--partitions", options.count);
        this.assignments = options.assignments();
    }

    void run(String typed, List<TopicDescription> topics) {
        if (topics.isEmpty()) {
            session.notice("No topic '" + typed + "': nothing to change.");
        }
        List<NewPartitions> additions = topics.stream().map(this::addition).toList();
        List<TopicDescription> grown = new ArrayList<>();
        try {
            for (NewPartitions addition : additions) {
                grown.add(session.await(session.admin().createPartitions(addition)));
            }
        } catch (RejectedException e) {
            print(topics, grown);
            throw explained(e);
        }
        print(topics, grown);
    }

    private NewPartitions addition(TopicDescription topic) {
        int present = topic.partitions().size();
        if (wanted <= present) {
            String problem =
                    wanted == present
                            ? "' has " + count(present) + " already."
                            : "' has " + count(present) + ", and partitions cannot be taken away.";
            throw CommandFailure.of(
                            ErrorCode.INVALID_PARTITIONS, "Topic '" + topic.name() + problem)
                    .withExitCode(ExitCode.PRECONDITION)
                    .next(
                            wanted == present
                                    ? "kq topics --describe --topic " + topic.name()
                                    : "create a topic with "
                                            + wanted
                                            + " and copy what is needed; or --partitions "
                                            + (present + 1)
                                            + " and more");
        }
        return new NewPartitions(topic.name(), wanted, ofNew(topic, present), false);
    }

    /** Those of the new partitions; Kafka's form names the present ones too, as they are. */
    private List<List<Integer>> ofNew(TopicDescription topic, int present) {
        if (assignments.isEmpty() || assignments.size() == wanted - present) {
            return assignments;
        }
        if (assignments.size() != wanted) {
            throw CommandFailure.usage(
                    "--replica-assignment names "
                            + count(assignments.size())
                            + "; topic '"
                            + topic.name()
                            + "' gets "
                            + (wanted - present)
                            + " new, "
                            + wanted
                            + " in all");
        }
        for (PartitionDescription partition : topic.partitions()) {
            if (!assignments.get(partition.index()).equals(partition.replicas())) {
                throw CommandFailure.usage(
                                "--replica-assignment: partition "
                                        + partition.index()
                                        + " of topic '"
                                        + topic.name()
                                        + "' is on "
                                        + partition.replicas()
                                        + "; --alter moves nothing")
                        .next("kq reassign --help (moves replicas)");
            }
        }
        return assignments.subList(present, wanted);
    }

    private static CommandFailure explained(RejectedException e) {
        CommandFailure failure = Explanation.of(e);
        return e.code() == ErrorCode.INVALID_PARTITIONS
                ? failure.withExitCode(ExitCode.PRECONDITION)
                : failure;
    }

    private void print(List<TopicDescription> before, List<TopicDescription> grown) {
        Terminal terminal = session.terminal();
        if (!grown.isEmpty()) {
            session.notice(KEY_WARNING);
        }
        switch (session.format()) {
            case JSON, JSONL -> TopicJson.print(terminal, session.format(), grown);
            case NAME -> grown.forEach(topic -> terminal.println(topic.name()));
            case TABLE, WIDE -> {
                for (int i = 0; i < grown.size(); i++) {
                    int added = wanted - before.get(i).partitions().size();
                    terminal.println(
                            "Added "
                                    + count(added)
                                    + " to topic "
                                    + grown.get(i).name()
                                    + ", which has "
                                    + wanted
                                    + " now.");
                }
            }
        }
    }

    private static String count(int partitions) {
        return partitions + (partitions == 1 ? " partition" : " partitions");
    }
}
