package io.kq.cli.partitions;

import io.kq.cli.files.PartitionFile;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.protocol.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq leaders --elect}. Kafka's {@code kafka-leader-election}. */
@Command(
        customSynopsis = "kq leaders --elect --election-type TYPE [--topic T | ...] [OPTIONS]",
        description = {"", "Have leaders of partitions elected. (kafka-leader-election)"},
        footer = {
            "",
            "preferred: the first replica leads again, if it is in sync. Nothing is lost.",
            "Nodes do it by themselves a while after a broker came back.",
            "unclean: for partitions without a leader. Of the replicas that are up the one",
            "with the largest log leads, although acknowledged records may be missing in it:",
            "THESE ARE LOST. Start the brokers that have them first, if that is possible.",
            "",
            "Examples:",
            "  kq leaders --elect --election-type preferred --all-topic-partitions",
            "  kq leaders --elect --election-type preferred --topic first_topic",
            "  kq leaders --elect --election-type unclean --topic first_topic --partition 2"
        })
public final class LeadersCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nOptions:%n", order = 1)
    private Options options = new Options();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** What is asked for. */
    static final class Options {
        @Option(names = "--elect", description = "Elect leaders.")
        boolean elect;

        @Option(
                names = "--election-type",
                paramLabel = "TYPE",
                description = "preferred or unclean.")
        @Nullable String type;

        @Option(
                names = {"-t", "--topic"},
                paramLabel = "T",
                description = "Partitions of this topic.")
        @Nullable String topic;

        @Option(
                names = "--partition",
                paramLabel = "N",
                description = "With --topic: this one only.")
        @Nullable Integer partition;

        @Option(names = "--all-topic-partitions", description = "All partitions of all topics.")
        boolean all;

        @Option(
                names = "--path-to-json-file",
                paramLabel = "FILE",
                description =
                        "Those that a file names, as Kafka has it:"
                                + " {\"partitions\":[{\"topic\":\"t\",\"partition\":0}]}.")
        @Nullable Path file;
    }

    public LeadersCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        boolean unclean = check();
        List<TopicPartition> named =
                options.file == null ? List.of() : PartitionFile.read(options.file);
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            LeaderElections elections = new LeaderElections(session);
            List<TopicPartition> asked = named.isEmpty() ? ofTopic(session) : named;
            if (unclean) {
                elections.uncleanly(asked, options.all);
            } else {
                elections.preferred(asked);
            }
        }
        return ExitCode.OK;
    }

    private boolean check() {
        if (!options.elect) {
            throw CommandFailure.usage("--elect is needed");
        }
        int ways = (options.topic == null ? 0 : 1) + (options.file == null ? 0 : 1);
        if (ways + (options.all ? 1 : 0) != 1) {
            throw CommandFailure.usage(
                    "one of --topic, --all-topic-partitions, --path-to-json-file is needed");
        }
        if (options.partition != null && (options.topic == null || options.partition < 0)) {
            throw CommandFailure.usage("--partition is a number from 0 on and goes with --topic");
        }
        String type = options.type;
        if (type == null) {
            throw CommandFailure.usage("--election-type is needed: preferred or unclean");
        }
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "preferred" -> false;
            case "unclean" -> true;
            default ->
                    throw CommandFailure.usage(
                            "--election-type: '" + type + "' is neither preferred nor unclean");
        };
    }

    /** Empty: all that there are. */
    private List<TopicPartition> ofTopic(Session session) {
        String topic = options.topic;
        if (topic == null) {
            return List.of();
        }
        int count = PartitionLookup.topic(session, topic).partitions().size();
        Integer partition = options.partition;
        if (partition != null) {
            return List.of(PartitionLookup.existing(topic, partition, count));
        }
        return IntStream.range(0, count).mapToObj(i -> new TopicPartition(topic, i)).toList();
    }
}
