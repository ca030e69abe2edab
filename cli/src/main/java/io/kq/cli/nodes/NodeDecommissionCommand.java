package io.kq.cli.nodes;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq node decommission}: a node leaves the cluster for good. */
@Command(
        customSynopsis = "kq node decommission ID [OPTIONS]",
        description = {
            "",
            "Move all replicas off a node, wait for that, and forget the node. One that is up",
            "must be stopped before it can be forgotten: the command says when."
        },
        footer = {
            "",
            "Safe to interrupt: what was begun goes on, and the same command goes on from",
            "there, also once the node is stopped. Nothing is taken from the node before its",
            "replacement is in sync.",
            "",
            "Examples:",
            "  kq node decommission 3 --dry-run",
            "  kq node decommission 3",
            "  kq node decommission 3 --wait-stop --no-input"
        })
public final class NodeDecommissionCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhich node:%n", order = 1)
    private NodeArgument node = new NodeArgument();

    @ArgGroup(validate = false, heading = "%nOptions:%n", order = 2)
    private Options options = new Options();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** How it is done. */
    static final class Options {
        @Option(names = "--dry-run", description = "Only show where its replicas would go.")
        boolean dryRun;

        @Option(
                names = "--parallel",
                paramLabel = "N",
                description = "Partitions that are moved at a time. Default: 20.")
        int parallel = 20;

        @Option(
                names = "--wait-stop",
                description = "Wait until its process is stopped, then forget it.")
        boolean waitStop;
    }

    public NodeDecommissionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (options.parallel < 1) {
            throw CommandFailure.usage("--parallel must be at least 1");
        }
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            var cluster = session.await(session.admin().describeCluster());
            new Decommission(session, node.of(session, cluster).id(), options).run(cluster);
        }
        return ExitCode.OK;
    }
}
