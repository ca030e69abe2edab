package io.kq.cli.records;

import io.kq.cli.files.OffsetFile;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.protocol.TopicPartition;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq records --delete}. Kafka's {@code kafka-delete-records}. */
@Command(
        customSynopsis = "kq records --delete --offset-json-file FILE [OPTIONS]",
        description = {
            "",
            "Delete the records of partitions before given offsets, for good.",
            "(kafka-delete-records)"
        },
        footer = {
            "",
            "The file is Kafka's. An offset of -1 means all records that there are:",
            "  {\"partitions\":[",
            "    {\"topic\":\"first_topic\",\"partition\":0,\"offset\":3},",
            "    {\"topic\":\"first_topic\",\"partition\":1,\"offset\":-1}],",
            "   \"version\":1}",
            "",
            "DELETED counts offsets, from the former log start to the new one.",
            "A file with a mistake in it deletes nothing. At a terminal you are asked",
            "first if it names more than one partition.",
            "",
            "Examples:",
            "  kq records --delete --offset-json-file offsets.json --dry-run",
            "  kq records --delete --offset-json-file offsets.json",
            "  kq records --delete --offset-json-file offsets.json --no-input -o jsonl"
        })
public final class RecordsCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nOptions:%n", order = 1)
    private Options options = new Options();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** What is to be deleted. */
    static final class Options {
        @Option(names = "--delete", description = "Delete records.")
        boolean delete;

        @Option(
                names = "--offset-json-file",
                paramLabel = "FILE",
                description = "Before which offset, for each partition.")
        @Nullable Path file;

        @Option(names = "--dry-run", description = "Only show what would be deleted.")
        boolean dryRun;
    }

    public RecordsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (!options.delete) {
            throw CommandFailure.usage("--delete is needed");
        }
        Path file = options.file;
        if (file == null) {
            throw CommandFailure.usage("--offset-json-file is needed");
        }
        Map<TopicPartition, Long> offsets = OffsetFile.read(file);
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            new RecordDeletion(session, offsets).run(options.dryRun);
        }
        return ExitCode.OK;
    }
}
