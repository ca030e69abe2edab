package io.kq.cli.perf;

import io.kq.cli.consume.ConsumerProperties;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.KafkaProperties;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerConfig.Reset;
import io.kq.client.KqConsumer;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq perf consume}: Kafka's {@code kafka-consumer-perf-test}. */
@Command(
        customSynopsis = "kq perf consume --topic T --num-records N [OPTIONS]",
        description = {
            "",
            "Read records as fast as it goes and report the rate, in Kafka's columns.",
            "(kafka-consumer-perf-test)"
        },
        footer = {
            "",
            "Examples:",
            "  kq perf consume --topic t --num-records 1000000",
            "  kq perf consume --topic t --num-records 1000000 --hide-header",
            "  kq perf consume --topic t --num-records 1000000 -o json"
        })
public final class PerfConsumeCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nOptions:%n", order = 1)
    private Options options = new Options();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** What to read. */
    static final class Options {
        @Option(
                names = {"-t", "--topic"},
                paramLabel = "T",
                description = "The topic, all of its partitions.")
        @Nullable String topic;

        @Option(
                names = {"--num-records", "--messages"},
                paramLabel = "N",
                description = "How many records to read.")
        @Nullable Long recordCount;

        @Option(
                names = "--timeout",
                paramLabel = "MS",
                description = "Longest wait for a record. Default: 10000.")
        long timeoutMillis = 10_000;

        @Option(
                names = "--fetch-size",
                paramLabel = "BYTES",
                description = "Size of one message of a partition.")
        @Nullable Integer fetchBytes;

        @Option(names = "--from-latest", description = "Start at the end of the topic.")
        boolean fromLatest;

        @Option(names = "--hide-header", description = "Only the line of numbers.")
        boolean hideHeader;

        @Option(
                names = {"--consumer-property", "--command-property"},
                paramLabel = "KEY=VALUE",
                description = "A setting of Kafka's consumer. Can be given again.")
        List<String> properties = new ArrayList<>();

        @Option(names = "--group", hidden = true)
        @Nullable String group;
    }

    public PerfConsumeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ConsumeLoad.Plan plan = plan();
        List<String> properties = new ArrayList<>(options.properties);
        if (options.fetchBytes != null) {
            properties.add("max.partition.fetch.bytes=" + options.fetchBytes);
        }
        if (options.group != null) {
            properties.add("group.id=" + options.group);
        }
        try (Session session =
                Session.open(
                        shell,
                        global,
                        KafkaProperties.parse("--consumer-property", properties),
                        OutputFormat.TABLE,
                        OutputFormat.JSON,
                        OutputFormat.JSONL)) {
            ConsumerConfig config = ConsumerProperties.config(session, Reset.EARLIEST);
            try (KqConsumer consumer = session.consumer(config)) {
                report(session, run(session, consumer, plan), plan);
            }
        }
        return ExitCode.OK;
    }

    private ConsumeLoad.Plan plan() {
        if (options.topic == null || options.recordCount == null) {
            throw CommandFailure.usage("--topic and --num-records are needed")
                    .next("kq perf consume --help");
        }
        if (options.recordCount < 1 || options.timeoutMillis < 1) {
            throw CommandFailure.usage("--num-records and --timeout must be at least 1");
        }
        return new ConsumeLoad.Plan(
                options.topic,
                options.recordCount,
                Duration.ofMillis(options.timeoutMillis),
                options.fromLatest);
    }

    private static ConsumeReport run(Session session, KqConsumer consumer, ConsumeLoad.Plan plan) {
        List<TopicPartition> partitions;
        try {
            partitions = consumer.partitionsOf(plan.topic());
        } catch (RejectedException e) {
            throw e.code() == ErrorCode.TOPIC_NOT_FOUND
                    ? Explanation.noTopic(session, e, plan.topic(), "kq topics --list")
                    : Explanation.of(e);
        }
        return new ConsumeLoad(session, consumer, plan).run(partitions);
    }

    private void report(Session session, ConsumeReport report, ConsumeLoad.Plan plan) {
        if (session.format().isJson()) {
            session.terminal().println(report.json());
        } else {
            if (!options.hideHeader) {
                session.terminal().println(ConsumeReport.KAFKA_HEADER);
            }
            session.terminal().println(report.kafkaLine());
        }
        if (report.recordCount() < plan.recordCount()) {
            throw CommandFailure.local(
                            "TOO_FEW_RECORDS",
                            "Only "
                                    + report.recordCount()
                                    + " of "
                                    + plan.recordCount()
                                    + " record(s) came; then none for "
                                    + plan.timeout().toMillis()
                                    + " ms (--timeout).",
                            null)
                    .next("kq offsets --topic T shows how many there are; or a longer --timeout");
        }
    }
}
