package io.kq.cli.dev;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.runtime.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real child processes that only pretend to be nodes. */
class DevClusterIT {

    private final List<String> said = new CopyOnWriteArrayList<>();

    @TempDir private Path data;

    private DevCluster cluster = cluster(Duration.ofSeconds(60), Duration.ofSeconds(20));

    @AfterEach
    void stop() {
        cluster.stop();
    }

    @Test
    void isReadyWhenAllNodesAre() throws Exception {
        start(3, List.of());

        assertThat(cluster.awaitReady()).contains("7Jq");
    }

    @Test
    void endsAllNodesOnStop() throws Exception {
        List<NodeProcess> processes = start(3, List.of());
        cluster.awaitReady();

        cluster.stop();

        assertThat(processes).noneMatch(NodeProcess::isAlive);
        cluster.watch();
        assertThat(said).isEmpty();
    }

    @Test
    void killsANodeThatDoesNotStop() throws Exception {
        cluster = cluster(Duration.ofSeconds(60), Duration.ofMillis(200));
        List<NodeProcess> processes = start(1, List.of("fake=stubborn"));
        cluster.awaitReady();

        cluster.stop();

        assertThat(said).containsExactly("kq dev: node 0 does not stop; killed");
        eventually("it is gone", () -> !processes.get(0).isAlive());
    }

    @Test
    void stopsTheOthersWhenOneCannotStart() throws Exception {
        List<NodeProcess> processes = start(3, List.of("fake=refuse@1"));

        assertThatThrownBy(cluster::awaitReady)
                .hasMessage("Node 1 did not start: it ended (exit 2).");

        assertThat(said)
                .containsExactly(
                        "node 1| error: this disk belongs to another cluster. [FOREIGN_DISK]");
        assertThat(processes).noneMatch(NodeProcess::isAlive);
    }

    @Test
    void doesNotWaitForEverForANodeThatIsNeverReady() throws Exception {
        cluster = cluster(Duration.ofSeconds(5), Duration.ofSeconds(20));
        List<NodeProcess> processes = start(2, List.of("fake=hang@1"));

        assertThatThrownBy(cluster::awaitReady).hasMessage("Node 1 was not ready within 5 s.");

        assertThat(processes).noneMatch(NodeProcess::isAlive);
    }

    @Test
    void goesOnWithoutANodeThatDies() throws Exception {
        List<NodeProcess> processes = start(3, List.of());
        cluster.awaitReady();
        CompletableFuture<Void> watching = CompletableFuture.runAsync(this::watch);

        processes.get(2).kill();

        eventually("its end is reported", () -> said.size() == 2);
        assertThat(said.get(0))
                .isEqualTo("kq dev: node 2 ended (exit 137, signal 9); the other 2 go on");
        assertThat(said.get(1)).endsWith("kq server start --config " + config(2));
        assertThat(processes.get(0).isAlive()).isTrue();
        assertThat(watching).isNotDone();
    }

    @Test
    void endsWithItsLastNode() throws Exception {
        List<NodeProcess> processes = start(1, List.of());
        cluster.awaitReady();

        processes.get(0).kill();
        cluster.watch();

        assertThat(said.get(0)).contains("node 0 ended").contains("none is left");
    }

    @Test
    void nodesDoNotOutliveAProcessThatHasNoChanceToStopThem() throws Exception {
        DevNode node = nodes(1).get(0);
        Files.createDirectories(node.logDirectory());
        Files.writeString(node.configFile(), node.config(nodes(1)));
        Process process = launcher().start(node, nodes(1), List.of(), NodeLauncher.LogLevel.info);

        process.getOutputStream().close(); // what the kernel does when a process is gone

        eventually("the node stops", () -> !process.isAlive());
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DevNode node = DevNode.of(0, data, other.getLocalPort() - 1, true);

            assertThatThrownBy(() -> FreePorts.check(List.of(node)))
                    .hasMessage(
                            "Port "
                                    + other.getLocalPort()
                                    + " is taken; node 0 needs it for metadata.listener.");
        }
    }

    private List<NodeProcess> start(int brokers, List<String> overrides) throws IOException {
        return cluster.start(nodes(brokers), overrides, NodeLauncher.LogLevel.info);
    }

    private List<DevNode> nodes(int brokers) {
        return DevNode.all(data, DevState.born(brokers, 9092));
    }

    private Path config(int id) {
        return nodes(id + 1).get(id).configFile();
    }

    private DevCluster cluster(Duration ready, Duration stop) {
        return new DevCluster(
                launcher(), Clock.system(), said::add, new DevCluster.Patience(ready, stop));
    }

    static NodeLauncher launcher() {
        return new NodeLauncher(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeNode.class.getName()));
    }

    private void watch() {
        try {
            cluster.watch();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
