package io.kq.cli.cluster;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.client.KqAdmin;
import io.kq.client.admin.ClusterDescription.Voter;
import io.kq.client.admin.VoterChange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Changes the voters, and says who votes then. */
final class VoterChangeRun {

    /** A new voter copies the log first, and a leader that goes hands over first. */
    private static final String TIMEOUT = "60s";

    private VoterChangeRun() {}

    static int run(
            Shell shell,
            GlobalOptions global,
            int id,
            BiFunction<KqAdmin, Integer, CompletableFuture<VoterChange>> change) {
        global.requestTimeoutUnlessGiven(TIMEOUT);
        try (Session session =
                Session.open(
                        shell, global, OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.JSONL)) {
            print(session, id, session.await(change.apply(session.admin(), id)));
        }
        return ExitCode.OK;
    }

    private static void print(Session session, int id, VoterChange change) {
        List<Voter> voters = change.quorum().voters();
        if (session.format().isJson()) {
            JsonText json = new JsonText();
            json.beginObject().name("node").value(id);
            json.name("changed").value(change.changed());
            json.name("found").value(change.found());
            json.name("quorum");
            ClusterJson.write(json, change.quorum());
            session.terminal().println(json.endObject().toString());
            return;
        }
        String found =
                Character.toUpperCase(change.found().charAt(0)) + change.found().substring(1);
        String ids =
                voters.stream()
                        .map(v -> Integer.toString(v.id()))
                        .collect(Collectors.joining(", "));
        session.terminal()
                .println(
                        found
                                + (change.changed() ? ". " : ": nothing was changed. ")
                                + "Voters: "
                                + ids
                                + ".");
        if (voters.size() % 2 == 0) {
            session.terminal()
                    .errorLine(
                            "note: "
                                    + voters.size()
                                    + " voters bear the loss of no more than "
                                    + (voters.size() - 1)
                                    + " do; 3 or 5 are better");
        }
    }
}
