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

/** {@code kq node drain}: a node without work, about to be stopped. */
@Command(
        customSynopsis = "kq node drain ID [OPTIONS]",
        description = {
            "",
            "Have others lead what a node leads, and give it nothing new, until it is undrained",
            "or restarted. A node that is stopped by SIGTERM does that by itself."
        },
        footer = {
            "",
            "While it is drained its replicas are not in sync: partitions have one less.",
            "Exit 10 if it leads on, because nobody else can.",
            "",
            "Examples:",
            "  kq node drain 2",
            "  kq node drain self -b 127.0.0.1:9092",
            "  kq node drain 2 && kq node status 2"
        })
public final class NodeDrainCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhich node:%n", order = 1)
    private NodeArgument node = new NodeArgument();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public NodeDrainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            int id = node.of(session, session.await(session.admin().describeCluster())).id();
            int left = session.await(session.admin().drainBroker(id));
            print(session, id, left);
            return left == 0 ? ExitCode.OK : ExitCode.UNHEALTHY;
        }
    }

    private static void print(Session session, int id, int left) {
        if (session.format().isJson()) {
            JsonText json = new JsonText();
            json.beginObject().name("node").value(id);
            json.name("remainingLeaderCount").value(left);
            session.terminal().println(json.endObject().toString());
        } else if (left == 0) {
            session.terminal().println("Node " + id + " is drained: it leads nothing.");
        } else {
            session.terminal()
                    .println(
                            "Node "
                                    + id
                                    + " leads on in "
                                    + left
                                    + (left == 1 ? " partition" : " partitions")
                                    + ", which nobody else can lead.");
        }
    }
}
