package io.kq.cli.dev;

import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code kq server}: one node in the foreground, and its settings without starting it.
 *
 * <p>The launcher recognises these commands and becomes the node's process directly, so that
 * signals and exit code are the node's own. These classes answer {@code --help}, and call that
 * launcher when the command line reaches it another way.
 */
public final class ServerCommand {

    private ServerCommand() {}

    /** {@code kq server start}. */
    @Command(
            customSynopsis = "kq server start --config FILE [--override KEY=VALUE]...",
            description = {"", "Run a node until it is told to stop (Ctrl-C, SIGTERM)."},
            footer = {
                "",
                "Heap: KQ_HEAP_OPTS (default -Xms128m -Xmx512m). More JVM options: KQ_JVM_OPTS.",
                "Settings also come from the environment: KQ_CONF_NODE_ID is node.id.",
                "",
                "Examples:",
                "  kq server start --config kq.properties",
                "  kq server start --config kq.properties --override node.id=2",
                "  KQ_HEAP_OPTS=-Xmx2g kq server start --config kq.properties"
            })
    public static final class Start implements Callable<Integer> {

        private final Shell shell;

        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The node's settings (kq.properties).")
        private Path config;

        @Option(
                names = "--override",
                paramLabel = "KEY=VALUE",
                description = "A setting that wins over all others. Can be given again.")
        private List<String> overrides = new ArrayList<>();

        @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
        @SuppressWarnings("UnusedVariable") // as every command: --help, and -v for a stack trace
        private GlobalOptions global = new GlobalOptions();

        public Start(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            List<String> arguments = new ArrayList<>();
            arguments.addAll(List.of("start", "--config", config.toString()));
            overrides.forEach(override -> arguments.addAll(List.of("--override", override)));
            return run(shell, arguments);
        }
    }

    /** {@code kq server check-config}. */
    @Command(
            customSynopsis = "kq server check-config FILE",
            description = {"", "Check a node's settings: exit 0 if it would start, else 2."},
            footer = {"", "Example:", "  kq server check-config kq.properties"})
    public static final class CheckConfig implements Callable<Integer> {

        private final Shell shell;

        @Parameters(paramLabel = "FILE", description = "The node's settings (kq.properties).")
        private Path config;

        @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
        @SuppressWarnings("UnusedVariable") // as every command: --help, and -v for a stack trace
        private GlobalOptions global = new GlobalOptions();

        public CheckConfig(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return run(shell, List.of("check-config", config.toString()));
        }
    }

    /** {@code kq server show-config}. */
    @Command(
            customSynopsis = "kq server show-config FILE",
            description = {"", "Show every setting of a node, its value and where it comes from."},
            footer = {"", "Example:", "  kq server show-config kq.properties"})
    public static final class ShowConfig implements Callable<Integer> {

        private final Shell shell;

        @Parameters(paramLabel = "FILE", description = "The node's settings (kq.properties).")
        private Path config;

        @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
        @SuppressWarnings("UnusedVariable") // as every command: --help, and -v for a stack trace
        private GlobalOptions global = new GlobalOptions();

        public ShowConfig(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return run(shell, List.of("show-config", config.toString()));
        }
    }

    private static int run(Shell shell, List<String> arguments) throws Exception {
        shell.terminal().flush();
        return NodeLauncher.ofThisDistribution()
                .runInForeground(arguments, shell.terminal().interrupts());
    }
}
