package io.kq.cli.perf;

import io.kq.cli.produce.ProducerProperties;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.KafkaProperties;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.client.KqProducer;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq perf produce}: Kafka's {@code kafka-producer-perf-test}. */
@Command(
        customSynopsis = "kq perf produce --topic T --num-records N [OPTIONS]",
        description = {
            "",
            "Send records as fast as asked and report rate and latency.",
            "(kafka-producer-perf-test)"
        },
        footer = {
            "",
            "With --throughput the latency of a record counts from the moment it should have",
            "been sent, so that a stall is not hidden by the records that waited for it.",
            "",
            "Examples:",
            "  kq perf produce --topic t --num-records 1000000 --record-size 100",
            "  kq perf produce --topic t --num-records 100000 --record-size 1024 \\",
            "    --throughput 10000 --producer-props acks=all linger.ms=5 -o json"
        })
public final class PerfProduceCommand implements Callable<Integer> {

    /** No batch that a cluster takes comes near it. */
    private static final int RECORD_BYTES_MAX = 64 * 1024 * 1024;

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nOptions:%n", order = 1)
    private Options options = new Options();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** The load. */
    static final class Options {
        @Option(
                names = {"-t", "--topic"},
                paramLabel = "T",
                description = "The topic; it must exist.")
        @Nullable String topic;

        @Option(
                names = "--num-records",
                paramLabel = "N",
                description = "How many records to send.")
        @Nullable Long recordCount;

        @Option(
                names = "--record-size",
                paramLabel = "BYTES",
                description = "Size of a value. Default: 100.")
        int recordBytes = 100;

        @Option(
                names = "--throughput",
                paramLabel = "R",
                description = "Records per second; -1 (the default): as fast as it goes.")
        double throughput = -1;

        @Option(
                names = {"--producer-props", "--producer-property", "--command-property"},
                paramLabel = "KEY=VALUE",
                arity = "1..*",
                description = "Settings of Kafka's producer, such as acks=all linger.ms=5.")
        List<String> properties = new ArrayList<>();
    }

    public PerfProduceCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ProduceLoad.Plan plan = plan();
        try (Session session =
                        Session.open(
                                shell,
                                global,
                                KafkaProperties.parse("--producer-props", options.properties),
                                OutputFormat.TABLE,
                                OutputFormat.JSON,
                                OutputFormat.JSONL);
                KqProducer producer = session.producer(ProducerProperties.config(session))) {
            checkTopic(session, producer, plan.topic());
            if (plan.isPaced()) {
                session.notice("Latency counts from the intended send time of each record.");
            }
            ProduceLoad load = new ProduceLoad(session, producer, plan);
            ProduceReport report = load.run();
            session.terminal()
                    .println(session.format().isJson() ? report.json() : report.kafkaLine());
            report.requireAllAcknowledged();
        }
        return ExitCode.OK;
    }

    private ProduceLoad.Plan plan() {
        if (options.topic == null || options.recordCount == null) {
            throw CommandFailure.usage("--topic and --num-records are needed")
                    .next("kq perf produce --help");
        }
        if (options.recordCount < 1) {
            throw CommandFailure.usage("--num-records must be at least 1");
        }
        if (options.recordBytes < 0 || options.recordBytes > RECORD_BYTES_MAX) {
            throw CommandFailure.usage("--record-size must be 0 to " + RECORD_BYTES_MAX);
        }
        return new ProduceLoad.Plan(
                options.topic, options.recordCount, options.recordBytes, options.throughput);
    }

    private static void checkTopic(Session session, KqProducer producer, String topic) {
        try {
            session.trace(producer.partitionCount(topic) + " partition(s)");
        } catch (RejectedException e) {
            throw e.code() == ErrorCode.TOPIC_NOT_FOUND
                    ? Explanation.noTopic(
                            session,
                            e,
                            topic,
                            "kq topics --create --topic " + topic + " --partitions 6")
                    : Explanation.of(e);
        }
    }
}
