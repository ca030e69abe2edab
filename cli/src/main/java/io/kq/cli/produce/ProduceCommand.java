package io.kq.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.KafkaProperties;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq produce}: standard input to a topic. Kafka's {@code kafka-console-producer}. */
@Command(
        customSynopsis = "kq produce --topic T [OPTIONS] < INPUT",
        description = {
            "",
            "Send each line of standard input as a record. (kafka-console-producer)",
            "On a terminal > asks for the next line; Ctrl-D ends. In a pipe nothing is",
            "printed; the exit code is 0 when every record has been acknowledged."
        },
        footer = {
            "",
            "Examples:",
            "  kq produce --topic first_topic",
            "  echo 'hello kakarot' | kq produce --topic first_topic",
            "  printf 'truck_1:12.9,77.6\\n' |",
            "    kq produce -t trucks --property parse.key=true --property key.separator=:",
            "  kq consume -t a --from-beginning --until-end -o jsonl |",
            "    kq produce -t b --input-format jsonl"
        })
public final class ProduceCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhere to:%n", order = 1)
    private Target target = new Target();

    @ArgGroup(validate = false, heading = "%nHow a line is read:%n", order = 2)
    private InputOptions input = new InputOptions();

    @ArgGroup(validate = false, heading = "%nHow it is sent:%n", order = 3)
    private SendOptions send = new SendOptions();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** The topic. */
    static final class Target {
        @Option(
                names = {"-t", "--topic"},
                paramLabel = "T",
                description = "The topic; it must exist.")
        @Nullable String topic;

        @Option(
                names = "--partition",
                paramLabel = "N",
                description = "All records to this partition. Default: by key, else in turn.")
        @Nullable Integer partition;

        @Option(names = "--key", paramLabel = "K", description = "The same key for all records.")
        @Nullable String key;
    }

    /** Kafka's producer settings by option. */
    static final class SendOptions {
        @Option(
                names = {"--producer-property", "--command-property"},
                paramLabel = "KEY=VALUE",
                description = {
                    "A setting of Kafka's producer, such as",
                    "acks=all (the default), acks=1, linger.ms=5.",
                    "Can be given again."
                })
        List<String> properties = new ArrayList<>();

        @Option(
                names = "--request-required-acks",
                paramLabel = "A",
                description = "0, 1, all or -1; 2 is taken for all.")
        @Nullable String acks;

        @Option(
                names = "--compression-codec",
                paramLabel = "C",
                arity = "0..1",
                fallbackValue = "gzip",
                description = "none, gzip, snappy, lz4 or zstd; alone: gzip.")
        @Nullable String compression;

        @Option(
                names = "--batch-size",
                paramLabel = "BYTES",
                description = "Size at which a batch is sent at once.")
        @Nullable Integer batchSize;

        @Option(
                names = "--timeout",
                paramLabel = "MS",
                description = "How long a record may wait for others in its batch.")
        @Nullable Integer timeout;

        @Option(names = "--sync", description = "Wait for each record before the next one.")
        boolean sync;

        /** The properties, then what an option of its own says. */
        Map<String, String> all() {
            Map<String, String> all =
                    new LinkedHashMap<>(KafkaProperties.parse("--producer-property", properties));
            put(all, "acks", acks);
            put(all, "compression.type", compression);
            put(all, "batch.size", batchSize);
            put(all, "linger.ms", timeout);
            return all;
        }

        private static void put(Map<String, String> all, String key, @Nullable Object value) {
            if (value != null) {
                all.put(key, value.toString());
            }
        }
    }

    public ProduceCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String topic = target.topic;
        if (topic == null) {
            throw CommandFailure.usage("--topic is needed").next("kq produce --help");
        }
        if (target.partition != null && target.partition < 0) {
            throw CommandFailure.usage("--partition must be at least 0");
        }
        int partition = target.partition == null ? -1 : target.partition;
        byte[] key = target.key == null ? null : target.key.getBytes(UTF_8);
        RecordFormat format = input.format(topic, partition, key);
        try (Session session =
                Session.open(
                        shell,
                        global,
                        send.all(),
                        OutputFormat.TABLE,
                        OutputFormat.JSON,
                        OutputFormat.JSONL)) {
            ProduceRun.Plan plan = new ProduceRun.Plan(topic, partition, format, send.sync);
            new ProduceRun(session, plan).run();
        }
        return ExitCode.OK;
    }
}
