package io.kq.cli.produce;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.DidYouMean;
import io.kq.cli.shell.KafkaProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a line becomes a record: the properties of Kafka's {@code LineMessageReader}. */
final class InputOptions {

    private static final Set<String> KNOWN =
            Set.of(
                    "parse.key",
                    "key.separator",
                    "parse.headers",
                    "headers.delimiter",
                    "headers.separator",
                    "headers.key.separator",
                    "null.marker",
                    "ignore.error");

    @Option(
            names = "--input-format",
            paramLabel = "F",
            description = "lines, or jsonl as kq consume -o jsonl prints it. Default: lines.")
    String inputFormat = "lines";

    @Option(
            names = {"--property", "--reader-property"},
            paramLabel = "KEY=VALUE",
            description = {
                "parse.key=true",
                "key.separator=X (default: tab)",
                "parse.headers=true, headers.delimiter=X,",
                "headers.separator=X, headers.key.separator=X",
                "null.marker=X, ignore.error=true",
                "Can be given again."
            })
    List<String> properties = new ArrayList<>();

    @Option(
            names = "--key-separator",
            paramLabel = "X",
            description = {"The same as parse.key=true and", "key.separator=X."})
    @Nullable String keySeparator;

    /**
     * The format that the options ask for.
     *
     * @param key of every record, or null
     */
    RecordFormat format(String topic, int partition, byte @Nullable [] key) {
        Map<String, String> asked = KafkaProperties.parse("--property", properties);
        for (String property : asked.keySet()) {
            if (!KNOWN.contains(property)) {
                throw CommandFailure.usage("unknown property '" + property + "' of --property")
                        .didYouMean(DidYouMean.among(KNOWN, property));
            }
        }
        return switch (inputFormat) {
            case "jsonl" -> {
                if (!asked.isEmpty() || keySeparator != null) {
                    throw CommandFailure.usage("--property and --key-separator are for lines");
                }
                yield new JsonLines(topic, partition, key);
            }
            case "lines" -> new PlainLines(layout(topic, partition, key, asked));
            default ->
                    throw CommandFailure.usage(
                            "--input-format: '" + inputFormat + "' is not lines or jsonl");
        };
    }

    private PlainLines.Layout layout(
            String topic, int partition, byte @Nullable [] key, Map<String, String> asked) {
        boolean parseKey = flag(asked, "parse.key") || keySeparator != null;
        if (parseKey && key != null) {
            throw CommandFailure.usage("--key goes without parse.key");
        }
        String separator =
                keySeparator != null ? keySeparator : asked.getOrDefault("key.separator", "\t");
        PlainLines.HeaderLayout headers = null;
        if (flag(asked, "parse.headers")) {
            headers =
                    new PlainLines.HeaderLayout(
                            filled(asked, "headers.key.separator", ":"),
                            filled(asked, "headers.separator", ","),
                            filled(asked, "headers.delimiter", "\t"));
        }
        if (parseKey && separator.isEmpty()) {
            throw CommandFailure.usage("key.separator is empty");
        }
        return new PlainLines.Layout(
                topic,
                partition,
                key,
                parseKey ? separator : null,
                headers,
                asked.getOrDefault("null.marker", ""),
                flag(asked, "ignore.error"));
    }

    private static String filled(Map<String, String> asked, String property, String otherwise) {
        String value = asked.getOrDefault(property, otherwise);
        if (value.isEmpty()) {
            throw CommandFailure.usage(property + " is empty");
        }
        return value;
    }

    private static boolean flag(Map<String, String> asked, String property) {
        String value = asked.getOrDefault(property, "false").strip();
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw CommandFailure.usage(property + ": '" + value + "' is not true or false");
        }
        return value.equalsIgnoreCase("true");
    }
}
