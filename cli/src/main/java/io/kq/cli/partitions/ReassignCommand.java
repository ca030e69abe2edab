package io.kq.cli.partitions;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.TopicPartition;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq reassign}: other replicas. Kafka's {@code kafka-reassign-partitions}. */
@Command(
        customSynopsis = "kq reassign --generate|--execute|--verify|--cancel|--list [OPTIONS]",
        description = {
            "",
            "Give partitions other replicas: another number of them, or on other brokers.",
            "(kafka-reassign-partitions)"
        },
        footer = {
            "",
            "New replicas are copied first; the old ones go when all that stay are in sync.",
            "That is agreed on by the cluster: it goes on by itself, whatever becomes of this",
            "command or of nodes, until it is done or cancelled.",
            "",
            "Examples:",
            "  kq reassign --execute --topic t --replication-factor 3 --wait",
            "  kq reassign --execute --topic t --partition 0 --replicas 2,0",
            "  kq reassign --generate --exclude 3 -o json > plan.json",
            "  kq reassign --execute --reassignment-json-file plan.json",
            "  kq reassign --verify --reassignment-json-file plan.json",
            "  kq reassign --cancel --all"
        })
public final class ReassignCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhat to do, one of:%n", order = 1)
    private Action action = new Action();

    @ArgGroup(validate = false, heading = "%nWhich replicas, by hand:%n", order = 2)
    private TargetOptions target = new TargetOptions();

    @ArgGroup(
            validate = false,
            heading = "%nOr planned by the cluster, with --generate and --execute:%n",
            order = 3)
    private WishOptions wish = new WishOptions();

    @ArgGroup(validate = false, heading = "%nWith --execute:%n", order = 4)
    private ExecuteOptions execute = new ExecuteOptions();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** The verbs. */
    static final class Action {
        @Option(
                names = {"--generate", "--plan"},
                description = "Say where replicas could go. Changes nothing.")
        boolean generate;

        @Option(names = "--execute", description = "Begin.")
        boolean execute;

        @Option(
                names = "--verify",
                description = "Say how far it is: exit 0 when all is done, else 10.")
        boolean verify;

        @Option(names = "--cancel", description = "Back to the replicas from before.")
        boolean cancel;

        @Option(names = "--list", description = "Show what is under way.")
        boolean list;

        @Option(names = "--all", description = "With --cancel: all that are under way.")
        boolean all;
    }

    /** How it is begun. */
    static final class ExecuteOptions {
        @Option(
                names = "--additional",
                description = "Change reassignments that are under way, too.")
        boolean additional;

        @Option(names = "--dry-run", description = "Check everything, change nothing.")
        boolean dryRun;

        @Option(names = "--wait", description = "Wait until all is done, and say how far it is.")
        boolean wait;

        @Option(names = "--throttle", hidden = true)
        @Nullable Long throttle;

        boolean isUsed() {
            return additional || dryRun || wait || throttle != null;
        }
    }

    public ReassignCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        check();
        try (Session session =
                Session.open(
                        shell,
                        global,
                        OutputFormat.TABLE,
                        OutputFormat.WIDE,
                        OutputFormat.JSON,
                        OutputFormat.JSONL)) {
            Reassignments reassignments = new Reassignments(session);
            if (action.generate) {
                reassignments.generate(wish.plan(session, target.topics));
            } else if (action.execute) {
                reassignments.execute(targets(session), execute);
            } else if (action.verify) {
                return new ReassignmentStatus(session).verify(target.named());
            } else if (action.cancel) {
                new ReassignmentStatus(session).cancel(target, action.all);
            } else {
                new ReassignmentStatus(session).list(target.topics);
            }
        }
        return ExitCode.OK;
    }

    private SortedMap<TopicPartition, List<Integer>> targets(Session session) {
        return wish.isUsed() ? wish.plan(session, target.topics) : target.named();
    }

    private void check() {
        long verbs =
                Stream.of(
                                action.generate,
                                action.execute,
                                action.verify,
                                action.cancel,
                                action.list)
                        .filter(chosen -> chosen)
                        .count();
        if (verbs != 1) {
            throw CommandFailure.usage(
                    "exactly one of --generate, --execute, --verify, --cancel, --list is needed");
        }
        Long throttle = execute.throttle;
        if (throttle != null && throttle != -1) {
            throw CommandFailure.of(
                            ErrorCode.UNSUPPORTED,
                            "A reassignment has no throttle of its own: each node has one for all.")
                    .next("leave it out, and set replication.catchup.rate of the nodes");
        }
        if (!action.execute && execute.isUsed()) {
            throw CommandFailure.usage("--additional, --dry-run and --wait go with --execute only");
        }
        if (!(action.execute || action.generate) && wish.isUsed()) {
            throw CommandFailure.usage(
                    "--broker-list, --exclude, --replication-factor and"
                            + " --topics-to-move-json-file go with --generate and --execute only");
        }
        if (action.generate && target.isByHand()) {
            throw CommandFailure.usage("--generate says which replicas, and is not told");
        }
        if (wish.isUsed() && target.isByHand()) {
            throw CommandFailure.usage(
                    "replicas are given by hand (--replicas, --reassignment-json-file), or"
                            + " planned");
        }
        if (action.all && !action.cancel) {
            throw CommandFailure.usage("--all goes with --cancel only");
        }
    }
}
