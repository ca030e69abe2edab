package io.kq.cli.dev;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.Shell;
import io.kq.runtime.io.DiskFull;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq dev}: a cluster of real node processes on the loopback interface. */
@Command(
        customSynopsis = "kq dev [--brokers N] [--data DIR] [OPTIONS]",
        description = {
            "",
            "Run a cluster on this machine, for development. Ctrl-C stops it and keeps its data."
        },
        footer = {
            "",
            "Node i listens on PORT+10i (clients), +1 (metadata) and +2 (node to node); its",
            "settings and logs are in DIR/node-<i>. A node that dies is reported, and the",
            "others go on. DIR/dev.properties tells scripts the process ids and ports.",
            "",
            "Heap of each node: KQ_HEAP_OPTS (here -Xms64m -Xmx256m). More JVM options of",
            "the nodes: KQ_JVM_OPTS.",
            "",
            "Examples:",
            "  kq dev",
            "  kq dev --brokers 3",
            "  kq dev --data /tmp/second --port-base 19092",
            "  kq dev --fresh"
        })
public final class DevCommand implements Callable<Integer> {

    private final Shell shell;

    @Option(
            names = "--brokers",
            paramLabel = "N",
            description = "How many nodes. Default: as many as before, else 1.")
    private @Nullable Integer brokers;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the data is kept. Default: ./kq-data.")
    private Path data = Path.of("kq-data");

    @Option(names = "--fresh", description = "Delete the data in DIR first.")
    private boolean fresh;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description =
                    "Client port of node 0. Default: as before, else 9092. Fixed by the data of"
                            + " three and more nodes.")
    private @Nullable Integer portBase;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "Of the nodes' logs: error, warn, info, debug, trace. Default: info.")
    private NodeLauncher.LogLevel logLevel = NodeLauncher.LogLevel.info;

    @Option(
            names = "--override",
            paramLabel = "KEY=VALUE",
            description = "A setting of all nodes. Can be given again.")
    private List<String> overrides = new ArrayList<>();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    @SuppressWarnings("UnusedVariable") // as every command: --help, and -v for a stack trace
    private GlobalOptions global = new GlobalOptions();

    public DevCommand(Shell shell) {
        this.shell = shell;
    }

    /** Returns when the last node ended by itself; a signal ends the process inside. */
    @Override
    public Integer call() throws Exception {
        DevRun.Wish wish = new DevRun.Wish(brokers, portBase, fresh, overrides, logLevel);
        try (DevDirectory directory = DevDirectory.open(data)) {
            new DevRun(shell.terminal(), NodeLauncher.ofThisDistribution()).run(directory, wish);
        } catch (IOException e) {
            if (DiskFull.caused(e)) {
                throw diskFull(e);
            }
            throw e;
        }
        return ExitCode.FAILED;
    }

    private CommandFailure diskFull(IOException failure) {
        return CommandFailure.local("DISK_FULL", "the disk of " + data + " is full.", failure)
                .next("free space there, or choose a directory on another disk with --data DIR");
    }
}
