package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.NodeProcess;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import io.kq.system.harness.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters, and three nodes that store and serve without a vote. */
class BrokerOnlyNodesIT {

    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir private static Path directory;

    @Test
    void keepWhatTheyAcknowledgedWhenOneOfThemAndTheMetadataLeaderAreKilled() {
        try (Cluster cluster = Cluster.start(directory.resolve("cluster"), 6)) {
            Shell shell = Shell.in(directory).against(cluster);
            assertThat(
                            shell.run(
                                            "kq topics --create --topic kept --replica-assignment"
                                                    + " 3:4:5,4:5:3,5:3:4 --config"
                                                    + " min.insync.replicas=2")
                                    .exitCode())
                    .isZero();

            String produce =
                    "for i in $(seq 1 3000); do echo $i; sleep 0.003; done"
                            + " | kq produce --topic kept --sync --producer-property acks=all";
            try (Window producer = shell.open(produce)) {
                eventually("records are written", BOUND, () -> endOf(shell) > 100);
                cluster.node(4).kill();
                long atKill = endOf(shell);
                eventually("writing goes on", BOUND, () -> endOf(shell) > atKill + 100);

                NodeProcess leader = cluster.node(metadataLeader(shell));
                leader.kill();
                eventually(
                        "another voter leads", BOUND, () -> metadataLeader(shell) != leader.id());
                Ran produced = producer.awaitRan();
                assertThat(produced.err()).doesNotContain("error:");
                assertThat(produced.exitCode()).isZero();
            }

            Ran read =
                    shell.run(
                            "kq consume --topic kept --from-beginning --max-messages 3000 | sort -n"
                                    + " -u");
            assertThat(read.out().lines()).hasSize(3000);
            groupIsReachedThroughANodeWithoutAVote(
                    Shell.in(directory).with("KQ_BOOTSTRAP_SERVER", cluster.node(3).address()));
        }
    }

    /** Voters coordinate groups; any node passes on what members and operators say. */
    private static void groupIsReachedThroughANodeWithoutAVote(Shell shell) {
        Ran read =
                shell.run("kq consume --topic kept --group g --from-beginning --until-end | wc -l");
        assertThat(read.out().strip()).isEqualTo("3000");
        Ran described = shell.run("kq groups --describe --group g -o json");
        assertThat(described.out()).contains("\"lag\":0").doesNotContain("\"lag\":1");
    }

    private static int metadataLeader(Shell shell) {
        Matcher leader =
                Pattern.compile("\"leader\"\\s*:\\s*(-?\\d+)")
                        .matcher(shell.run("kq cluster quorum -o json").out());
        return leader.find() ? Integer.parseInt(leader.group(1)) : -1;
    }

    private static long endOf(Shell shell) {
        return shell.run("kq offsets --topic kept")
                .out()
                .lines()
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(':') + 1)))
                .sum();
    }
}
