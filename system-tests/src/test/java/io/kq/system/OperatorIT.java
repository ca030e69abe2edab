package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.NodeProcess;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import io.kq.system.harness.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster is changed under a producer that goes on all the time: nothing that it was told is
 * written may be missing or there twice. Three voters, and a fourth node that comes and goes.
 */
class OperatorIT {

    private static final int BEFORE = 500;

    private static final Pattern PARTITION =
            Pattern.compile("Leader: (\\d+|none)\tReplicas: ([\\d,]+)\tIsr: ([\\d,]*)\n");

    @TempDir private Path directory;

    private Cluster cluster;
    private Shell shell;

    /** One partition as {@code --describe} shows it. */
    private record Described(String leader, List<String> replicas, List<String> isr) {

        boolean isWhole(int replicationFactor) {
            return replicas.size() == replicationFactor && isr.size() == replicationFactor;
        }
    }

    @BeforeEach
    void start() {
        cluster = Cluster.start(directory.resolve("cluster"), 4);
        shell = Shell.in(directory).against(cluster);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private String ok(String line) {
        Ran ran = shell.run(line);
        assertThat(ran.exitCode()).as(line + "\n" + ran.out() + ran.err()).isZero();
        return ran.out();
    }

    private List<Described> described() {
        Matcher found = PARTITION.matcher(ok("kq topics --describe --topic t"));
        return found.results()
                .map(
                        r ->
                                new Described(
                                        r.group(1),
                                        Arrays.asList(r.group(2).split(",", -1)),
                                        Arrays.asList(r.group(3).split(",", -1))))
                .toList();
    }

    private void awaitWhole(int partitions, int replicationFactor) {
        eventually(
                partitions + " partitions with " + replicationFactor + " replicas in sync",
                () -> {
                    List<Described> now = described();
                    return now.size() == partitions
                            && now.stream().allMatch(p -> p.isWhole(replicationFactor));
                });
    }

    /** Writes a number every few milliseconds until there is a file {@code stop}. */
    private Window produceAllTheTime() {
        return shell.open(
                "i="
                        + BEFORE
                        + "; { while [ ! -e stop ]; do i=$((i + 1)); echo $i; sleep 0.004; done;"
                        + " echo $i > last; } | kq produce --topic t --sync");
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void clusterIsChangedUnderAProducerThatLosesNothing() throws IOException {
        ok("kq topics --create --topic t --partitions 2 --replication-factor 1");
        ok("seq 1 " + BEFORE + " | kq produce --topic t --sync");
        try (Window producer = produceAllTheTime()) {
            growAndMove();
            drainAndUndrain();
            replaceByAnEmptyOne(cluster.node(3));
            decommission(cluster.node(3));
            assertThat(producer.isAlive()).as(producer.err()).isTrue();
            Files.createFile(directory.resolve("stop"));
            assertThat(producer.awaitEnd()).as(producer.err()).isZero();
        }
        int last = Integer.parseInt(Files.readString(directory.resolve("last"), UTF_8).strip());
        assertThat(last).isGreaterThan(BEFORE);
        Ran read = shell.run("kq consume --topic t --from-beginning --until-end | sort -n");
        assertThat(read.out().lines())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList());
    }

    private void growAndMove() {
        assertThat(ok("kq topics --alter --topic t --partitions 4 -q"))
                .isEqualTo("Added 2 partitions to topic t, which has 4 now.\n");
        assertThat(
                        ok(
                                "kafka-configs --entity-type topics --entity-name t --alter"
                                        + " --add-config segment.bytes=64KiB"))
                .isEqualTo("Completed updating config for topic t.\n");
        assertThat(ok("kq configs --describe --topic t")).contains("  segment.bytes=65536 ");
        Ran grown = shell.run("kq reassign --execute --topic t --replication-factor 3 --wait");
        assertThat(grown.exitCode()).as(grown.err()).isZero();
        assertThat(grown.err()).endsWith("4 of 4 partitions done.\n");
        assertThat(described()).hasSize(4).allMatch(p -> p.replicas().size() == 3);
        ok("kafka-reassign-partitions --execute --topic t --partition 0 --replicas 3,1,0 --wait");
        assertThat(described().get(0).replicas()).containsExactly("3", "1", "0");
        assertThat(ok("kq reassign --verify --topic t --partition 0 --replicas 3,1,0"))
                .contains("Reassignment of partition t-0 is completed.\n");
    }

    private void drainAndUndrain() {
        ok("kq leaders --elect --election-type preferred --all-topic-partitions");
        assertThat(described().get(0).leader()).isEqualTo("3");
        assertThat(ok("kq node drain 3")).isEqualTo("Node 3 is drained: it leads nothing.\n");
        assertThat(described()).noneMatch(p -> p.leader().equals("3"));
        assertThat(ok("kq cluster brokers")).containsPattern("(?m)^3 .* DRAINING ");
        ok("kq node undrain 3");
        awaitWhole(4, 3);
    }

    private void replaceByAnEmptyOne(NodeProcess node) throws IOException {
        node.kill();
        eventually(
                "broker 3 is missed",
                () -> {
                    Ran health = shell.run("kq cluster health");
                    return health.exitCode() == 10 && health.out().contains("Broker 3 is down.");
                });
        delete(node.dataDirectory());
        node.start();
        node.awaitReady();
        awaitWhole(4, 3);
        assertThat(shell.run("kq cluster health").exitCode()).isZero();
    }

    private void decommission(NodeProcess node) {
        assertThat(ok("kq node decommission 3"))
                .isEqualTo("Node 3 is empty. Stop its process, then: kq node unregister 3\n");
        assertThat(described()).noneMatch(p -> p.replicas().contains("3"));
        assertThat(shell.run("kq node unregister 3").exitCode()).isEqualTo(4);
        node.stop();
        eventually("node 3 is forgotten", () -> shell.run("kq node unregister 3").exitCode() == 0);
        assertThat(ok("kq cluster brokers -o name")).isEqualTo("0\n1\n2\n");
        awaitWhole(4, 3);
    }
}
