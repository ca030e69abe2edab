package io.kq.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.deploy.Distribution.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/kq} with Javas that only print what they are given, one argument a line. */
class LauncherIT {

    @TempDir private Path temporary;

    private Path java17;

    @BeforeEach
    void makeJava() throws IOException {
        java17 = java("17", "17.0.15");
    }

    @Test
    void refusesAnOldJavaAndSaysWhichItFound() throws Exception {
        Path java11 = java("eleven", "11.0.2");

        Run run = kq(Map.of("KQ_JAVA_HOME", java11.toString()), "topics", "--list");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith(
                        "error: kq needs Java 17 or newer; found 11.0.2 (KQ_JAVA_HOME=" + java11)
                .contains("\n  next: ");
    }

    @Test
    void knowsJavaEightByItsOldSpelling() throws Exception {
        Run run = kq(Map.of("KQ_JAVA_HOME", java("eight", "1.8.0_402").toString()), "--version");

        assertThat(run.err()).contains("found 1.8.0_402");
    }

    @Test
    void saysWhereThereIsNoJava() throws Exception {
        Run run = kq(Map.of("KQ_JAVA_HOME", "/nowhere"), "--version");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("found no bin/java in KQ_JAVA_HOME=/nowhere");
    }

    @Test
    void goesOnToThePathWhenJavaHomeIsTooOld() throws Exception {
        Map<String, String> environment =
                Map.of(
                        "JAVA_HOME",
                        java("old", "11.0.2").toString(),
                        "PATH",
                        java17.resolve("bin") + ":/usr/bin:/bin");

        assertThat(kq(environment, "--version").lines()).contains("java of 17");
    }

    @Test
    void asksAJavaThatHasNoReleaseFile() throws Exception {
        Path bare = java("bare", "21.0.1");
        Files.delete(bare.resolve("release"));

        assertThat(kq(Map.of("KQ_JAVA_HOME", bare.toString()), "--version").lines())
                .contains("java of bare");
    }

    @Test
    void commandsSeeNothingOfANode() throws Exception {
        Run run = kq("topics", "--list");

        assertThat(run.lines()).endsWith("io.kq.cli.KqCommand", "topics", "--list");
        assertThat(run.lines()).contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        assertThat(Distribution.classPath("cli"))
                .contains("kq-cli-" + version() + ".jar", "slf4j-nop-2.0.17.jar")
                .noneMatch(jar -> jar.matches(".*(rocksdb|ratis|logback|pcollections).*"))
                .noneMatch(jar -> jar.matches("kq-(log-store|metadata-raft|broker-node).*"));
        assertThat(classPath(run)).hasSameSizeAs(Distribution.classPath("cli"));
    }

    @Test
    void allJarsOfTheClassPathsAreThere() throws Exception {
        for (String name : List.of("cli", "server")) {
            for (String jar : Distribution.classPath(name)) {
                assertThat(Distribution.home().resolve("lib").resolve(jar)).exists();
            }
        }
    }

