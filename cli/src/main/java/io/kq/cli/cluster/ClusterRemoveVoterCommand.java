package io.kq.cli.cluster;

import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.Shell;
import io.kq.client.KqAdmin;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code kq cluster remove-voter}: a node that votes no more. */
@Command(
        customSynopsis = "kq cluster remove-voter ID [OPTIONS]",
        description = {
            "",
            "Make a voter, up or down, a node that only stores and serves. It keeps its"
                    + " partitions.",
            "Refused if too few of the other voters are up."
        },
        footer = {
            "",
            "A voter that is down learns of it when it is back; a leader hands over first.",
            "",
            "Examples:",
            "  kq cluster remove-voter 4",
            "  kq cluster remove-voter 4 && kq cluster remove-voter 3",
            "  kq cluster quorum"
        })
public final class ClusterRemoveVoterCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhich node:%n", order = 1)
    private VoterArgument voter = new VoterArgument();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    public ClusterRemoveVoterCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return VoterChangeRun.run(shell, global, voter.number(), KqAdmin::removeVoter);
    }
}
