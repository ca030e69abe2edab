package io.kq.cli.nodes;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.ClusterDescription.Quorum;
import io.kq.client.admin.TopicDescription;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq node status}: what a node holds, and what its stop would mean. */
@Command(
        customSynopsis = "kq node status [ID] [OPTIONS]",
        description = {
            "",
            "Show what a node holds, or all nodes, and what would become of partitions if it",
            "stopped now."
        },
        footer = {
            "",
            "ARRIVING, LEAVING: replicas that a reassignment brings or takes.",
            "STOP-OFFLINE: partitions that nobody could lead if it stopped now.",
            "STOP-READONLY: those that could be read then, and not written with acks=all.",
            "STOP-METADATA: lost if too few voters would be up to elect a leader, or to change",
            "anything at all.",
            "",
            "Examples:",
            "  kq node status",
            "  kq node status 2",
            "  kq node status 2 -o json"
        })
public final class NodeStatusCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhich node:%n", order = 1)
    private NodeArgument node = new NodeArgument();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public NodeStatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Session session =
                Session.open(
                        shell,
                        global,
                        OutputFormat.TABLE,
                        OutputFormat.WIDE,
                        OutputFormat.JSON,
                        OutputFormat.JSONL)) {
            ClusterDescription cluster = session.await(session.admin().describeCluster());
            List<BrokerDescription> nodes =
                    node.isGiven() ? List.of(node.of(session, cluster)) : cluster.brokers();
            print(session, nodes, cluster.quorum(), session.await(session.admin().listTopics()));
        }
        return ExitCode.OK;
    }

    private static void print(
            Session session,
            List<BrokerDescription> nodes,
            Quorum quorum,
            List<TopicDescription> topics) {
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON -> {
                JsonText json = new JsonText();
                json.beginObject()
                        .name("nodes")
                        .array(nodes, n -> write(json, n, StopEffect.of(n.id(), quorum, topics)));
                terminal.println(json.endObject().toString());
            }
            case JSONL ->
                    nodes.forEach(
                            n -> {
                                JsonText json = new JsonText();
                                write(json, n, StopEffect.of(n.id(), quorum, topics));
                                terminal.println(json.toString());
                            });
            case TABLE, WIDE, NAME -> {
                TextTable table =
                        new TextTable(
                                "ID",
                                "ADDRESS",
                                "STATE",
                                "LEADERS",
                                "REPLICAS",
                                "ARRIVING",
                                "LEAVING",
                                "STOP-OFFLINE",
                                "STOP-READONLY",
                                "STOP-METADATA");
                nodes.forEach(n -> row(table, n, StopEffect.of(n.id(), quorum, topics)));
                table.print(terminal);
            }
        }
    }

    private static void row(TextTable table, BrokerDescription node, StopEffect effect) {
        table.row(
                Integer.toString(node.id()),
                node.address(),
                node.state().name(),
                Integer.toString(node.leaderCount()),
                Integer.toString(node.replicaCount()),
                Integer.toString(effect.arriving()),
                Integer.toString(effect.leaving()),
                node.up() ? Integer.toString(effect.offline()) : "-",
                node.up() ? Integer.toString(effect.readOnly()) : "-",
                !node.up() ? "-" : effect.metadata() ? "ok" : "lost");
    }

    private static void write(JsonText json, BrokerDescription node, StopEffect effect) {
        json.beginObject();
        json.name("id").value(node.id());
        json.name("address").value(node.address());
        json.name("state").value(node.state().name());
        json.name("leaderCount").value(node.leaderCount());
        json.name("replicaCount").value(node.replicaCount());
        json.name("arrivingCount").value(effect.arriving());
        json.name("leavingCount").value(effect.leaving());
        json.name("offlineIfStopped").value(effect.offline());
        json.name("readOnlyIfStopped").value(effect.readOnly());
        json.name("metadataIfStopped").value(effect.metadata());
        json.endObject();
    }
}