    @Test
    void serverStartBecomesTheNode() throws Exception {
        Run run = kq("server", "start", "--config", "my file", "--override", "node.id=2");

        assertThat(run.lines())
                .endsWith(
                        "io.kq.broker.BrokerMain",
                        "--config",
                        "my file",
                        "--override",
                        "node.id=2");
        assertThat(run.lines()).contains("-Xms128m", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError");
        assertThat(Distribution.classPath("server"))
                .anyMatch(jar -> jar.startsWith("rocksdbjni"))
                .anyMatch(jar -> jar.startsWith("logback-classic"))
                .noneMatch(jar -> jar.startsWith("slf4j-nop"));
    }

    @Test
    void aNodesHeapAndLogAreChosenByTheEnvironment() throws Exception {
        Map<String, String> environment =
                Map.of(
                        "KQ_JAVA_HOME", java17.toString(),
                        "KQ_HEAP_OPTS", "-Xms1g -Xmx1g",
                        "KQ_JVM_OPTS", "-Da=b",
                        "KQ_LOG_DIR", "/some where/logs");

        assertThat(kq(environment, "server", "start", "--config", "f").lines())
                .contains("-Xms1g", "-Xmx1g", "-Da=b", "-Dkq.log.dir=/some where/logs")
                .doesNotContain("-Xmx512m", "-Dkq.stop.when.stdin.closes=true");
    }

    @Test
    void checkAndShowConfigTakeTheirFileBare() throws Exception {
        assertThat(kq("server", "check-config", "my file").lines())
                .endsWith("io.kq.broker.BrokerMain", "--check-config", "--config", "my file");
        assertThat(kq("server", "show-config", "f", "--override", "a=b").lines())
                .endsWith("--show-config", "--config", "f", "--override", "a=b");
    }

    @Test
    void helpOnServerStartNeedsNoNode() throws Exception {
        assertThat(kq("server", "start", "--help").lines())
                .endsWith("io.kq.cli.KqCommand", "server", "start", "--help");
    }

    @Test
    void inspectSeesTheStore() throws Exception {
        Run run = kq("inspect", "/data");

        assertThat(run.lines()).contains("io.kq.cli.KqCommand");
        assertThat(classPath(run)).hasSameSizeAs(Distribution.classPath("server"));
    }

    @Test
    void perfIsNotMeasuredOnHalfACompiler() throws Exception {
        assertThat(kq("perf", "produce").lines()).doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void newerJavasAreToldWhatIsKnown() throws Exception {
        Path java25 = java("25", "25.0.1");

        assertThat(kq(Map.of("KQ_JAVA_HOME", java25.toString()), "--version").lines())
                .contains("--enable-native-access=ALL-UNNAMED");
        assertThat(kq("--version").lines()).doesNotContain("--enable-native-access=ALL-UNNAMED");
    }

    /** Netty warns of this setting, as it does on a machine without a network card. */
    @Test
    void aLibrarysWarningsAreNotInTheOutputOfACommand() throws Exception {
        Map<String, String> environment =
                Map.of(
                        "KQ_JAVA_HOME",
                        System.getProperty("java.home"),
                        "KQ_CLI_OPTS",
                        "-Dio.netty.machineId=none");

        Run run = kq(environment, "topics", "--list", "-b", "127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err()).startsWith("error: ");
    }

    @Test
    void answersToTheNamesOfKafkasTools() throws Exception {
        assertThat(as("kafka-topics.sh", "--list").lines())
                .contains("-Dkq.called.as=kafka-topics.sh")
                .endsWith("io.kq.cli.KqCommand", "--list");
        assertThat(as("kafka-producer-perf-test.sh").lines())
                .doesNotContain("-XX:TieredStopAtLevel=1");
        assertThat(as("kafka-server-start.sh", "kq.properties").lines())
                .endsWith("io.kq.broker.BrokerMain", "--config", "kq.properties");
        for (String name : List.of("kafka-server-start.sh", "kafka-server-start.bat")) {
            assertThat(kq(name, "kq.properties", "--override", "node.id=2").lines())
                    .endsWith(
                            "io.kq.broker.BrokerMain",
                            "--config",
                            "kq.properties",
                            "--override",
                            "node.id=2");
        }
        assertThat(kq("server", "start", "kq.properties").lines())
                .endsWith("io.kq.broker.BrokerMain", "--config", "kq.properties");
    }

    @Test
    void handsArgumentsOnAsTheyAre() throws Exception {
        assertThat(kq("produce", "two words", "*", "", "$HOME").lines())
                .endsWith("produce", "two words", "*", "", "$HOME");
    }

    /**
     * What Java opens first would be given the number of a closed stream, and be read or written.
     */
    @Test
    void opensStandardStreamsThatAreClosed() throws Exception {
        Path report = temporary.resolve("report");
        Files.writeString(java17.resolve("bin/java"), streamsReport());

        Run run =
                Distribution.run(
                        Map.of("KQ_JAVA_HOME", java17.toString(), "REPORT", report.toString()),
                        List.of(
                                "bash",
                                "-c",
                                "exec \"$0\" produce <&- >&- 2>&-",
                                Distribution.home().resolve("bin/kq").toString()));

        assertThat(run.exitCode()).isZero();
        assertThat(Files.readAllLines(report))
                .containsExactly("input is open and empty", "output takes nothing", "errors go");
    }

    private static String streamsReport() {
        return """
        #!/usr/bin/env bash
        exec 5>"$REPORT"
        if { : 3<&0; } 2>/dev/null && ! read -r; then echo 'input is open and empty' >&5; fi
        if { : 3>&1; } 2>/dev/null && ! echo x 2>/dev/null; then echo 'output takes nothing' >&5; fi
        if echo x >&2; then echo 'errors go' >&5; fi
        """;
    }

    private Run as(String name, String... arguments) throws Exception {
        Path link = temporary.resolve(name);
        Files.createSymbolicLink(link, Distribution.home().resolve("bin/kq"));
        List<String> command = new ArrayList<>(List.of(link.toString()));
        command.addAll(List.of(arguments));
        return Distribution.run(Map.of("KQ_JAVA_HOME", java17.toString()), command);
    }

    private Run kq(String... arguments) throws Exception {
        return kq(Map.of("KQ_JAVA_HOME", java17.toString()), arguments);
    }

    private static Run kq(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Distribution.home().resolve("bin/kq").toString());
        command.addAll(List.of(arguments));
        return Distribution.run(new HashMap<>(environment), command);
    }

    private static List<String> classPath(Run run) {
        String entries = run.lines().get(run.lines().indexOf("-cp") + 1);
        return List.of(entries.split(":", -1));
    }

    private static String version() throws IOException {
        return Distribution.home().getFileName().toString().substring("kq-".length());
    }

    /** A Java installation that says which one it is and what it was asked to do. */
    private Path java(String name, String version) throws IOException {
        Path home = Files.createDirectories(temporary.resolve("a java " + name));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path binary = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(
                binary,
                """
                #!/usr/bin/env bash
                if [[ $* == -version ]]; then echo 'openjdk version "%s"' >&2; exit; fi
                printf '%%s\\n' 'java of %s' "$@"
                """
                        .formatted(version, name));
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }
}
