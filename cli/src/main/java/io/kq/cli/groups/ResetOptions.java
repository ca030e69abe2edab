package io.kq.cli.groups;

import io.kq.cli.shell.CommandFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where offsets are reset to, and whether they are. */
final class ResetOptions {

    @Option(names = "--to-earliest", description = "The first record that there is.")
    boolean toEarliest;

    @Option(names = "--to-latest", description = "Behind the last record.")
    boolean toLatest;

    @Option(names = "--to-current", description = "Where it is, as a plan to be exported.")
    boolean toCurrent;

    @Option(names = "--to-offset", paramLabel = "N", description = "This offset.")
    @Nullable Long toOffset;

    @Option(
            names = "--shift-by",
            paramLabel = "N",
            description = "So many records on; back if it is negative.")
    @Nullable Long shiftBy;

    @Option(
            names = "--to-datetime",
            paramLabel = "TIME",
            description = "The first record of this moment (RFC 3339) or later.")
    @Nullable String toDatetime;

    @Option(
            names = "--by-duration",
            paramLabel = "D",
            description = "The same, so long ago: 2h, or PT2H.")
    @Nullable String byDuration;

    @Option(
            names = "--from-file",
            paramLabel = "FILE",
            description = "What the file says: lines of topic,partition,offset.")
    @Nullable Path fromFile;

    @Option(names = "--dry-run", description = "Only show what would be done. The default.")
    boolean dryRun;

    @Option(names = "--execute", description = "Do it.")
    boolean execute;

    @Option(names = "--export", description = "Print lines for --from-file instead of a table.")
    boolean export;

    boolean isUsed() {
        return !targets().isEmpty() || dryRun || execute || export;
    }

    private List<String> targets() {
        List<String> targets = new ArrayList<>();
        add(targets, toEarliest, "--to-earliest");
        add(targets, toLatest, "--to-latest");
        add(targets, toCurrent, "--to-current");
        add(targets, toOffset != null, "--to-offset");
        add(targets, shiftBy != null, "--shift-by");
        add(targets, toDatetime != null, "--to-datetime");
        add(targets, byDuration != null, "--by-duration");
        add(targets, fromFile != null, "--from-file");
        return targets;
    }

    private static void add(List<String> all, boolean used, String name) {
        if (used) {
            all.add(name);
        }
    }

    /** Refuses what contradicts itself. */
    void check() {
        List<String> targets = targets();
        if (targets.size() != 1) {
            throw CommandFailure.usage(
                    targets.isEmpty()
                            ? "--reset-offsets needs to know where to: --to-earliest, --to-latest,"
                                    + " --to-offset, --shift-by, --to-datetime, --by-duration,"
                                    + " --to-current or --from-file"
                            : "only one of " + String.join(", ", targets));
        }
        if (dryRun && execute) {
            throw CommandFailure.usage("--dry-run or --execute, not both");
        }
        if (toOffset != null && toOffset < 0) {
            throw CommandFailure.usage("--to-offset must be at least 0");
        }
    }
}
