package io.kq.cli.shell;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command. Accepted before and after the command's name. */
public final class GlobalOptions {

    @Option(
            names = {"-b", "--bootstrap-server"},
            paramLabel = "HOST:PORT[,...]",
            description =
                    "Any nodes of the cluster. Default: KQ_BOOTSTRAP_SERVER, then the profile,"
                            + " then 127.0.0.1:9092.")
    @Nullable String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Client settings, in a Kafka-style properties file.")
    @Nullable String commandConfig;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table, wide, json, jsonl or name. Default: table.")
    @Nullable String output;

    @Option(
            names = "--request-timeout",
            paramLabel = "TIME",
            description = "Bound of one request, such as 10s or 500ms. Default: 10s.")
    @Nullable String requestTimeout;

    @Option(names = "--no-color", description = "No colour on a terminal either; as NO_COLOR=1.")
    boolean noColor;

    @Option(
            names = {"-q", "--quiet"},
            description = "No warnings and notices on standard error.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "How long it took, and stack traces, on standard error.")
    boolean verbose;

    @Option(names = "--no-input", description = "Never ask before doing something.")
    boolean noInput;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    public boolean verbose() {
        return verbose;
    }

    /** For a command whose requests take longer than most. */
    public void requestTimeoutUnlessGiven(String time) {
        if (requestTimeout == null) {
            requestTimeout = time;
        }
    }

    /**
     * For a command that shows more with {@code --verbose}, as its Kafka tool does: then nothing is
     * traced.
     */
    public boolean takeVerbose() {
        boolean asked = verbose;
        verbose = false;
        return asked;
    }
}
