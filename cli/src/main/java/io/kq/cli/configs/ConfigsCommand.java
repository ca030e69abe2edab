package io.kq.cli.configs;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import io.kq.client.admin.ConfigResource;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kq configs}: describes or changes. Kafka's {@code kafka-configs}. */
@Command(
        customSynopsis = "kq configs --describe|--alter --entity-type TYPE [--entity-name X] [...]",
        description = {
            "",
            "Show and change the configs of topics, and show the settings of nodes, which",
            "only their files change. (kafka-configs)"
        },
        footer = {
            "",
            "Values may have units: retention.ms=7d, segment.bytes=64MiB.",
            "",
            "Examples:",
            "  kq configs --describe --topic first_topic --all",
            "  kq configs --alter --topic first_topic --add-config retention.ms=1h",
            "  kq configs --alter --topic first_topic --delete-config retention.ms",
            "  kq configs --describe --entity-type brokers --entity-name 0"
        })
public final class ConfigsCommand implements Callable<Integer> {

    private final Shell shell;

    @ArgGroup(validate = false, heading = "%nWhat to do, one of:%n", order = 1)
    private Action action = new Action();

    @ArgGroup(validate = false, heading = "%nOf what:%n", order = 2)
    private EntityOptions entity = new EntityOptions();

    @ArgGroup(validate = false, heading = "%nWith --alter:%n", order = 3)
    private ChangeOptions changes = new ChangeOptions();

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    /** The verbs. */
    static final class Action {
        @Option(names = "--describe", description = "Show what was set.")
        boolean describe;

        @Option(names = "--all", description = "With --describe: the defaults too.")
        boolean all;

        @Option(names = "--alter", description = "Change configs; what is not named stays.")
        boolean alter;
    }

    public ConfigsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (action.describe == action.alter) {
            throw CommandFailure.usage("exactly one of --describe, --alter is needed");
        }
        if (action.alter && action.all) {
            throw CommandFailure.usage("--all goes with --describe only");
        }
        if (action.describe && changes.isUsed()) {
            throw CommandFailure.usage(
                    "--add-config, --add-config-file, --delete-config and --dry-run go with --alter"
                            + " only");
        }
        ConfigResource.Type type = entity.type();
        try (Session session = Session.open(shell, global, OutputFormat.values())) {
            if (action.describe) {
                new ConfigListing(session, action.all).print(entity.resources(session, type));
            } else {
                new ConfigAlteration(session, changes).run(entity.resource(type));
            }
        }
        return ExitCode.OK;
    }
}
