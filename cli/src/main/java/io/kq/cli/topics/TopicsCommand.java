package io.kq.cli.topics;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code kq topics}: one of create, list, describe, alter, delete. Kafka's {@code kafka-topics}.
 */
@Command(
        customSynopsis = "kq topics --create|--list|--describe|--alter|--delete [--topic T] [...]",
        description = {"", "Create, list, describe, change and delete topics. (kafka-topics)"},
        footer = {
            "",
            "Examples:",
            "  kq topics --create --topic first_topic --partitions 3 --replication-factor 1",
            "  kq topics --list",
            "  kq topics --describe --topic first_topic -o wide",
            "  kq topics --describe --under-replicated-partitions",
            "  kq topics --alter --topic first_topic --partitions 6",
            "  kq topics --delete --topic 'test-.*'"
        })
public final class TopicsCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhat to do, one of:%n", order = 1)
    private Action action = new Action();

    @ArgGroup(validate = false, heading = "%nWhich topics:%n", order = 2)
    private TopicSelection selection = new TopicSelection();

    @ArgGroup(validate = false, heading = "%nWith --create and --alter:%n", order = 3)
    private PartitionOptions partitions = new PartitionOptions();

    @ArgGroup(validate = false, heading = "%nWith --create:%n", order = 4)
    private TopicCreation creation = new TopicCreation();

    @ArgGroup(validate = false, heading = "%nWith --describe, only what is:%n", order = 5)
    private DescribeFilter filter = new DescribeFilter();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** The verbs. */
    static final class Action {
        @Option(names = "--create", description = "Create a topic.")
        boolean create;

        @Option(names = "--list", description = "List the names of topics.")
        boolean list;

        @Option(names = "--describe", description = "Show partitions, leaders and replicas.")
        boolean describe;

        @Option(names = "--alter", description = "Add partitions to a topic.")
        boolean alter;

        @Option(names = "--delete", description = "Delete topics with all their records.")
        boolean delete;

        private int count() {
            int count = 0;
            for (boolean chosen : new boolean[] {create, list, describe, alter, delete}) {
                count += chosen ? 1 : 0;
            }
            return count;
        }
    }

    public TopicsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        check();
        try (Session session = Session.open(shell, global, OutputFormat.values())) {
            if (action.create) {
                creation.run(session, topicFor("--create"), partitions);
            } else if (action.list) {
                TopicListing.print(session, selection.find(session));
            } else if (action.describe) {
                DescribedTopics.print(session, selection.require(session), filter);
            } else if (action.alter) {
                String typed = topicFor("--alter");
                new TopicAlteration(session, partitions).run(typed, selection.require(session));
            } else {
                String typed = topicFor("--delete");
                TopicDeletion.run(session, typed, selection.require(session));
            }
        }
        return ExitCode.OK;
    }

    private void check() {
        if (action.count() != 1) {
            throw CommandFailure.usage(
                            "exactly one of --create, --list, --describe, --alter, --delete is"
                                    + " needed")
                    .next("kq topics --help");
        }
        if (action.alter) {
            checkAlter();
        } else if (!action.create && (partitions.isUsed() || creation.isUsed())) {
            throw CommandFailure.usage(
                    "--partitions, --replication-factor, --replica-assignment, --config and"
                            + " --if-not-exists go with --create only");
        }
        if (!action.describe && filter.isUsed()) {
            throw CommandFailure.usage("filters of partitions go with --describe only");
        }
    }

    private void checkAlter() {
        if (!creation.configs.isEmpty()) {
            throw CommandFailure.usage("--alter changes partitions; configs have their own command")
                    .next(
                            "kq configs --alter --entity-type topics --entity-name T --add-config"
                                    + " K=V");
        }
        if (creation.replicationFactor != null) {
            throw CommandFailure.usage("--alter adds partitions; replicas have their own command")
                    .next("kq reassign --help");
        }
        if (creation.ifNotExists || partitions.count == null) {
            throw CommandFailure.usage("--alter needs --partitions N, the number it has then");
        }
    }

    private String topicFor(String verb) {
        @Nullable String topic = selection.topic;
        if (topic == null) {
            throw CommandFailure.usage(verb + " needs --topic");
        }
        return topic;
    }
}
