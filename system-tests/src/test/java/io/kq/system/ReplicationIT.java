package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.NodeProcess;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas of a partition on three nodes, some of which die. */
class ReplicationIT {

    private static final Pattern DESCRIBED =
            Pattern.compile("Leader: (-?\\d+|none)\tReplicas: ([\\d,]+)\tIsr: ([\\d,]+)");

    @TempDir private Path directory;

    private Cluster cluster;
    private Shell shell;

    @BeforeEach
    void start() {
        cluster = Cluster.start(directory.resolve("cluster"), 3);
        shell = Shell.in(directory).against(cluster);
        ok("kq topics --create --topic t --partitions 1 --replication-factor 3");
        awaitIsr(3);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private String ok(String line) {
        Ran ran = shell.run(line);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        return ran.out();
    }

    private Matcher described() {
        Matcher found = DESCRIBED.matcher(shell.run("kq topics --describe --topic t").out());
        return found;
    }

    private int leader() {
        Matcher found = described();
        assertThat(found.find()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private void awaitIsr(int size) {
        eventually(
                "in-sync replicas " + size,
                () -> {
                    Matcher found = described();
                    return found.find() && found.group(3).split(",").length == size;
                });
    }

    private void produce(int from, int to) {
        ok("seq " + from + " " + to + " | kq produce -q --topic t --sync");
    }

    private void assertHolds(int last) {
        Ran ran = shell.run("kq consume --topic t --from-beginning --until-end");
        assertThat(ran.err()).isEqualTo("Processed a total of " + last + " messages\n");
        assertThat(ran.out().lines())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList());
    }

    private static String segmentsOf(NodeProcess node) {
        try (Stream<Path> files = Files.walk(node.dataDirectory())) {
            StringBuilder all = new StringBuilder();
            for (Path file :
                    new TreeSet<>(
                            files.filter(f -> f.toString().matches(".*-0/\\d{20}\\.log"))
                                    .toList())) {
                all.append(file.getFileName());
                for (byte b : Files.readAllBytes(file)) {
                    all.append(Character.forDigit(b >> 4 & 15, 16))
                            .append(Character.forDigit(b & 15, 16));
                }
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitEqualCopies() {
        eventually(
                "equal copies",
                () ->
                        cluster.nodes().stream().map(ReplicationIT::segmentsOf).distinct().count()
                                == 1);
        assertThat(segmentsOf(cluster.node(0))).isNotEmpty();
    }

    @Test
    void allReplicasHoldTheSameBytes() {
        produce(1, 1000);
        awaitEqualCopies();
        assertHolds(1000);
    }

    @Test
    void nothingAcknowledgedIsLostWithItsLeaderAndItComesBackInSync() {
        produce(1, 500);
        int dead = leader();
        cluster.node(dead).kill();
        produce(501, 1000);
        assertThat(leader()).isNotEqualTo(dead);
        assertHolds(1000);
        cluster.node(dead).start();
        cluster.node(dead).awaitReady();
        awaitIsr(3);
        produce(1001, 1100);
        awaitEqualCopies();
        assertHolds(1100);
    }

    @Test
    void replicaThatIsDamagedOnItsDiskIsFetchedAnew() throws IOException {
        produce(1, 500);
        NodeProcess follower = cluster.node((leader() + 1) % 3);
        follower.stop();
        try (Stream<Path> files = Files.walk(follower.dataDirectory())) {
            Path segment =
                    files.filter(f -> f.toString().endsWith("-0/00000000000000000000.log"))
                            .findFirst()
                            .orElseThrow();
            try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() / 2);
            }
        }
        follower.start();
        follower.awaitReady();
        awaitIsr(3);
        awaitEqualCopies();
        assertHolds(500);
    }

    @Test
    void everyNodeCanDieOneAfterTheOther() {
        int written = 0;
        for (int id : List.of(0, 1, 2)) {
            produce(written + 1, written + 100);
            written += 100;
            cluster.node(id).kill();
            produce(written + 1, written + 100);
            written += 100;
            cluster.node(id).start();
            cluster.node(id).awaitReady();
            awaitIsr(3);
        }
        assertHolds(written);
        awaitEqualCopies();
    }

    @Test
    void allNodesKilledTogetherComeBackWithEverything() {
        produce(1, 500);
        cluster.nodes().forEach(NodeProcess::kill);
        cluster.nodes().forEach(NodeProcess::start);
        cluster.nodes().forEach(NodeProcess::awaitReady);
        awaitIsr(3);
        assertHolds(500);
        produce(501, 600);
        awaitEqualCopies();
    }
}
