package io.kq.cli.cluster;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq cluster id}: the cluster's id, alone. Kafka's {@code kafka-cluster cluster-id}. */
@Command(
        customSynopsis = "kq cluster id [OPTIONS]",
        description = {"", "Print the id of the cluster. (kafka-cluster cluster-id)"},
        footer = {"", "Example:", "  kq cluster id -b 127.0.0.1:9092"})
public final class ClusterIdCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public ClusterIdCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Session session = Session.open(shell, global, OutputFormat.values())) {
            String id = session.await(session.admin().describeCluster()).clusterId();
            JsonText json = new JsonText();
            json.beginObject().name("clusterId").value(id).endObject();
            shell.terminal().println(session.format().isJson() ? json.toString() : id);
        }
        return ExitCode.OK;
    }
}
