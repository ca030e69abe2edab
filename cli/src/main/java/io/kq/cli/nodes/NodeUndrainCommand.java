package io.kq.cli.nodes;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq node undrain}: a drained node takes part again. */
@Command(
        customSynopsis = "kq node undrain ID [OPTIONS]",
        description = {
            "",
            "Let a node that was drained lead again. Its replicas join when they are in sync,",
            "and its preferred leaderships come back a while later by themselves."
        },
        footer = {
            "",
            "Examples:",
            "  kq node undrain 2",
            "  kq node undrain 2 -o json",
            "  kq leaders --elect --election-type preferred --all-topic-partitions"
        })
public final class NodeUndrainCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhich node:%n", order = 1)
    private NodeArgument node = new NodeArgument();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public NodeUndrainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            int id = node.of(session, session.await(session.admin().describeCluster())).id();
            session.await(session.admin().resumeBroker(id));
            JsonText json = new JsonText();
            json.beginObject().name("node").value(id).endObject();
            session.terminal()
                    .println(
                            session.format().isJson()
                                    ? json.toString()
                                    : "Node " + id + " takes part again.");
        }
        return ExitCode.OK;
    }
}
