package io.kq.system.harness;

import static io.kq.runtime.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One node in a process of its own: the distribution's {@code kq server start}. */
public final class NodeProcess implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofSeconds(90);
    private static final Duration STOP_BOUND = Duration.ofSeconds(60);

    private final int id;
    private final Path directory;
    private final Map<String, String> settings;
    private @Nullable Process process;
    private int starts;

    NodeProcess(int id, Path directory, Map<String, String> settings) {
        this.id = id;
        this.directory = directory;
        this.settings = new TreeMap<>(settings);
    }

    public int id() {
        return id;
    }

    /** {@code host:port} of the client port. */
    public String address() {
        return Objects.requireNonNull(settings.get("listeners"));
    }

    /** What its settings file says; null: the default. */
    public @Nullable String setting(String key) {
        return settings.get(key);
    }

    /** Where its data is. */
    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public long pid() {
        return running().pid();
    }

    /** Where its settings are, once it was started. */
    public Path configFile() {
        return directory.resolve("kq.properties");
    }

    /** Starts the process; does not wait for it. */
    public void start() {
        start(Map.of());
    }

    /** Starts the process; does not wait for it. {@code more} settings hold for this start only. */
    public void start(Map<String, String> more) {
        starts++;
        try {
            Files.createDirectories(directory);
            StringBuilder config = new StringBuilder();
            settings.forEach(
                    (key, value) -> config.append(key).append('=').append(value).append('\n'));
            Files.writeString(configFile(), config);
            List<String> command = new ArrayList<>();
            command.addAll(List.of(Distribution.launcher().toString(), "server", "start"));
            command.addAll(List.of("--config", configFile().toString()));
            more.forEach((key, value) -> command.addAll(List.of("--override", key + "=" + value)));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().keySet().removeIf(name -> name.startsWith("KQ_"));
            builder.environment().put("KQ_JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("KQ_HEAP_OPTS", "-Xmx256m");
            builder.environment().put("KQ_JVM_OPTS", "-XX:TieredStopAtLevel=1");
            builder.environment().put("KQ_LOG_DIR", directory.resolve("logs").toString());
            builder.environment().put("KQ_STOP_WITH_STDIN", "yes");
            process =
                    builder.redirectOutput(outputFile().toFile())
                            .redirectError(errorFile().toFile())
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it says that it takes requests. */
    public NodeProcess awaitReady() {
        eventually(
                "node " + id + " is ready",
                START_BOUND,
                () -> {
                    if (!running().isAlive()) {
                        throw new IllegalStateException(
                                "node "
                                        + id
                                        + " ended with "
                                        + running().exitValue()
                                        + ": "
                                        + errors());
                    }
                    return output().contains(" ready ");
                });
        return this;
    }

    /** What it printed on standard output since its last start. */
    public String output() {
        return read(outputFile());
    }

    /** What it printed on standard error since its last start. */
    public String errors() {
        return read(errorFile());
    }

    /** SIGKILL: no chance to write anything more. */
    public void kill() {
        running().destroyForcibly();
        awaitEnd();
    }

    /** SIGSTOP: it stands still, and its connections stay. */
    public void pause() {
        signal("-STOP");
    }

    /** SIGCONT: it goes on. */
    public void resume() {
        signal("-CONT");
    }

    /** Whether it stands still. */
    public boolean isPaused() {
        Path status = Path.of("/proc", Long.toString(pid()), "status");
        return read(status).contains("(stopped)");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", name, Long.toString(pid())).start().waitFor();
            if (code != 0) {
                throw new AssertionError("kill " + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** SIGTERM and the end of its input, in any order; then waits for the end. */
    public int stop() {
        running().destroy();
        return awaitEnd();
    }

    /** Waits until it ends by itself. */
    public int awaitEnd() {
        try {
            if (!running().waitFor(STOP_BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("node " + id + " does not end");
            }
            return running().exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
    }

    private Process running() {
        return Objects.requireNonNull(process, "not started");
    }

    private Path outputFile() {
        return directory.resolve("stdout-" + starts);
    }

    private Path errorFile() {
        return directory.resolve("stderr-" + starts);
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
