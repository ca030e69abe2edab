package io.kq.cli.topics;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Moment;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.cli.shell.Terminal;
import io.kq.client.KqConsumer.Position;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.TopicPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq offsets}: where partitions begin and end. Kafka's {@code kafka-get-offsets}. */
@Command(
        customSynopsis = "kq offsets [--topic T] [--time TIME] [OPTIONS]",
        description = {
            "",
            "Print offsets of partitions as TOPIC:PARTITION:OFFSET. (kafka-get-offsets)"
        },
        footer = {
            "",
            "A partition without a record that is young enough is left out.",
            "",
            "Examples:",
            "  kq offsets --topic first_topic",
            "  kq offsets --topic first_topic --time earliest",
            "  kq offsets --time 2026-11-22T10:00:00Z -o json"
        })
public final class OffsetsCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nOptions:%n", order = 1)
    private Options options = new Options();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** What is asked for. */
    static final class Options {
        @Option(
                names = {"-t", "--topic"},
                paramLabel = "T",
                description = "A topic's name, or a regular expression. Default: all.")
        @Nullable String topic;

        @Option(names = "--partitions", paramLabel = "0,1", description = "Only these partitions.")
        @Nullable String partitions;

        @Option(
                names = "--time",
                paramLabel = "TIME",
                description =
                        "latest or -1, earliest or -2, milliseconds since 1970, or a date and time."
                                + " Default: latest.")
        String time = "latest";

        @Option(names = "--exclude-internal-topics", description = "Leave out kq's own topics.")
        boolean excludeInternal;
    }

    public OffsetsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Position position = position(options.time);
        Set<Integer> partitions = partitions(options.partitions);
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            TopicSelection selection = new TopicSelection();
            selection.topic = options.topic;
            selection.excludeInternal = options.excludeInternal;
            Map<TopicPartition, Position> asked = new HashMap<>();
            for (TopicDescription topic : selection.require(session)) {
                for (PartitionDescription partition : topic.partitions()) {
                    if (partitions.isEmpty() || partitions.contains(partition.index())) {
                        asked.put(new TopicPartition(topic.name(), partition.index()), position);
                    }
                }
            }
            Map<TopicPartition, Long> offsets =
                    asked.isEmpty() ? Map.of() : session.await(session.admin().listOffsets(asked));
            Map<TopicPartition, Long> known = new TreeMap<>(offsets);
            known.values().removeIf(offset -> offset < 0);
            print(session, known);
        }
        return ExitCode.OK;
    }

    private static Position position(String time) {
        return switch (time) {
            case "latest", "-1" -> Position.LATEST;
            case "earliest", "-2" -> Position.EARLIEST;
            default -> Position.timestamp(Moment.parse("--time", time));
        };
    }

    private static Set<Integer> partitions(@Nullable String list) {
        Set<Integer> partitions = new HashSet<>();
        for (String part : list == null ? List.<String>of() : List.of(list.split(",", -1))) {
            try {
                partitions.add(Integer.parseInt(part.strip()));
            } catch (NumberFormatException e) {
                throw CommandFailure.usage("--partitions: '" + list + "' is not like 0,1,2");
            }
        }
        return partitions;
    }

    private static void print(Session session, Map<TopicPartition, Long> offsets) {
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON -> {
                JsonText json = new JsonText();
                json.beginObject().name("offsets").beginArray();
                offsets.forEach((partition, offset) -> write(json, partition, offset));
                terminal.println(json.endArray().endObject().toString());
            }
            case JSONL ->
                    offsets.forEach(
                            (partition, offset) -> {
                                JsonText json = new JsonText();
                                write(json, partition, offset);
                                terminal.println(json.toString());
                            });
            case TABLE, WIDE, NAME ->
                    offsets.forEach(
                            (partition, offset) ->
                                    terminal.println(
                                            partition.topic()
                                                    + ":"
                                                    + partition.partition()
                                                    + ":"
                                                    + offset));
        }
    }

    private static void write(JsonText json, TopicPartition partition, long offset) {
        json.beginObject();
        json.name("topic").value(partition.topic());
        json.name("partition").value(partition.partition());
        json.name("offset").value(offset);
        json.endObject();
    }
}
