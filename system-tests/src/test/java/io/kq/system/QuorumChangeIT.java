package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.NodeProcess;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import io.kq.system.harness.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who votes on the metadata is changed by commands while records are written. */
class QuorumChangeIT {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int RECORDS = 3000;

    @TempDir private static Path directory;

    @Test
    void threeVotersBecomeFiveOneIsReplacedAndTheyAreThreeAgainUnderAProducer() throws IOException {
        try (Cluster cluster = Cluster.start(directory.resolve("cluster"), 5)) {
            Shell shell = Shell.in(directory).against(cluster);
            assertThat(
                            shell.run(
                                            "kq topics --create --topic kept --partitions 3"
                                                    + " --replication-factor 3 --config"
                                                    + " min.insync.replicas=2")
                                    .exitCode())
                    .isZero();
            String produce =
                    "for i in $(seq 1 "
                            + RECORDS
                            + "); do echo $i; sleep 0.005; done"
                            + " | kq produce --topic kept --producer-property acks=all";
            try (Window producer = shell.open(produce)) {
                done(shell, "add-voter 3");
                Ran five = done(shell, "add-voter 4");
                assertThat(five.out()).contains("Voters: 0, 1, 2, 3, 4.");
                awaitAllUp(shell, 5);

                NodeProcess unlucky = cluster.node((leader(shell) + 1) % 5);
                unlucky.kill();
                wipe(unlucky.dataDirectory());
                unlucky.start();
                unlucky.awaitReady();
                assertThat(unlucky.errors()).contains("[VOTER_DISK_LOST]");
                assertThat(done(shell, "replace-voter " + unlucky.id()).out())
                        .contains("votes with its new disk");
                assertThat(done(shell, "replace-voter " + unlucky.id()).out())
                        .contains("nothing was changed");
                awaitAllUp(shell, 5);

                removeWhileTheLeaderIsKilled(cluster, shell);
                done(shell, "remove-voter 3");
                awaitAllUp(shell, 3);
                Ran produced = producer.awaitRan();
                // That a partition waits for its next leader may be said; that a line fails may
                // not.
                assertThat(produced.err()).doesNotContain("error:");
                assertThat(produced.exitCode()).isZero();
            }
            Ran read =
                    shell.run(
                            "kq consume --topic kept --from-beginning --timeout-ms 8000"
                                    + " | sort -n -u | wc -l");
            assertThat(read.out().strip()).isEqualTo(Integer.toString(RECORDS));
        }
    }

    /**
     * The command's own node is another one; whatever became of the change, a repetition ends it.
     */
    private static void removeWhileTheLeaderIsKilled(Cluster cluster, Shell shell) {
        NodeProcess leader = cluster.node(leader(shell));
        try (Window change = shell.open("kq cluster remove-voter 4")) {
            eventually(
                    "the change is on its way",
                    BOUND,
                    () -> logOf(leader).contains("Changes the voters") || !change.isAlive());
            leader.kill();
            change.awaitEnd();
        }
        leader.start();
        leader.awaitReady();
        assertThat(done(shell, "remove-voter 4").out()).contains("Voters: 0, 1, 2, 3.");
        awaitAllUp(shell, 4);
    }

    private static String logOf(NodeProcess node) {
        try (Stream<Path> logs = Files.list(node.configFile().resolveSibling("logs"))) {
            StringBuilder text = new StringBuilder();
            for (Path log : logs.toList()) {
                text.append(Files.readString(log));
            }
            // What it said of earlier changes is no sign of this one.
            int last = text.lastIndexOf("Voters changed");
            return text.substring(Math.max(0, last));
        } catch (IOException e) {
            return "";
        }
    }

    private static Ran done(Shell shell, String command) {
        List<Ran> ran = new ArrayList<>();
        eventually(
                command,
                BOUND,
                () -> {
                    ran.add(shell.run("kq cluster " + command));
                    return ran.get(ran.size() - 1).exitCode() == 0;
                });
        return ran.get(ran.size() - 1);
    }

    private static void awaitAllUp(Shell shell, int voters) {
        eventually(
                voters + " voters are up",
                BOUND,
                () ->
                        Pattern.compile("\"up\":true")
                                        .matcher(shell.run("kq cluster quorum -o json").out())
                                        .results()
                                        .count()
                                == voters);
    }

    private static int leader(Shell shell) {
        return Integer.parseInt(
                Pattern.compile("\"leader\":(\\d+)")
                        .matcher(shell.run("kq cluster quorum -o json").out())
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1));
    }

    private static void wipe(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
