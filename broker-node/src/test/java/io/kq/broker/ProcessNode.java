package io.kq.broker;

import static io.kq.runtime.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node in a process of its own, killed by its own process id only. */
final class ProcessNode implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofMinutes(2);

    private final int id;
    private final Path home;
    private final List<String> settings;
    private final ManagedChannel channel;
    private @Nullable Process process;
    private int starts;

    ProcessNode(int id, Path home, int clientPort, List<String> settings) {
        this.id = id;
        this.home = home;
        this.settings = new ArrayList<>(settings);
        this.settings.add("node.id=" + id);
        this.settings.add("data.dirs=" + data());
        this.settings.add("listeners=127.0.0.1:" + clientPort);
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", clientPort).usePlaintext().build();
    }

    int id() {
        return id;
    }

    Path data() {
        return home.resolve("data");
    }

    /** To its client port. */
    ManagedChannel channel() {
        channel.resetConnectBackoff();
        return channel;
    }

    void start() {
        starts++;
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Dkq.log.dir=" + home.resolve("logs"),
                                "-Dkq.stop.when.stdin.closes=true",
                                "-cp",
                                classPath(),
                                "io.kq.broker.BrokerMain"));
        command.addAll(1, JvmOptions.ofThisJava());
        settings.forEach(setting -> command.addAll(List.of("--override", setting)));
        try {
            Files.createDirectories(home);
            process =
                    new ProcessBuilder(command)
                            .redirectOutput(output("stdout"))
                            .redirectError(output("stderr"))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProcessNode awaitReady() {
        eventually(
                "node " + id + " is ready",
                START_BOUND,
                () -> {
                    if (!running().isAlive()) {
                        throw new IllegalStateException("node " + id + " ended: " + errors());
                    }
                    return text("stdout").contains(" ready ");
                });
        return this;
    }

    String readyLine() {
        return text("stdout");
    }

    String errors() {
        return text("stderr");
    }

    /** SIGKILL. */
    void kill() {
        running().destroyForcibly();
        int unused = awaitEnd();
    }

    /** SIGTERM. */
    int stop() {
        running().destroy();
        return awaitEnd();
    }

    int awaitEnd() {
        try {
            if (!running().waitFor(START_BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("node " + id + " does not end");
            }
            return running().exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        if (process != null && process.isAlive()) {
            kill();
        }
    }

    private Process running() {
        return Objects.requireNonNull(process, "not started");
    }

    private File output(String name) {
        return home.resolve(name + "-" + starts).toFile();
    }

    private String text(String name) {
        try {
            return Files.readString(output(name).toPath(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath() {
        List<String> kept = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.endsWith("test-classes")) {
                kept.add(entry);
            }
        }
        return String.join(File.pathSeparator, kept);
    }
}
