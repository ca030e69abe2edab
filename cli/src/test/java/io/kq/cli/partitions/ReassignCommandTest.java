package io.kq.cli.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReassignCommandTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);

    private final FakeCluster cluster = new FakeCluster();

    @TempDir private Path directory;

    @BeforeEach
    void threeBrokersAndATopic() {
        cluster.addBroker(1, true);
        cluster.addBroker(2, true);
        cluster.addTopic("t", 2);
    }

    private CommandRun run(String line) {
        return CommandRun.against(cluster).run("reassign " + line);
    }

    private String file(String json) throws IOException {
        return " --reassignment-json-file "
                + Files.writeString(directory.resolve("plan.json"), json);
    }

    private static String plan(String... partitions) {
        return "{\"version\":1,\"partitions\":[" + String.join(",", partitions) + "]}";
    }

    private static String entry(int partition, String replicas) {
        return "{\"topic\":\"t\",\"partition\":" + partition + ",\"replicas\":[" + replicas + "]}";
    }

    private static ReassignmentDescription moving(TopicPartition id) {
        return new ReassignmentDescription(
                id, List.of(1, 2, 0), List.of(1, 2), List.of(0), List.of(0, 1));
    }

    private void isMoving(int partition) {
        cluster.setPartition(
                "t",
                new PartitionDescription(
                        partition,
                        0,
                        1,
                        1,
                        List.of(1, 2, 0),
                        List.of(0, 1),
                        List.of(),
                        List.of(),
                        List.of(1, 2),
                        List.of(0)));
    }

    @Test
    void executesAFileInTheWordsOfKafka() throws IOException {
        CommandRun run =
                CommandRun.against(cluster)
                        .run(
                                "kafka-reassign-partitions --execute"
                                        + file(plan(entry(0, "1,2"), entry(1, "0"))));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        """
                        Current partition replica assignment

                        {"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[0]}]}

                        Save this to use as the --reassignment-json-file option during rollback
                        Successfully started partition reassignments for t-0
                        """);
        assertThat(cluster.operator().asked())
                .as("what is where it shall be is left alone")
                .containsExactly("replicas {t-0=Optional[[1, 2]]}");
    }

    @Test
    void executesOnePartitionByHandAndWaits() {
        cluster.operator().isUnderWay(moving(T1));
        cluster.operator().isUnderWay(moving(T1), moving(T0));
        CommandRun run = run("--execute --topic t --partition 1 --replicas 2,1 --wait");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEqualTo("0 of 1 partitions done.\n1 of 1 partitions done.\n");
        assertThat(run("--execute --topic t --partition 1 --replicas 2,1 --wait").err())
                .isEqualTo("All replicas are where they shall be: nothing to do.\n");
    }

    @Test
    void plansAndExecutesAWish() {
        cluster.operator().plans(T0, List.of(0, 1, 2));
        CommandRun dry = run("--execute --topic t --replication-factor 3 --dry-run");
        assertThat(dry.err()).startsWith("Dry run: nothing changed.");
        CommandRun run = run("--execute --topic t --replication-factor 3 -o json");
        assertThat(run.out())
                .isEqualTo(
                        "{\"begun\":true,\"partitions\":[{\"topic\":\"t\",\"partition\":0,"
                                + "\"before\":[0],\"replicas\":[0,1,2]}]}\n");
        assertThat(cluster.operator().asked())
                .containsExactly(
                        "plan PlacementWish[topics=[t], allowed=[], excluded=[], spread=false,"
                                + " replicationFactor=3]",
                        "check {t-0=Optional[[0, 1, 2]]}",
                        "plan PlacementWish[topics=[t], allowed=[], excluded=[], spread=false,"
                                + " replicationFactor=3]",
                        "replicas {t-0=Optional[[0, 1, 2]]}");
    }

    @Test
    void generatesAFileAndChangesNothing() throws IOException {
        cluster.operator().plans(T0, List.of(1));
        Path topics =
                Files.writeString(
                        directory.resolve("t.json"),
                        "{\"topics\":[{\"topic\":\"t\"}],\"version\":1}");
        CommandRun run = run("--generate --broker-list 1,2 --topics-to-move-json-file " + topics);
        assertThat(run.out())
                .isEqualTo(
                        """
                        Current partition replica assignment
                        {"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[0]}]}

                        Proposed partition reassignment configuration
                        {"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1]}]}
                        """);
        assertThat(run("--generate --exclude 0 -o json").out())
                .isEqualTo(plan(entry(0, "1")) + "\n");
        assertThat(cluster.operator().asked())
                .containsExactly(
                        "plan PlacementWish[topics=[t], allowed=[1, 2], excluded=[], spread=true,"
                                + " replicationFactor=0]",
                        "plan PlacementWish[topics=[], allowed=[], excluded=[0], spread=false,"
                                + " replicationFactor=0]");
    }

    @Test
    void doesNotChangeWhatIsUnderWayUnlessAsked() throws IOException {
        isMoving(0);
        String file = file(plan(entry(0, "1")));
        CommandRun run = run("--execute" + file);
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .isEqualTo(
                        """
                        error: A reassignment of t-0 is under way: nothing was begun.\
                         [FAILED_PRECONDITION]
                          next: kq reassign --list (shows it), and wait; or add --additional to\
                         change it
                        """);
        assertThat(cluster.operator().asked()).isEmpty();
        assertThat(run("--execute --additional" + file).exitCode()).isZero();
    }

    @Test
    void saysWhichBrokerIsWaitedFor() {
        cluster.addBroker(3, false);
        CommandRun run = run("--execute --topic t --partition 0 --replicas 3,1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .isEqualTo("WARNING: broker 3 is down; what it gets waits until it is back: t-0\n");
    }

    @Test
    void saysThatTooFewReplicasTakeNoWrites() {
        CommandRun.against(cluster)
                .run("configs --alter --topic t --add-config min.insync.replicas=2");
        CommandRun run = run("--execute --topic t --partition 0 --replicas 1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .isEqualTo(
                        "WARNING: topic t has min.insync.replicas=2: with 1 replica(s) all writes"
                                + " are refused.\n");
    }

    @Test
    void verifySaysHowFarEachIs() throws IOException {
        isMoving(0);
        CommandRun run = run("--verify" + file(plan(entry(0, "1,2"), entry(1, "2,1"))));
        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.out())
                .isEqualTo(
                        """
                        Status of partition reassignment:
                        Reassignment of partition t-0 is still in progress.
                        There is no active reassignment of partition t-1, but replica set is 0\
                         rather than 2,1.
                        """);
        CommandRun done = run("--verify" + file(plan(entry(1, "0"))));
        assertThat(done.exitCode()).isZero();
        assertThat(done.out()).endsWith("Reassignment of partition t-1 is completed.\n");
        assertThat(run("--verify --topic t --partition 1 --replicas 0 -o json").out())
                .isEqualTo(
                        "{\"partitions\":[{\"topic\":\"t\",\"partition\":1,"
                                + "\"state\":\"COMPLETED\",\"replicas\":[0],\"target\":[0]}]}\n");
    }

    @Test
    void listsWhatIsUnderWay() {
        CommandRun none = run("--list");
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).isEqualTo("No partition reassignments found.\n");
        cluster.operator().isUnderWay(moving(T1));
        assertThat(run("--list").out())
                .isEqualTo(
                        """
                        TOPIC  PARTITION  REPLICAS  ADDING  REMOVING  ISR
                        t      1          1,2,0     1,2     0         0,1
                        """);
        cluster.operator().isUnderWay(moving(T1));
        assertThat(run("--list -o jsonl").out())
                .isEqualTo(
                        "{\"topic\":\"t\",\"partition\":1,\"replicas\":[1,2,0],\"adding\":[1,2],"
                                + "\"removing\":[0],\"isr\":[0,1]}\n");
    }

    @Test
    void cancelsWhatIsUnderWayAndNothingElse() throws IOException {
        cluster.operator().isUnderWay(moving(T1));
        CommandRun run = run("--cancel" + file(plan(entry(0, "1"), entry(1, "1,2"))));
        assertThat(run.out())
                .isEqualTo("Successfully cancelled partition reassignments for: t-1\n");
        cluster.operator().isUnderWay(moving(T0), moving(T1));
        assertThat(run("--cancel --topic t --partition 0 -o json").out())
                .isEqualTo("{\"cancelled\":[{\"topic\":\"t\",\"partition\":0}]}\n");
        CommandRun none = run("--cancel --all");
        assertThat(none.exitCode()).isZero();
        assertThat(none.err())
                .isEqualTo("None of the specified partition reassignments are active.\n");
        assertThat(cluster.operator().asked())
                .containsExactly("replicas {t-1=Optional.empty}", "replicas {t-0=Optional.empty}");
    }

    @Test
    void filesAreUnderstoodWhollyOrRefused() throws IOException {
        for (String json :
                List.of(
                        plan(entry(0, "")),
                        plan(entry(0, "1,1")),
                        plan(entry(0, "1"), entry(0, "2")),
                        plan("{\"topic\":\"t\",\"partition\":0}"),
                        plan("{\"topic\":\"t\",\"partition\":0,\"replicas\":[1],\"x\":1}"),
                        plan(
                                "{\"topic\":\"t\",\"partition\":0,\"replicas\":[1],"
                                        + "\"log_dirs\":[\"/a\"]}"),
                        "{\"version\":2,\"partitions\":[" + entry(0, "1") + "]}",
                        "[]")) {
            CommandRun run = run("--execute" + file(json));
            assertThat(run.exitCode()).as(json).isEqualTo(2);
            assertThat(run.err()).as(json).contains("[UNREADABLE_FILE]", "\n  next: write it like");
        }
        assertThat(
                        run("--execute"
                                        + file(
                                                plan(
                                                        "{\"topic\":\"t\",\"partition\":0,"
                                                                + "\"replicas\":[1],"
                                                                + "\"log_dirs\":[\"any\"]}")))
                                .exitCode())
                .isZero();
        assertThat(run("--execute" + file(plan(entry(7, "1")))).exitCode()).isEqualTo(3);
    }

    @Test
    void refusesWhatContradictsItself() {
        for (String line :
                List.of(
                        "--topic t",
                        "--list --cancel",
                        "--execute --topic t",
                        "--execute --topic t --partition 0",
                        "--execute --topic t --partition 0 --replicas 1,1",
                        "--execute --topic t --partition 0 --replicas a",
                        "--execute --topic t --partition 0 --replicas 1 --exclude 2",
                        "--execute --replication-factor 3",
                        "--execute --topic t --replication-factor 0",
                        "--generate --topic t",
                        "--generate --broker-list 1 --exclude 2",
                        "--generate --topic t --partition 0 --replicas 1",
                        "--verify --topic t --wait",
                        "--verify --exclude 1",
                        "--cancel",
                        "--cancel --all --topic t",
                        "--cancel --topic t --replicas 1",
                        "--list --all")) {
            CommandRun run = run(line);
            assertThat(run.exitCode()).as(line).isEqualTo(2);
            assertThat(run.err()).as(line).contains("\n  next: ");
        }
        CommandRun throttled = run("--execute --topic t --replication-factor 2 --throttle 1000");
        assertThat(throttled.exitCode()).isEqualTo(1);
        assertThat(throttled.err()).contains("[UNSUPPORTED]");
        assertThat(cluster.operator().asked()).isEmpty();
    }
}
