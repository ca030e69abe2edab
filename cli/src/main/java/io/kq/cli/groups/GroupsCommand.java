package io.kq.cli.groups;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Quantity;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.client.admin.GroupDescription;
import io.kq.protocol.RejectedException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq groups}: consumer groups. Kafka's {@code kafka-consumer-groups}. */
@Command(
        customSynopsis = {
            "kq groups --list [--state [S,S]] [OPTIONS]",
            "   or: kq groups --describe --group G | --all-groups [OPTIONS]",
            "   or: kq groups --reset-offsets --group G --topic T TARGET [--execute]",
            "   or: kq groups --delete --group G [OPTIONS]",
            "   or: kq groups --delete-offsets --group G --topic T [OPTIONS]"
        },
        description = {
            "",
            "List and describe consumer groups, set back where they have come to, delete",
            "them. (kafka-consumer-groups)"
        },
        footer = {
            "",
            "With --describe, --verbose shows more: epochs and assignments.",
            "",
            "LAG counts records that the group has not committed; -o wide shows for how",
            "long the first of them has been waiting. What a group with members has come",
            "to is its members' to say: stop them before a reset.",
            "",
            "Examples:",
            "  kq groups --describe --group first-application-group",
            "  kq groups --describe --group first-application-group --members --verbose",
            "  kq groups --reset-offsets --group g --topic t --to-earliest --execute",
            "  kq groups --reset-offsets --group g --all-topics --by-duration 2h --export"
        })
public final class GroupsCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhat to do:%n", order = 1)
    private Action action = new Action();

    @ArgGroup(validate = false, heading = "%nWhich groups:%n", order = 2)
    private GroupSelection selection = new GroupSelection();

    @ArgGroup(validate = false, heading = "%nWhich partitions:%n", order = 3)
    private TopicScope scope = new TopicScope();

    @ArgGroup(validate = false, heading = "%nWhat --list and --describe show:%n", order = 4)
    private View view = new View();

    @ArgGroup(validate = false, heading = "%nWhere --reset-offsets goes:%n", order = 5)
    private ResetOptions reset = new ResetOptions();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    private boolean verbose;

    /** The verb. */
    static final class Action {
        @Option(names = "--list", description = "List the groups.")
        boolean list;

        @Option(names = "--describe", description = "Show where groups have come to.")
        boolean describe;

        @Option(names = "--delete", description = "Delete groups without members.")
        boolean delete;

        @Option(names = "--delete-offsets", description = "Forget offsets of a group.")
        boolean deleteOffsets;

        @Option(names = "--reset-offsets", description = "Set where a group goes on.")
        boolean resetOffsets;

        int count() {
            int count = 0;
            for (boolean chosen :
                    new boolean[] {list, describe, delete, deleteOffsets, resetOffsets}) {
                count += chosen ? 1 : 0;
            }
            return count;
        }
    }

    /** What is shown. */
    static final class View {
        @Option(names = "--offsets", description = "With --describe: offsets. The default.")
        boolean offsets;

        @Option(names = "--members", description = "With --describe: members.")
        boolean members;

        @Option(
                names = "--state",
                arity = "0..1",
                fallbackValue = "",
                paramLabel = "S,S",
                description = "States; with --list also: only groups in these.")
        @Nullable String state;

        @Option(names = "--type", description = "With --list: types.")
        boolean type;

        @Option(
                names = "--watch",
                paramLabel = "D",
                description = "With --describe: again each time so long has passed (2s).")
        @Nullable String watch;

        int count() {
            return (offsets ? 1 : 0) + (members ? 1 : 0) + (state != null ? 1 : 0);
        }
    }

    public GroupsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        check();
        try (Session session = Session.open(shell, global, OutputFormat.values())) {
            try {
                run(session);
            } catch (RejectedException e) {
                throw Explanation.of(e);
            }
        }
        return ExitCode.OK;
    }

    private void run(Session session) {
        if (action.list) {
            GroupListPrinter.print(session, view.state, view.type);
        } else if (action.describe) {
            describe(session);
        } else if (action.delete) {
            new GroupDeletion(session).groups(selection);
        } else if (action.deleteOffsets) {
            new GroupDeletion(session).offsets(selection.one("--delete-offsets"), scope);
        } else {
            new OffsetReset(session, selection.one("--reset-offsets"), reset).run(scope);
        }
    }

    private void check() {
        if (action.count() != 1) {
            throw CommandFailure.usage(
                            "exactly one of --list, --describe, --reset-offsets, --delete,"
                                    + " --delete-offsets is needed")
                    .next("kq groups --help");
        }
        if (action.list && (!selection.isEmpty() || view.members || view.offsets)) {
            throw CommandFailure.usage("--list goes without --group, --members and --offsets");
        }
        if (action.describe || action.delete) {
            selection.require(action.describe ? "--describe" : "--delete");
        }
        if (view.count() > 1) {
            throw CommandFailure.usage("one of --offsets, --members, --state");
        }
        if (!action.describe && view.watch != null) {
            throw CommandFailure.usage("--watch goes with --describe");
        }
        if (action.describe) {
            verbose = global.takeVerbose();
        }
        checkScope();
    }

    private void checkScope() {
        if (action.resetOffsets) {
            reset.check();
        } else if (reset.isUsed()) {
            throw CommandFailure.usage("targets of a reset go with --reset-offsets");
        }
        if (scope.isUsed() && !action.resetOffsets && !action.deleteOffsets) {
            throw CommandFailure.usage(
                    "--topic and --all-topics go with --reset-offsets and --delete-offsets");
        }
        if (scope.isUsed() && reset.fromFile != null) {
            throw CommandFailure.usage("--from-file names the topics itself");
        }
    }

    private void describe(Session session) {
        String every = view.watch;
        if (every == null) {
            describeOnce(session);
            return;
        }
        Duration pause = Quantity.duration("--watch", every);
        while (!session.terminal().interrupts().requested()) {
            describeOnce(session);
            session.terminal().flush();
            session.terminal().interrupts().pause(pause);
        }
    }

    private void describeOnce(Session session) {
        for (GroupDescription group : selection.describe(session)) {
            if (view.members) {
                new MembersPrinter(session, verbose).print(group);
            } else if (view.state != null) {
                new StatePrinter(session, verbose).print(group);
            } else {
                new OffsetsPrinter(session, verbose).print(group);
            }
        }
    }
}
