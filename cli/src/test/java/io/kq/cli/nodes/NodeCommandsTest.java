package io.kq.cli.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.TopicPartition;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeCommandsTest {

    private static final String VOTES =
            "WARNING: node 1 votes on the metadata, and stays one of the 2 voters when it is gone."
                    + " Of the others 2 must be up then; now 1 are."
                    + " (kq cluster remove-voter 1 takes its vote.)\n";

    private final FakeCluster cluster = new FakeCluster();

    private CommandRun run(String line) {
        return CommandRun.against(cluster).run(line);
    }

    private static PartitionDescription partition(
            int index, List<Integer> replicas, List<Integer> isr, List<Integer> offline) {
        return new PartitionDescription(
                index, isr.get(0), 1, 1, replicas, isr, List.of(), offline, List.of(), List.of());
    }

    @Test
    void drainsAndUndrains() {
        cluster.addBroker(1, true);
        CommandRun drained = run("node drain 1");
        assertThat(drained.exitCode()).isZero();
        assertThat(drained.out()).isEqualTo("Node 1 is drained: it leads nothing.\n");
        assertThat(run("cluster brokers").out()).contains("1   kq-1:9092  DRAINING  ");
        assertThat(run("node undrain 1").out()).isEqualTo("Node 1 takes part again.\n");
        assertThat(run("cluster brokers").out()).doesNotContain("DRAINING");
        assertThat(run("node drain self -b kq-0 -o json").out())
                .isEqualTo("{\"node\":0,\"remainingLeaderCount\":0}\n");
    }

    @Test
    void drainThatLeavesLeadersIsNotOver() {
        cluster.operator().leavesLeaders(3);
        CommandRun run = run("node drain 0");
        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.out())
                .isEqualTo("Node 0 leads on in 3 partitions, which nobody else can lead.\n");
    }

    @Test
    void statusSaysWhatAStopWouldMean() {
        cluster.addBroker(1, true);
        cluster.addBroker(2, false);
        cluster.addTopic("t", 3);
        cluster.setPartition("t", partition(0, List.of(0, 1), List.of(0, 1), List.of()));
        cluster.setPartition("t", partition(1, List.of(0, 2), List.of(0), List.of(2)));
        cluster.setPartition("t", partition(2, List.of(1), List.of(1), List.of()));
        assertThat(run("node status").out())
                .isEqualTo(
                        """
                        ID  ADDRESS    STATE  LEADERS  REPLICAS  ARRIVING  LEAVING  STOP-OFFLINE  STOP-READONLY  STOP-METADATA
                        0   kq-0:9092  UP     11       30        0         0        1             0              lost
                        1   kq-1:9092  UP     11       30        0         0        1             0              lost
                        2   kq-2:9092  DOWN   0        30        0         0        -             -              -
                        """);
        run("configs --alter --topic t --add-config min.insync.replicas=2");
        assertThat(run("node status 0 -o json").out())
                .isEqualTo(
                        "{\"nodes\":[{\"id\":0,\"address\":\"kq-0:9092\",\"state\":\"UP\","
                                + "\"leaderCount\":11,\"replicaCount\":30,\"arrivingCount\":0,"
                                + "\"leavingCount\":0,\"offlineIfStopped\":1,"
                                + "\"readOnlyIfStopped\":1,\"metadataIfStopped\":false}]}\n");
    }

    @Test
    void decommissionMovesSomeAtATimeAndForgetsANodeThatIsDown() {
        cluster.addBroker(1, false);
        cluster.addTopic("t", 3);
        for (int i = 0; i < 3; i++) {
            cluster.operator().plans(new TopicPartition("t", i), List.of(0));
        }
        CommandRun run = run("node decommission 1 --parallel 2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("Node 1 is empty, and forgotten.\n");
        assertThat(run.err())
                .isEqualTo(VOTES + "2 of 3 partitions done.\n3 of 3 partitions done.\n");
        assertThat(cluster.operator().asked().stream().filter(a -> !a.startsWith("plan")))
                .containsExactly(
                        "replicas {t-0=Optional[[0]], t-1=Optional[[0]]}",
                        "replicas {t-2=Optional[[0]]}",
                        "unregister 1");
        assertThat(run("cluster brokers -o name").out()).isEqualTo("0\n");
    }

    @Test
    void decommissionOfANodeThatIsUpDrainsItWhenItIsEmptyAndSaysWhatToDo() {
        cluster.addBroker(1, true);
        cluster.addTopic("t", 1);
        cluster.operator().plans(new TopicPartition("t", 0), List.of(0));
        CommandRun run = run("node decommission 1 -q");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo("Node 1 is empty. Stop its process, then: kq node unregister 1\n");
        assertThat(cluster.operator().asked().stream().filter(a -> !a.startsWith("plan")))
                .containsExactly("replicas {t-0=Optional[[0]]}", "drain 1");
        assertThat(run("node decommission 1 -q -o json").out())
                .isEqualTo("{\"node\":1,\"moved\":0,\"unregistered\":false}\n");
    }

    @Test
    void decommissionGoesOnWithWhatAnEarlierRunBegan() {
        cluster.addBroker(1, false);
        cluster.addTopic("t", 1);
        ReassignmentDescription begun =
                new ReassignmentDescription(
                        new TopicPartition("t", 0),
                        List.of(0, 1),
                        List.of(0),
                        List.of(1),
                        List.of(1));
        cluster.operator().isUnderWay(begun);
        cluster.operator().isUnderWay(begun);
        CommandRun run = run("node decommission 1");
        assertThat(run.err()).endsWith("0 of 1 partitions done.\n1 of 1 partitions done.\n");
        assertThat(run.out()).isEqualTo("Node 1 is empty, and forgotten.\n");
        assertThat(cluster.operator().asked()).noneMatch(a -> a.startsWith("replicas"));
    }

    @Test
    void decommissionAsksAPersonFirstAndCanBeTried() {
        cluster.addBroker(1, true);
        cluster.addTopic("t", 1);
        cluster.operator().plans(new TopicPartition("t", 0), List.of(0));
        assertThat(run("node decommission 1 --dry-run").out())
                .isEqualTo(
                        "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,"
                                + "\"replicas\":[0]}]}\n");
        CommandRun refused =
                CommandRun.against(cluster)
                        .onTerminal()
                        .input("n\n")
                        .run("node decommission 1 --no-color");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains(
                        "Move 1 partition off node 1, and have the cluster forget it? [y/N]"
                                + " error: Nothing was moved.");
        assertThat(cluster.operator().asked()).allMatch(a -> a.startsWith("plan"));
    }

    @Test
    void decommissionDoesNotWaitForWhatNobodyCanCopy() {
        cluster.addBroker(1, false);
        cluster.addTopic("t", 1);
        cluster.setPartition(
                "t",
                new PartitionDescription(
                        0,
                        -1,
                        1,
                        1,
                        List.of(1),
                        List.of(1),
                        List.of(),
                        List.of(1),
                        List.of(),
                        List.of()));
        CommandRun run = run("node decommission 1");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .startsWith(
                        "error: Nobody leads t-0: there is nobody to copy from. Nothing was moved."
                                + " [NO_LEADER]\n  next: start the brokers");
    }

    @Test
    void unregistersWhatIsDownAndEmpty() {
        cluster.addBroker(1, false);
        CommandRun run = run("kafka-cluster unregister --id 1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("Unregistered node 1.\n");
        CommandRun up = run("node unregister 0");
        assertThat(up.exitCode()).isEqualTo(4);
        assertThat(up.err())
                .isEqualTo(
                        """
                        error: Broker 0 is up. [BROKER_IN_USE]
                          next: stop its process, and try again
                        """);
    }

    @Test
    void wantsOneNodeThatExists() {
        for (String word : List.of("drain", "undrain", "decommission", "unregister")) {
            CommandRun none = run("node " + word);
            assertThat(none.exitCode()).as(word).isEqualTo(2);
            assertThat(none.err()).startsWith("error: which node?");
            assertThat(run("node " + word + " 7").exitCode()).as(word).isEqualTo(3);
            assertThat(run("node " + word + " kq-1").exitCode()).as(word).isEqualTo(2);
        }
        assertThat(run("node drain self -b a:1,b:2").exitCode()).isEqualTo(2);
        assertThat(run("node decommission 0 --parallel 0").exitCode()).isEqualTo(2);
        assertThat(run("node").err())
                .startsWith(
                        "error: kq node needs one of: status, drain, undrain, decommission,"
                                + " unregister\n");
    }
}
