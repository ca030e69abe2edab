package io.kq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.Distribution;
import io.kq.system.harness.NodeProcess;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that do not start, because of a machine, a disk or settings as they should not be. */
class RefusedStartIT {

    @TempDir private static Path directory;

    /** A voter that runs, and node 1, which does not. */
    private static Cluster cluster;

    private static Shell shell;

    @BeforeAll
    static void start() {
        cluster = Cluster.prepare(directory.resolve("cluster"), 2);
        cluster.nodes().forEach(NodeProcess::start);
        cluster.nodes().forEach(NodeProcess::awaitReady);
        cluster.node(1).stop();
        shell = Shell.in(directory);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Starts a node with the settings of node 1, but for these. */
    private static Ran startLikeNode1(String... overrides) {
        return shell.run(lineLikeNode1(overrides)).withoutLog();
    }

    private static String lineLikeNode1(String... overrides) {
        StringBuilder line = new StringBuilder("kq server start --config ");
        line.append(cluster.node(1).configFile());
        for (String override : overrides) {
            line.append(" --override ").append(override);
        }
        return line.toString();
    }

    /** A setting that makes the node one that has nothing to do with the cluster. */
    private static String alone(String name) {
        return "metadata.peers= --override data.dirs=" + directory.resolve(name);
    }

    private static void refused(Ran ran, int exitCode, String text) {
        Refusal.check(ran, exitCode, text);
    }

    @Test
    void takenPortIsNamedWithItsSetting() {
        String taken = cluster.node(0).address();
        String text =
                """
                error: port %s on 127.0.0.1 is taken by another process. [ADDRESS_IN_USE]
                  next: stop it, or set %s to another port
                """;
        String port = taken.substring(taken.indexOf(':') + 1);
        refused(
                startLikeNode1(alone("taken"), "listeners=" + taken),
                1,
                text.formatted(port, "listeners"));
        refused(
                startLikeNode1(alone("taken"), "metadata.listener=" + taken),
                1,
                text.formatted(port, "metadata.listener"));
    }

    @Test
    void takenPortOfADevClusterIsNamedWithAFreeOne() {
        String address = cluster.node(0).address();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        Ran ran = shell.run("kq dev --data dev --port-base " + port);
        Refusal.check(ran, 1);
        assertThat(ran.err())
                .matches(
                        """
                        error: Port %1$d is taken; node 0 needs it for listeners\\. \\[PORT_IN_USE\\]
                          next: stop what listens on it
                          next: or choose other ports: kq dev --port-base \\d+
                        """
                                .formatted(port));
    }

    @Test
    void dataDirectoryOfARunningNodeIsLeftAlone() {
        Path inUse = cluster.node(0).dataDirectory();
        refused(
                startLikeNode1("node.id=0", "data.dirs=" + inUse),
                1,
                """
                error: another process uses the data directory %s. [DATA_DIRECTORY_IN_USE]
                  next: stop it, or set data.dirs to another directory
                """
                        .formatted(inUse));
    }

    @Test
    void dataDirectoryOfAnotherNodeIsLeftAlone() {
        Path ofNode1 = cluster.node(1).dataDirectory();
        refused(
                startLikeNode1("node.id=5"),
                1,
                """
                error: the disk %s belongs to node 1, but node.id is 5. [NODE_MISMATCH]
                  next: correct node.id or data.dirs; to make it a disk of node 5, empty it
                """
                        .formatted(ofNode1));
    }

    @Test
    void dataDirectoryOfAnotherClusterIsLeftAlone(@TempDir Path elsewhere) {
        try (Cluster other = Cluster.start(elsewhere, 1)) {
            String peers = "metadata.peers=" + other.node(0).setting("metadata.peers");
            Ran ran = startLikeNode1(peers);
            Refusal.check(ran, 1);
            assertThat(ran.err())
                    .matches(
                            """
                            error: the data directory %s is of another cluster: this is cluster \
                            \\S{22}, broker 1 belongs to \\S{22}\\. \\[CLUSTER_MISMATCH\\]
                              next: correct data.dirs or metadata.peers; to bring this disk into \
                            the cluster, empty it
                            """
                                    .formatted(cluster.node(1).dataDirectory()));
        }
    }

    @Test
    void directoryThatIsNoDevClustersIsLeftAlone() throws IOException {
        Path photos = Files.createDirectories(directory.resolve("photos"));
        Files.writeString(photos.resolve("cat.jpg"), "a cat");
        Ran ran = shell.run("kq dev --data photos --fresh");
        refused(
                ran,
                4,
                """
                error: photos holds something else: it has no dev.properties. [FOREIGN_DIRECTORY]
                  next: choose a new or empty directory with --data DIR
                """);
        assertThat(photos.resolve("cat.jpg")).hasContent("a cat");
    }

    @Test
    void fullDiskIsNamedAtAFirstStartAndAtALaterOne() {
        Path mounted = directory.resolve("full");
        String start = lineLikeNode1(alone("full/data"), "listeners=127.0.0.1:0");
        String script =
                """
                mkdir -p %1$s && mount -t tmpfs -o size=96m none %1$s || exit 99
                fill() { head -c 96m /dev/zero > %1$s/fill 2> /dev/null; }
                fill
                %2$s; echo "exit $?"
                rm %1$s/fill
                exec 3< <(exec %2$s)
                node=$!
                read -r ready <&3; echo "$ready"
                kill -TERM $node; wait $node; echo "exit $?"
                fill
                %2$s; echo "exit $?"
                """
                        .formatted(mounted, start);
        // A mount that only this process and its children see, and that ends with them.
        Ran ran = shell.run(unshareMounts() + " bash -c '" + script + "'").withoutLog();
        assumeTrue(ran.exitCode() != 99, "no tmpfs can be mounted here: " + ran.err());

        String next =
                ". [DISK_FULL]\n  next: free space there, or set data.dirs to a directory on"
                        + " another disk\n";
        String error = "error: the disk of the data directory " + mounted + "/data is full: ";
        assertThat(ran.err())
                .isEqualTo(
                        error
                                + "No space left on device"
                                + next
                                + error
                                + "no space left for the metadata log: 0 bytes are free, 9437184"
                                + " must be"
                                + next);
        assertThat(ran.out())
                .matches("exit 1\nkq node 1 ready cluster=\\S+ client=\\S+\nexit 143\nexit 1\n");
    }

    @Test
    void fullDiskOfADevClusterIsNamedAndItsDirectoryStaysUsable() {
        Path mounted = directory.resolve("full-dev");
        String script =
                """
                mkdir -p %1$s && mount -t tmpfs -o size=1m none %1$s || exit 99
                fill() { head -c $1 /dev/zero > %1$s/fill 2> /dev/null; }
                fill 1m
                kq dev --data %1$s/data; echo "exit $?"
                fill 900k
                kq dev --data %1$s/data --brokers 0; echo "exit $?"
                """
                        .formatted(mounted);
        Ran ran = shell.run(unshareMounts() + " bash -c '" + script + "'").withoutLog();
        assumeTrue(ran.exitCode() != 99, "no tmpfs can be mounted here: " + ran.err());

        assertThat(ran.err())
                .startsWith(
                        """
                        error: the disk of %s/data is full. [DISK_FULL]
                          next: free space there, or choose a directory on another disk with --data DIR
                        error: --brokers is 0;\
                        """
                                .formatted(mounted));
        assertThat(ran.out()).isEqualTo("exit 1\nexit 2\n");
    }

    /** Root may mount; others may in a name space of users in which they are root. */
    private static String unshareMounts() {
        String asRoot = "unshare --mount";
        String asUser = "unshare --user --map-root-user --mount";
        if (shell.run(asRoot + " true").exitCode() == 0) {
            return asRoot;
        }
        Ran user = shell.run(asUser + " true");
        assumeTrue(user.exitCode() == 0, "no tmpfs can be mounted here: " + user.err());
        return asUser;
    }

    @Test
    void unknownSettingIsRefusedAndTheNearestIsNamed() throws IOException {
        Path misspelt = directory.resolve("misspelt.properties");
        Files.writeString(
                misspelt, Files.readString(cluster.node(1).configFile()) + "log.segment.byts=1\n");
        String text =
                """
                error: unknown setting 'log.segment.byts' in %s (did you mean \
                log.segment.bytes?). [UNKNOWN_CONFIG]
                  next: remove or correct it; docs/reference/config.md lists all settings
                """
                        .formatted(misspelt);
        refused(shell.run("kq server start --config " + misspelt), 2, text);
        refused(shell.run("kq server check-config " + misspelt), 2, text);
        refused(
                startLikeNode1("log.segment.byts=1"),
                2,
                text.replace("in " + misspelt, "in --override"));
    }

    @Test
    void unknownVariableIsRefusedAndTheNearestIsNamed() {
        refused(
                shell.with("KQ_CONF_LOG_SEGMENT_BYTS", "1").run(lineLikeNode1()),
                2,
                """
                error: unknown environment variable KQ_CONF_LOG_SEGMENT_BYTS (did you mean \
                KQ_CONF_LOG_SEGMENT_BYTES?). [UNKNOWN_CONFIG]
                  next: remove or correct it; docs/reference/config.md lists all settings
                """);
    }

    @Test
    void wrongValueIsRefusedWithWhatIsTaken() {
        refused(
                startLikeNode1("log.segment.bytes=big"),
                2,
                """
                error: log.segment.bytes=big is not a size such as 1048576, 64KiB or 1GiB. \
                [INVALID_CONFIG]
                  next: give it a size (14 .. 2147483647); it was set by --override
                """);
    }

    @Test
    void settingsFileThatIsNotThereIsNamed() {
        refused(
                shell.run("kq server start --config nowhere.properties"),
                2,
                """
                error: the settings file nowhere.properties does not exist. [CONFIG_UNREADABLE]
                  next: check the path after --config
                """);
    }

    @Test
    void javaThatIsTooOldIsNamedByNodesAndCommands() throws IOException {
        Path java11 = Files.createDirectories(directory.resolve("java-11"));
        Files.writeString(java11.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Path binary = Files.createDirectories(java11.resolve("bin")).resolve("java");
        Files.writeString(binary, "#!/bin/sh\necho 'UnsupportedClassVersionError' >&2\nexit 1\n");
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Shell old = shell.with("KQ_JAVA_HOME", java11.toString());
        for (String line : new String[] {lineLikeNode1(), "kq topics --list", "kq dev"}) {
            Ran ran = old.run(line);
            Refusal.check(ran, 1);
            assertThat(ran.err())
                    .startsWith(
                            "error: kq needs Java 17 or newer; found 11.0.2 (KQ_JAVA_HOME="
                                    + java11
                                    + ").\n  next: install a JDK");
        }
    }

    @Test
    void configOfTheDistributionIsFine() {
        Ran ran =
                shell.run("kq server check-config " + Distribution.home() + "/conf/kq.properties");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
    }
}
