package io.kq.cli.nodes;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq node unregister}: a node that will not come back. */
@Command(
        customSynopsis = "kq node unregister ID [OPTIONS]",
        description = {
            "",
            "Forget a node that is down, has no replicas and will not come back.",
            "(kafka-cluster unregister)"
        },
        footer = {
            "",
            "A dead node that is replaced needs none of this: start one with the same number",
            "on an empty disk, and it fetches its replicas from the others. One that votes on",
            "the metadata needs kq cluster replace-voter too.",
            "",
            "Examples:",
            "  kq node unregister 3",
            "  kq cluster unregister --id 3",
            "  kq node decommission 3          # moves its replicas first"
        })
public final class NodeUnregisterCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhich node:%n", order = 1)
    private NodeArgument node = new NodeArgument();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public NodeUnregisterCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            ClusterDescription cluster = session.await(session.admin().describeCluster());
            BrokerDescription broker = node.of(session, cluster);
            unregister(session, broker.id());
            NodeArgument.voteWarning(broker.id(), cluster).ifPresent(session::notice);
            JsonText json = new JsonText();
            json.beginObject().name("unregistered").value(broker.id()).endObject();
            session.terminal()
                    .println(
                            session.format().isJson()
                                    ? json.toString()
                                    : "Unregistered node " + broker.id() + ".");
        }
        return ExitCode.OK;
    }

    /**
     * Has the cluster forget it.
     *
     * @throws CommandFailure it is up, or has replicas
     */
    static void unregister(Session session, int id) {
        try {
            session.await(session.admin().unregisterBroker(id));
        } catch (RejectedException e) {
            if (e.code() != ErrorCode.BROKER_IN_USE) {
                throw Explanation.of(e);
            }
            throw CommandFailure.from(e)
                    .next(
                            e.metadata().containsKey("replicas")
                                    ? "kq node decommission " + id + " (moves them to others)"
                                    : "stop its process, and try again");
        }
    }
}
