package io.kq.cli.cluster;

import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.Shell;
import io.kq.client.KqAdmin;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq cluster replace-voter}: a vote for a disk that is new. */
@Command(
        customSynopsis = "kq cluster replace-voter ID [OPTIONS]",
        description = {
            "",
            "Give a node its vote back that came back under its id with an empty disk. Its old vote"
                    + " is",
            "on the old disk: without this command nobody has it."
        },
        footer = {
            "",
            "Start the node first: it runs as a broker only, and says so. If the old disk may come"
                    + " back,",
            "do not run this; a node that has its vote is left as it is.",
            "",
            "Examples:",
            "  kq cluster replace-voter 2",
            "  kq cluster replace-voter 2 -o json",
            "  kq cluster quorum"
        })
public final class ClusterReplaceVoterCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhich node:%n", order = 1)
    private VoterArgument voter = new VoterArgument();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public ClusterReplaceVoterCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return VoterChangeRun.run(shell, global, voter.number(), KqAdmin::replaceVoter);
    }
}
