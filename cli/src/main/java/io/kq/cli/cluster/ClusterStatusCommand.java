package io.kq.cli.cluster;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.ClusterDescription.Health;
import io.kq.client.admin.ClusterDescription.Quorum;
import io.kq.client.admin.ClusterDescription.Voter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq cluster status}: the whole cluster on one screen. Exit 0 whatever it shows. */
@Command(
        customSynopsis = "kq cluster status [OPTIONS]",
        description = {
            "",
            "Show the cluster: health, metadata quorum, brokers, partitions.",
            "The exit code is 0 whatever it shows; kq cluster health is for scripts."
        },
        footer = {
            "",
            "Examples:",
            "  kq cluster status",
            "  kq cluster status -b kq-0:9092,kq-1:9092",
            "  kq cluster status -o json"
        })
public final class ClusterStatusCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public ClusterStatusCommand(Shell shell) {
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
            var description = session.admin().describeCluster();
            var health = session.admin().health();
            print(session, session.await(description), session.await(health));
        }
        return ExitCode.OK;
    }

    private static void print(Session session, ClusterDescription cluster, Health health) {
        Terminal terminal = session.terminal();
        if (session.format().isJson()) {
            terminal.println(json(cluster, health));
            return;
        }
        terminal.println(
                "CLUSTER  "
                        + cluster.clusterId()
                        + "      HEALTH  "
                        + ClusterHealth.of(cluster, health).text(session.color()));
        terminal.println(metadata(cluster.quorum()));
        if (cluster.quorum().leader() < 0) {
            terminal.println(
                    "  without a metadata leader nobody knows who is up: what follows is as it last"
                            + " was; brokers without DISK-USED do not answer now");
        }
        BrokerTable.print(terminal, cluster.brokers());
        terminal.println(
                "PARTITIONS "
                        + health.partitionCount()
                        + " total, "
                        + health.offlineCount()
                        + " offline, "
                        + health.underReplicatedCount()
                        + " under-replicated, "
                        + health.underMinIsrCount()
                        + " under min ISR");
    }

    private static String metadata(Quorum quorum) {
        long up = quorum.voters().stream().filter(Voter::up).count();
        // Only the leader knows how far the others are; what one does not know is no 0.
        boolean known = quorum.voters().stream().allMatch(v -> !v.up() || v.lag() >= 0);
        long lag = quorum.voters().stream().mapToLong(Voter::lag).max().orElse(-1);
        String ids =
                quorum.voters().stream()
                        .map(voter -> Integer.toString(voter.id()))
                        .collect(Collectors.joining(","));
        return "METADATA leader "
                + (quorum.leader() < 0 ? "none" : Integer.toString(quorum.leader()))
                + ", term "
                + quorum.term()
                + ", commit "
                + quorum.committedIndex()
                + ", voters "
                + ids
                + " ("
                + (quorum.leader() < 0 ? "?" : Long.toString(up))
                + " up), max lag "
                + (known && lag >= 0 ? Long.toString(lag) : "unknown");
    }

    private static String json(ClusterDescription cluster, Health health) {
        JsonText json = new JsonText();
        json.beginObject();
        json.name("clusterId").value(cluster.clusterId());
        json.name("state").value(ClusterHealth.of(cluster, health).state().name());
        json.name("answeredBy").value(cluster.answeredBy());
        json.name("metadataVersion").value(cluster.version());
        json.name("topicCount").value(cluster.topicCount());
        json.name("health");
        ClusterJson.write(json, health);
        json.name("quorum");
        ClusterJson.write(json, cluster.quorum());
        json.name("brokers").array(cluster.brokers(), b -> ClusterJson.write(json, b));
        return json.endObject().toString();
    }
}
