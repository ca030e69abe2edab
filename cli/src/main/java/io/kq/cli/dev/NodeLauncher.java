package io.kq.cli.dev;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Interrupts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Starts node processes through the distribution's launcher, {@code bin/kq server ...}, which owns
 * the node's class path and JVM options. Immutable, any thread.
 */
final class NodeLauncher {

    private static final String HEAP_OPTIONS = "KQ_HEAP_OPTS";

    private static final String DEV_HEAP = "-Xms64m -Xmx256m";

    /** How much a node writes to its log. In the spelling of the command line. */
    enum LogLevel {
        error,
        warn,
        info,
        debug,
        trace
    }

    private final List<String> command;

    /**
     * @param command what {@code server start ...} is appended to
     */
    NodeLauncher(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** The launcher of the distribution this process was started from. */
    static NodeLauncher ofThisDistribution() {
        String home = System.getProperty("kq.home", "");
        boolean windows = File.separatorChar == '\\';
        Path launcher = Path.of(home, "bin", windows ? "kq.bat" : "kq");
        if (home.isEmpty() || !Files.isRegularFile(launcher)) {
            throw CommandFailure.local(
                            "NO_DISTRIBUTION",
                            "Nodes are started by the launcher of a distribution; this is none.",
                            null)
                    .next("run bin/kq of a distribution, or ./kq in a source checkout");
        }
        return new NodeLauncher(List.of(launcher.toString()));
    }

    /**
     * Starts {@code node} with a pipe at its stdin, which stops it when it closes: no node outlives
     * the process that started it, however that ends.
     *
     * @param all the nodes of its cluster
     * @param overrides settings that win over the node's file, {@code key=value}
     */
    Process start(DevNode node, List<DevNode> all, List<String> overrides, LogLevel logLevel)
            throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("server", "start", "--config", node.configFile().toString()));
        line.addAll(List.of("--override", "logging.level=" + logLevel.name()));
        overrides.forEach(override -> line.addAll(List.of("--override", override)));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.redirectError(node.stderrFile().toFile());
        Map<String, String> environment = builder.environment();
        // The environment wins over the file, and one node's identity is not another's.
        node.settings(all).keySet().forEach(key -> environment.remove(variable(key)));
        environment.put("KQ_JAVA_HOME", System.getProperty("java.home"));
        environment.putIfAbsent(HEAP_OPTIONS, DEV_HEAP);
        environment.put("KQ_STOP_WITH_STDIN", "true");
        environment.put("KQ_LOG_DIR", node.logDirectory().toAbsolutePath().normalize().toString());
        return builder.start();
    }

    /**
     * Runs {@code server} with {@code arguments} on this process' own streams and waits for its
     * end. Ends it when this process is told to stop.
     */
    int runInForeground(List<String> arguments, Interrupts interrupts)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(command);
        line.add("server");
        line.addAll(arguments);
        Process process = new ProcessBuilder(line).inheritIO().start();
        interrupts.onInterrupt(process::destroy);
        return process.waitFor();
    }

    private static String variable(String key) {
        return "KQ_CONF_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
