package io.kq.cli.cluster;

import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.Shell;
import io.kq.client.KqAdmin;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq cluster add-voter}: a node that votes on the metadata. */
@Command(
        customSynopsis = "kq cluster add-voter ID [OPTIONS]",
        description = {
            "",
            "Make a node that is up a voter of the metadata quorum. It copies the metadata first;",
            "nothing stops meanwhile. One change at a time; run it again if it was cut off."
        },
        footer = {
            "",
            "A voter needs a fixed metadata.listener that the other voters can reach. Have 3 or 5.",
            "",
            "Examples:",
            "  kq cluster add-voter 3",
            "  kq cluster add-voter 3 && kq cluster add-voter 4",
            "  kq cluster quorum"
        })
public final class ClusterAddVoterCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhich node:%n", order = 1)
    private VoterArgument voter = new VoterArgument();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public ClusterAddVoterCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return VoterChangeRun.run(shell, global, voter.number(), KqAdmin::addVoter);
    }
}
