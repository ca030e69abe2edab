package io.kq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process: what it prints, and how it ends. */
class BrokerMainIT {

    @TempDir Path directory;

    private record Outcome(int exitCode, String out, String err) {}

    private Outcome run(Map<String, String> environment, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.kq.broker.BrokerMain"));
        command.addAll(1, JvmOptions.ofThisJava());
        command.addAll(List.of(arguments));
        File out = directory.resolve("out").toFile();
        File err = directory.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try {
                assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ends").isTrue();
            } finally {
                process.destroyForcibly();
            }
            return new Outcome(
                    process.exitValue(),
                    Files.readString(out.toPath(), UTF_8),
                    Files.readString(err.toPath(), UTF_8));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void misspeltSettingIsRefusedInTwoLines() {
        Outcome outcome = run(Map.of(), "--override", "node.di=0");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo(
                        "error: unknown setting 'node.di' in --override (did you mean node.id?)."
                                + " [UNKNOWN_CONFIG]");
    }

    @Test
    void misspeltVariableIsRefused() {
        Outcome outcome =
                run(Map.of("KQ_CONF_NODE_IDS", "0"), "--check-config", "--override", "node.id=0");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("KQ_CONF_NODE_ID?");
    }

    @Test
    void goodSettingsAreCheckedWithoutAWord() {
        Outcome outcome = run(Map.of("KQ_CONF_NODE_ID", "0"), "--check-config");
        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void settingsAreShownWithTheirOrigin() {
        Outcome outcome =
                run(Map.of("KQ_CONF_NODE_ID", "4"), "--show-config", "--override", "rack.id=a");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains("node.id=4  # ENVIRONMENT")
                .contains("rack.id=a  # OVERRIDE")
                .contains("num.partitions=1  # DEFAULT");
    }

    @Test
    void aLogThatCannotBeWrittenIsRefusedBeforeAnythingIsMade() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Path data = directory.resolve("data");
        Outcome outcome =
                run(
                        Map.of("KQ_CONF_NODE_ID", "0", "KQ_CONF_DATA_DIRS", data.toString()),
                        "--override",
                        "logging.directory=" + file.resolve("logs"));
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("error: the log directory " + file.resolve("logs"))
                .contains("[LOG_DIRECTORY_UNUSABLE]\n  next: check logging.directory");
        assertThat(data).doesNotExist();
    }

    @Test
    void takenPortEndsItWithTheReason() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome =
                    run(
                            Map.of(),
                            "--override",
                            "node.id=0",
                            "--override",
                            "data.dirs=" + directory.resolve("data"),
                            "--override",
                            "listeners=127.0.0.1:" + taken.getLocalPort(),
                            "--override",
                            "node.listener=127.0.0.1:0",
                            "--override",
                            "logging.level=error");
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .isEqualTo(
                            "error: port "
                                    + taken.getLocalPort()
                                    + " on 127.0.0.1 is taken by another process."
                                    + " [ADDRESS_IN_USE]\n"
                                    + "  next: stop it, or set listeners to another port\n");
        }
    }

    @Test
    void runsUntilItIsStoppedAndSaysWhereItListens() throws IOException {
        try (ProcessNode node =
                new ProcessNode(
                        0,
                        directory.resolve("node"),
                        freePort(),
                        List.of("node.listener=127.0.0.1:0", "metadata.listener=127.0.0.1:0"))) {
            node.start();
            node.awaitReady();
            assertThat(node.readyLine())
                    .matches("kq node 0 ready cluster=[\\w-]{22} client=127\\.0\\.0\\.1:\\d+\n");
            assertThat(node.data().resolve(RunningFile.NAME))
                    .content()
                    .contains("client=127.0.0.1:")
                    .contains("pid=");
            assertThat(node.stop()).isIn(0, 143);
            assertThat(node.errors()).isEmpty();
            assertThat(node.data().resolve(RunningFile.NAME)).doesNotExist();
            assertThat(node.data().resolve("../logs/kq.log")).content().contains("Stopped");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
