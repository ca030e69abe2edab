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
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq cluster health}: for scripts and probes; exit 10 when something is wrong. */
@Command(
        customSynopsis = "kq cluster health [OPTIONS]",
        description = {"", "Say whether all is well: exit 0, or 10 and one problem a line."},
        footer = {
            "",
            "Examples:",
            "  kq cluster health",
            "  kq cluster health -o json",
            "  until kq cluster health -q; do sleep 1; done"
        })
public final class ClusterHealthCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public ClusterHealthCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            var description = session.admin().describeCluster();
            var health = session.admin().health();
            return print(session, session.await(description), session.await(health));
        }
    }

    private static int print(Session session, ClusterDescription cluster, Health health) {
        Terminal terminal = session.terminal();
        if (session.format().isJson()) {
            JsonText json = new JsonText();
            ClusterJson.write(json, health);
            terminal.println(json.toString());
        } else {
            terminal.println(ClusterHealth.of(cluster, health).text(session.color()));
            health.problems().forEach(problem -> terminal.println("  " + problem));
        }
        return health.healthy() ? ExitCode.OK : ExitCode.UNHEALTHY;
    }
}
