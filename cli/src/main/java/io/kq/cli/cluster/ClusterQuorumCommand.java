package io.kq.cli.cluster;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.client.admin.ClusterDescription.Quorum;
import io.kq.client.admin.ClusterDescription.Voter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq cluster quorum}: the voters of the metadata. */
@Command(
        customSynopsis = "kq cluster quorum [OPTIONS]",
        description = {"", "List the voters of the metadata quorum, and how far each is behind."},
        footer = {
            "",
            "It is what the metadata leader sees. A voter whose node is up and which is DOWN lost",
            "its disk: kq cluster replace-voter ID.",
            "",
            "Examples:",
            "  kq cluster quorum",
            "  kq cluster quorum -o json"
        })
public final class ClusterQuorumCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public ClusterQuorumCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            print(session, session.await(session.admin().describeQuorum()));
        }
        return ExitCode.OK;
    }

    private static void print(Session session, Quorum quorum) {
        Terminal terminal = session.terminal();
        if (session.format().isJson()) {
            JsonText json = new JsonText();
            ClusterJson.write(json, quorum);
            terminal.println(json.toString());
            return;
        }
        TextTable table = new TextTable("VOTER", "ADDRESS", "STATE", "ROLE", "LAG");
        for (Voter voter : quorum.voters()) {
            table.row(
                    Integer.toString(voter.id()),
                    voter.address(),
                    voter.up() ? "UP" : "DOWN",
                    voter.id() == quorum.leader() ? "leader" : "follower",
                    voter.lag() < 0 ? "-" : Long.toString(voter.lag()));
        }
        table.print(terminal);
    }
}
