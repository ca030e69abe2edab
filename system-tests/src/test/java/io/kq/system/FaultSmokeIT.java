package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.check.HistoryCheck;
import io.kq.system.check.Verdict;
import io.kq.system.driver.Plan;
import io.kq.system.driver.Workload;
import io.kq.system.harness.Cluster;
import io.kq.system.harness.NodeProcess;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import io.kq.system.history.Event.Mark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four faults in a row of a cluster that is written and read all the time, without root: a leader
 * is killed, stands still, cannot be reached by its followers, and is stopped in good order. Then
 * what all clients were told, and what the nodes have on their disks, is held against the
 * invariants. {@code system-tests/faults/run.sh} has many more, with a network of their own.
 */
@Timeout(300)
class FaultSmokeIT {

    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final int NODES = 3;

    /** Of each writer in each partition: the load should not be what this test takes time for. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    @TempDir private Path directory;

    private Cluster cluster;
    private Workload workload;
    private Path history;

    @BeforeEach
    void start() {
        cluster = Cluster.startBehindProxies(directory.resolve("cluster"), NODES);
        history = directory.resolve("history.jsonl");
        Plan plan = Plan.against(List.of(cluster.bootstrap().split(",", -1)));
        workload = new Workload(plan.withPause(PAUSE), history);
        workload.start();
    }

    @AfterEach
    void stop() {
        workload.close();
        cluster.close();
    }

    /** Leads a partition and not the metadata: after a fault one node may lead all for a while. */
    private NodeProcess leader() {
        int[] found = {-1};
        eventually(
                "a leader that is not the controller",
                () -> {
                    found[0] = leaderButNotController();
                    if (found[0] < 0) {
                        workload.electPreferred();
                    }
                    return found[0] >= 0;
                });
        return cluster.node(found[0]);
    }

    /** Its id; -1: there is none now. */
    private int leaderButNotController() {
        int controller = workload.metadataLeader();
        for (int partition = 0; partition < 4 && controller >= 0; partition++) {
            int leader = workload.leader(partition);
            if (leader >= 0 && leader != controller) {
                return leader;
            }
        }
        return -1;
    }

    private void fault(NodeProcess victim, String text) {
        workload.mark(Mark.FAULT, victim.id(), text + " of node " + victim.id());
    }

    private void healed(String how) {
        workload.mark(Mark.HEALED, -1, how);
        assertThat(workload.awaitInSync(NODES, BOUND)).as(workload.state()).isTrue();
        assertThat(workload.awaitWrites(BOUND)).as(workload.state()).isTrue();
        assertThat(workload.awaitChange(BOUND)).as("a change of the metadata").isTrue();
    }

    /** All that the victim led is led by another one, and written. */
    private void awaitOthers(NodeProcess victim) {
        for (int partition = 0; partition < 4; partition++) {
            assertThat(workload.awaitOtherLeader(partition, victim.id(), BOUND))
                    .as("partition %d of %s", partition, workload.state())
                    .isTrue();
        }
        assertThat(workload.awaitWrites(BOUND)).as(workload.state()).isTrue();
    }

    private void restart(NodeProcess node) {
        node.start();
        node.awaitReady();
    }

    @Test
    void nothingIsLostTornOrTwiceThroughFourFaults() throws IOException {
        killed(leader());
        paused(leader());
        cutOff(leader());
        stopped(leader());
        assertThat(workload.finish()).as("everything is read at the end").isTrue();
        judge();
    }

    private void killed(NodeProcess victim) {
        fault(victim, "kill -9");
        victim.kill();
        assertThat(victim.isAlive()).isFalse();
        workload.mark(Mark.BIT, -1, "its process is gone");
        awaitOthers(victim);
        restart(victim);
        healed("it runs again");
    }

    private void paused(NodeProcess victim) {
        fault(victim, "SIGSTOP");
        victim.pause();
        eventually("stopped", victim::isPaused);
        workload.mark(Mark.BIT, -1, "it stands still");
        awaitOthers(victim);
        victim.resume();
        healed("it goes on");
    }

    private void cutOff(NodeProcess victim) {
        fault(victim, "cut of the node port");
        cluster.proxy(victim.id()).cut();
        eventually("both followers are held", () -> cluster.proxy(victim.id()).held() >= 2);
        workload.mark(Mark.BIT, -1, "messages of other nodes are held");
        cluster.proxy(victim.id()).heal();
        healed("they get through");
    }

    private void stopped(NodeProcess victim) {
        fault(victim, "SIGTERM");
        assertThat(victim.stop()).isZero();
        workload.mark(Mark.BIT, -1, "its process is gone");
        restart(victim);
        healed("it runs again");
    }

    private void judge() throws IOException {
        cluster.nodes().forEach(NodeProcess::stop);
        TreeMap<Integer, Path> dumps = new TreeMap<>();
        for (NodeProcess node : cluster.nodes()) {
            Ran ran =
                    Shell.in(directory)
                            .run(
                                    "kq inspect "
                                            + node.dataDirectory()
                                            + " --topic faults --records -o jsonl");
            assertThat(ran.exitCode()).as(ran.err()).isZero();
            Path dump = directory.resolve("dump-" + node.id());
            Files.writeString(dump, ran.out());
            dumps.put(node.id(), dump);
        }
        Verdict verdict = HistoryCheck.check(history, dumps, 1000);
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        verdict.print(new PrintStream(told, true, UTF_8));
        String words = told.toString(UTF_8);
        Arrays.stream(words.split("\n"))
                .filter(line -> line.startsWith("history") || line.startsWith("gap"))
                .forEach(System.out::println);
        assertThat(verdict.exitCode()).as(words).isZero();
    }
}
