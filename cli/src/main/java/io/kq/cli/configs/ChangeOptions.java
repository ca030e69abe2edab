package io.kq.cli.configs;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.KafkaProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code --alter} shall change. */
final class ChangeOptions {

    @Option(
            names = "--add-config",
            paramLabel = "K=V[,...]",
            description =
                    "Set these. A value with commas goes in brackets:"
                            + " cleanup.policy=[compact,delete].")
    List<String> added = new ArrayList<>();

    @Option(
            names = "--add-config-file",
            paramLabel = "FILE",
            description = "Set what a properties file says.")
    @Nullable Path file;

    @Option(
            names = "--delete-config",
            paramLabel = "K[,...]",
            description = "Back to the defaults.")
    List<String> deleted = new ArrayList<>();

    @Option(names = "--dry-run", description = "Check everything, change nothing.")
    boolean dryRun;

    boolean isUsed() {
        return !added.isEmpty() || file != null || !deleted.isEmpty() || dryRun;
    }

    /** By name; empty: back to the default. */
    Map<String, Optional<String>> all() {
        Map<String, Optional<String>> changes = new TreeMap<>();
        Path path = file;
        if (path != null) {
            KafkaProperties.load(path).forEach((k, v) -> changes.put(k, Optional.of(v)));
        }
        for (String list : added) {
            KafkaProperties.parse("--add-config", pairs(list))
                    .forEach((k, v) -> changes.put(k, Optional.of(withoutBrackets(v))));
        }
        for (String list : deleted) {
            for (String key : list.split(",", -1)) {
                if (changes.put(key.strip(), Optional.empty()) != null) {
                    throw CommandFailure.usage(
                            "'" + key.strip() + "' is named twice, to be set and to be deleted");
                }
            }
        }
        if (changes.isEmpty()) {
            throw CommandFailure.usage("--alter needs --add-config or --delete-config");
        }
        return changes;
    }

    /** Splits at the commas that are not in brackets. */
    private static List<String> pairs(String list) {
        List<String> pairs = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                pairs.add(list.substring(start, i));
                start = i + 1;
            }
        }
        if (depth != 0) {
            throw CommandFailure.usage("--add-config: '" + list + "' has brackets without an end");
        }
        pairs.add(list.substring(start));
        return pairs;
    }

    private static String withoutBrackets(String value) {
        return value.startsWith("[") && value.endsWith("]")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
