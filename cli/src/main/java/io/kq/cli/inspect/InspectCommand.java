package io.kq.cli.inspect;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code kq inspect}: segments, batches and records of a data directory. Names no class of the log
 * store itself: those are loaded with {@link InspectRun}, when the command runs.
 */
@Command(
        customSynopsis = "kq inspect DATA_DIRECTORY [OPTIONS]",
        description = {
            "",
            "Show how topics are stored: the partitions in a node's data directory, with",
            "--topic the leader epochs, producers, segment files and the batches in them, with",
            "--records each record.",
            "Reads only; works beside a running node, and without one. (kafka-dump-log)"
        },
        footer = {
            "",
            "Examples:",
            "  kq inspect kq-data/node-0",
            "  kq inspect kq-data/node-0 --topic first_topic --partition 0",
            "  kq inspect kq-data/node-0 --topic first_topic --records",
            "  kq inspect kq-data/node-0 --verify        (exit 10: something is damaged)",
            "",
            "Damaged are records. What a node makes again from them (the index, producer",
            "snapshots, the checkpoint, names) is only warned of."
        })
public final class InspectCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(
            paramLabel = "DATA_DIRECTORY",
            arity = "0..1",
            description = "One of the node's data.dirs.")
    private @Nullable String directory;

    @ArgGroup(validate = false, heading = "%nOptions:%n", order = 1)
    private Options options = new Options();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** What is shown. */
    static final class Options {
        @Option(
                names = {"-t", "--topic"},
                paramLabel = "T",
                description = "Only this topic, by name or id; with its segments and batches.")
        @Nullable String topic;

        @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
        @Nullable Integer partition;

        @Option(
                names = "--segment",
                paramLabel = "OFFSET",
                description = "Only the segment that starts at this offset.")
        @Nullable Long segment;

        @Option(names = "--records", description = "Each record of each batch too.")
        boolean records;

        @Option(names = "--index", description = "Each row of the index too.")
        boolean index;

        @Option(
                names = "--verify",
                description = "Read every byte and check it; exit 10 if something is damaged.")
        boolean verify;
    }

    public InspectCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (directory == null) {
            throw CommandFailure.usage("which data directory? Its path is data.dirs of the node")
                    .next("kq inspect --help");
        }
        if (options.topic == null
                && (options.segment != null || options.records || options.index)) {
            throw CommandFailure.usage("--segment, --records and --index need --topic");
        }
        if (options.verify && (options.records || options.index || options.segment != null)) {
            throw CommandFailure.usage("--verify goes without --records, --index and --segment");
        }
        try (Session session =
                Session.open(
                        shell,
                        global,
                        OutputFormat.TABLE,
                        OutputFormat.WIDE,
                        OutputFormat.JSON,
                        OutputFormat.JSONL)) {
            return InspectRun.run(session, Path.of(directory), options);
        } catch (NoClassDefFoundError e) {
            throw CommandFailure.local(
                            "NOT_INSTALLED",
                            "the log store is not on the class path of this process",
                            e)
                    .next("run it through the kq launcher");
        }
    }
}
