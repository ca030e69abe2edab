package io.kq.cli.cluster;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq cluster brokers}: who is in. */
@Command(
        customSynopsis = "kq cluster brokers [OPTIONS]",
        description = {
            "",
            "List the brokers of the cluster, and what each stores; with -o wide also their",
            "data directories: whether they take writes, and how full their disks are."
        },
        footer = {
            "",
            "Examples:",
            "  kq cluster brokers",
            "  kq cluster brokers -o wide",
            "  kq cluster brokers -o name",
            "  kq cluster brokers -o jsonl"
        })
public final class ClusterBrokersCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public ClusterBrokersCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Session session = Session.open(shell, global, OutputFormat.values())) {
            print(session, session.await(session.admin().describeCluster()).brokers());
        }
        return ExitCode.OK;
    }

    private static void print(Session session, List<BrokerDescription> brokers) {
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case TABLE -> BrokerTable.print(terminal, brokers);
            case WIDE -> {
                BrokerTable.print(terminal, brokers);
                terminal.println("");
                DirectoryTable.print(terminal, brokers);
            }
            case NAME -> brokers.forEach(b -> terminal.println(Integer.toString(b.id())));
            case JSON -> {
                JsonText json = new JsonText();
                json.beginObject().name("brokers").array(brokers, b -> ClusterJson.write(json, b));
                terminal.println(json.endObject().toString());
            }
            case JSONL ->
                    brokers.forEach(
                            broker -> {
                                JsonText json = new JsonText();
                                ClusterJson.write(json, broker);
                                terminal.println(json.toString());
                            });
        }
    }
}
