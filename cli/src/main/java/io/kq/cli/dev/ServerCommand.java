package io.kq.cli.dev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code kq server}: one node in the foreground, and its settings without starting it.
 *
 * <p>The launcher recognises these commands and becomes the node's process directly; this class
 * answers {@code --help}, and calls that launcher when the command line reaches it another way.
 */
@Command(
        name = "server",
        description = "Runs a node in the foreground, or checks its settings.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServerCommand.Start.class,
            ServerCommand.CheckConfig.class,
            ServerCommand.ShowConfig.class
        },
        footer = {
            "",
            "Examples:",
            "  kq server start --config /etc/kq/kq.properties",
            "  kq server check-config /etc/kq/kq.properties",
            "  kq server show-config /etc/kq/kq.properties"
        })
public final class ServerCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return DevRefusedException.USAGE;
    }

    /** {@code kq server start}. */
    @Command(
            name = "start",
            description = "Runs a node until it is told to stop (Ctrl-C, SIGTERM).",
            footer = {
                "",
                "Heap: KQ_HEAP_OPTS (default -Xms128m -Xmx512m). More JVM options: KQ_JVM_OPTS.",
                "",
                "Examples:",
                "  kq server start --config kq.properties",
                "  kq server start --config kq.properties --override node.id=2",
                "  KQ_HEAP_OPTS=-Xmx2g kq server start --config kq.properties"
            })
    static final class Start implements Callable<Integer> {

        @Spec private CommandSpec spec;

        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The node's settings (kq.properties).")
        private Path config;

        @Option(
                names = "--override",
                paramLabel = "KEY=VALUE",
                description = "A setting that wins over the file. Can be given again.")
        private List<String> overrides = List.of();

        @Override
        public Integer call() throws Exception {
            List<String> arguments = new ArrayList<>();
            arguments.add("start");
            arguments.add("--config");
            arguments.add(config.toString());
            for (String override : overrides) {
                arguments.add("--override");
                arguments.add(override);
            }
            return run(spec, arguments);
        }
    }

    /** {@code kq server check-config}. */
    @Command(
            name = "check-config",
            description = "Checks a settings file; exit 0 if a node would take it, else 2.",
            footer = {"", "Example:", "  kq server check-config kq.properties"})
    static final class CheckConfig implements Callable<Integer> {

        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The settings file.")
        private Path config;

        @Override
        public Integer call() throws Exception {
            return run(spec, List.of("check-config", config.toString()));
        }
    }

    /** {@code kq server show-config}. */
    @Command(
            name = "show-config",
            description = "Prints every setting, its value and where it comes from.",
            footer = {"", "Example:", "  kq server show-config kq.properties"})
    static final class ShowConfig implements Callable<Integer> {

        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The settings file.")
        private Path config;

        @Override
        public Integer call() throws Exception {
            return run(spec, List.of("show-config", config.toString()));
        }
    }

    private static int run(CommandSpec spec, List<String> arguments) throws Exception {
        try {
            return NodeLauncher.ofThisDistribution().runInForeground(arguments);
        } catch (DevRefusedException refused) {
            spec.commandLine().getErr().println(refused.text());
            return refused.exitCode();
        }
    }
}
