package io.kq.system.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A user's shell: bash in a directory of its own, with the distribution's {@code kq} and Kafka's
 * names of it on the {@code PATH}, and nothing else of the machine's environment.
 */
public final class Shell {

    private static final List<String> KAFKA_NAMES =
            List.of(
                    "kafka-topics",
                    "kafka-configs",
                    "kafka-leader-election",
                    "kafka-reassign-partitions",
                    "kafka-console-producer",
                    "kafka-console-consumer",
                    "kafka-delete-records");

    private static final Path KAFKA_LINKS = Path.of("target/kafka-names");

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path directory;
    private final Map<String, String> environment;

    private Shell(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /** A shell that starts in {@code directory}, which is also its home. */
    public static Shell in(Path directory) {
        Map<String, String> environment = new TreeMap<>();
        environment.put(
                "PATH",
                linksToKq()
                        + File.pathSeparator
                        + Distribution.launcher().getParent()
                        + ":/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOME", directory.toString());
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("SHELL", "/bin/bash");
        environment.put("KQ_JAVA_HOME", System.getProperty("java.home"));
        return new Shell(directory, environment);
    }

    /** The same shell with another value of a variable. */
    public Shell with(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Shell(directory, more);
    }

    /** The same shell for a cluster that commands need not name. */
    public Shell against(Cluster cluster) {
        return with("KQ_BOOTSTRAP_SERVER", cluster.bootstrap());
    }

    /** Where it is. */
    public Path directory() {
        return directory;
    }

    /** Runs a line to its end, with an empty standard input. */
    public Ran run(String line) {
        try (Window window = open(line)) {
            window.endInput();
            return window.awaitRan();
        }
    }

    /** Starts a line whose input and output are pipes and files. */
    public Window open(String line) {
        return start(line, List.of("/bin/bash", "-c", line));
    }

    /**
     * Starts a line at a terminal; what is shown there is its output. Needs {@code script} of
     * util-linux.
     */
    public Window openAtTerminal(String line) {
        return start(
                line, List.of("script", "--quiet", "--return", "--flush", "-c", line, "/dev/null"));
    }

    private Window start(String line, List<String> words) {
        List<String> command = new ArrayList<>();
        // A build that runs in the background may have Ctrl-C ignored, and children inherit that.
        command.addAll(List.of("/usr/bin/env", "--default-signal=INT"));
        command.addAll(words);
        Path outputs = directory.resolve(".outputs");
        int number = NUMBER.incrementAndGet();
        Path out = outputs.resolve(number + ".out");
        Path err = outputs.resolve(number + ".err");
        try {
            Files.createDirectories(outputs);
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new Window(line, builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the archive has them: with and without {@code .sh}. */
    private static Path linksToKq() {
        Path names = KAFKA_LINKS.toAbsolutePath();
        try {
            Files.createDirectories(names);
            for (String name : KAFKA_NAMES) {
                for (String link : List.of(name, name + ".sh")) {
                    Path path = names.resolve(link);
                    Files.deleteIfExists(path);
                    Files.createSymbolicLink(path, Distribution.launcher());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
