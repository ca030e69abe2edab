package io.kq.cli.consume;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.KafkaProperties;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.client.ConsumerConfig.Reset;
import io.kq.client.KqConsumer;
import io.kq.client.group.GroupConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq consume}: a topic to standard output. Kafka's {@code kafka-console-consumer}. */
@Command(
        customSynopsis = "kq consume --topic T | --include REGEX [OPTIONS]",
        description = {
            "",
            "Print records of a topic as they come; Ctrl-C ends. (kafka-console-consumer)",
            "With --group its consumers share the partitions, and go on where the group has",
            "come to. Without it there is no group, and nothing is committed."
        },
        footer = {
            "",
            "Format of -f: %%t topic, %%p partition, %%o offset, %%k key, %%v value,",
            "%%T timestamp in ms, %%h headers, %%K and %%V sizes, %%%% percent, \\n \\t \\xNN.",
            "",
            "Examples:",
            "  kq consume --topic first_topic --from-beginning",
            "  kq consume -t first_topic --group first-application-group",
            "  kq consume -t first_topic --since 10m --until-end -o jsonl",
            "  kq consume -t trucks --property print.key=true --property key.separator=:",
            "  kq consume -t trucks -f '%%t[%%p]@%%o %%k=%%v\\n'"
        })
public final class ConsumeCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhat to read:%n", order = 1)
    private Source source = new Source();

    @ArgGroup(validate = false, order = 2, heading = "%nAs part of a group:%n")
    private Group group = new Group();

    @ArgGroup(validate = false, heading = "%nFrom where to where:%n", order = 3)
    private StartOptions start = new StartOptions();

    @ArgGroup(validate = false, heading = "%nHow it is printed:%n", order = 4)
    private Printing printing = new Printing();

    @ArgGroup(validate = false, heading = "%nHow it is read:%n", order = 5)
    private Reading reading = new Reading();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** The topics. */
    static final class Source {
        @Option(
                names = {"-t", "--topic"},
                paramLabel = "T",
                description = "A topic.")
        @Nullable String topic;

        @Option(
                names = "--include",
                paramLabel = "REGEX",
                description = "All topics that match, also those that come later.")
        @Nullable String include;
    }

    /** The group. */
    static final class Group {
        @Option(
                names = "--group",
                paramLabel = "G",
                description = {
                    "Read as a member of this consumer group.",
                    "With --from-beginning: what the group has",
                    "not come to yet from its beginning."
                })
        @Nullable String id;
    }

    /** What a record looks like. */
    static final class Printing {
        @Option(
                names = {"--property", "--formatter-property"},
                paramLabel = "KEY=VALUE",
                description = {
                    "print.timestamp, print.partition, print.offset,",
                    "print.headers, print.key, print.value: true or",
                    "false; key.separator=X (default: tab),",
                    "line.separator=X, null.literal=X",
                    "Can be given again."
                })
        List<String> properties = new ArrayList<>();

        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                description = "A format string, see below.")
        @Nullable String format;
    }

    /** Kafka's consumer settings. */
    static final class Reading {
        @Option(
                names = {"--consumer-property", "--command-property"},
                paramLabel = "KEY=VALUE",
                description = {
                    "A setting of Kafka's consumer, such as",
                    "auto.offset.reset=earliest. Can be given again."
                })
        List<String> properties = new ArrayList<>();

        @Option(
                names = "--isolation-level",
                paramLabel = "L",
                description = "read_uncommitted or read_committed: the same, for now.")
        @Nullable String isolation;
    }

    public ConsumeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (reading.isolation != null) {
            ConsumerProperties.checkIsolation(reading.isolation);
        }
        start.check();
        Pattern include = pattern();
        try (Session session =
                Session.open(
                        shell,
                        global,
                        KafkaProperties.parse("--consumer-property", reading.properties),
                        OutputFormat.TABLE,
                        OutputFormat.JSON,
                        OutputFormat.JSONL)) {
            ConsumerProperties properties = ConsumerProperties.of(session);
            ConsumeRun.Source reads =
                    properties
                            .group(group.id)
                            .map(member -> member(session, properties, member, include))
                            .orElseGet(() -> all(session, properties, include));
            new ConsumeRun(session, reads, start, writer(session.format())).run();
        }
        return ExitCode.OK;
    }

    private ConsumeRun.Source member(
            Session session,
            ConsumerProperties properties,
            GroupConfig member,
            @Nullable Pattern include) {
        start.checkForGroup();
        Reset reset = start.fromBeginning ? Reset.EARLIEST : Reset.LATEST;
        return Sources.member(session, properties.config(reset), member, source.topic, include);
    }

    private ConsumeRun.Source all(
            Session session, ConsumerProperties properties, @Nullable Pattern include) {
        // An offset that is gone is an error only where that very offset was asked for.
        Reset reset = start.isExact() ? Reset.NONE : Reset.EARLIEST;
        return Sources.all(
                session,
                properties.config(reset),
                new Assignment.Wanted(source.topic, include, start.partition, from(session)));
    }

    /** As in Kafka, whose console consumer has no committed offset to start from either. */
    private KqConsumer.Position from(Session session) {
        return start.saysWhere()
                ? start.position(shell.terminal().clock())
                : ConsumerProperties.start(session);
    }

    private @Nullable Pattern pattern() {
        String include = source.include;
        if ((source.topic == null) == (include == null)) {
            throw CommandFailure.usage("one of --topic and --include is needed")
                    .next("kq consume --help");
        }
        if (include != null && start.partition != null) {
            throw CommandFailure.usage("--partition goes with --topic");
        }
        try {
            return include == null ? null : Pattern.compile(include.replace(',', '|'));
        } catch (PatternSyntaxException e) {
            throw CommandFailure.usage("--include: '" + include + "' is no regular expression");
        }
    }

    private RecordWriter writer(OutputFormat format) {
        boolean plain = printing.properties.isEmpty() && printing.format == null;
        if (format.isJson()) {
            if (!plain) {
                throw CommandFailure.usage("-o json goes without -f and --property");
            }
            return new JsonRecords(format == OutputFormat.JSON);
        }
        if (printing.format != null) {
            if (!printing.properties.isEmpty()) {
                throw CommandFailure.usage("-f goes without --property");
            }
            return new FormatString(printing.format);
        }
        return new KafkaLines(KafkaProperties.parse("--property", printing.properties));
    }
}
