package io.kq.cli.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicAlterationTest {

    private final FakeCluster cluster = new FakeCluster();

    private CommandRun run(String line) {
        return CommandRun.against(cluster).run(line);
    }

    @Test
    void addsPartitionsAndSaysSo() {
        cluster.addTopic("t", 3);
        CommandRun run = run("kafka-topics --alter --topic t --partitions 5");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("Added 2 partitions to topic t, which has 5 now.\n");
        assertThat(run.err())
                .isEqualTo(
                        "WARNING: If partitions are increased for a topic that has a key, the"
                            + " partition logic or ordering of the messages will be affected\n");
        assertThat(run("topics --alter -t t --partitions 6 -q").out())
                .isEqualTo("Added 1 partition to topic t, which has 6 now.\n");
        assertThat(run("topics --alter -t t --partitions 7 -o json").out())
                .startsWith("{\"topics\":[{\"name\":\"t\",")
                .contains("\"partitionCount\":7");
    }

    @Test
    void takesNoPartitionAway() {
        cluster.addTopic("t", 3);
        CommandRun run = run("topics --alter --topic t --partitions 2");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "error: Topic 't' has 3 partitions, and partitions cannot be taken away."
                                + " [INVALID_PARTITIONS]\n"
                                + "  next: create a topic with 2 and copy what is needed; or"
                                + " --partitions 4 and more\n");
        CommandRun same = run("topics --alter --topic t --partitions 3");
        assertThat(same.exitCode()).isEqualTo(4);
        assertThat(same.err()).startsWith("error: Topic 't' has 3 partitions already.");
    }

    @Test
    void changesNothingIfOneOfSeveralTopicsCannotBeChanged() {
        cluster.addTopic("t1", 1);
        cluster.addTopic("t2", 9);
        CommandRun run = run("topics --alter --topic 't.*' --partitions 5");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run("topics --describe --topic t1").out()).contains("PartitionCount: 1");
    }

    @Test
    void takesAssignmentsOfTheNewPartitionsOrOfAll() {
        cluster.addBroker(1, true);
        cluster.addTopic("t", 1);
        assertThat(
                        run("topics --alter -q --topic t --partitions 3 --replica-assignment 1,0")
                                .exitCode())
                .isZero();
        assertThat(cluster.operator().asked()).contains("partitions t 3 [[1], [0]]");
        CommandRun all =
                run("topics --alter -q --topic t --partitions 4 --replica-assignment 0,0,0,1");
        assertThat(all.exitCode()).as(all.err()).isZero();
        assertThat(cluster.operator().asked()).contains("partitions t 4 [[1]]");
        CommandRun moved =
                run("topics --alter --topic t --partitions 5 --replica-assignment 1,0,0,0,1");
        assertThat(moved.exitCode()).isEqualTo(2);
        assertThat(moved.err())
                .startsWith(
                        "error: --replica-assignment: partition 0 of topic 't' is on [0]; --alter"
                                + " moves nothing\n");
        assertThat(run("topics --alter --topic t --partitions 6 --replica-assignment 0,0,0").err())
                .startsWith(
                        "error: --replica-assignment names 3 partitions; topic 't' gets 2 new, 6"
                                + " in all\n");
    }

    @Test
    void saysWhereOtherChangesAreMade() {
        cluster.addTopic("t", 1);
        CommandRun config = run("topics --alter --topic t --config retention.ms=1");
        assertThat(config.exitCode()).isEqualTo(2);
        assertThat(config.err()).contains("  next: kq configs --alter --entity-type topics");
        assertThat(run("topics --alter --topic t --replication-factor 3").err())
                .contains("  next: kq reassign --help");
        assertThat(run("topics --alter --topic t").err()).contains("--alter needs --partitions N");
        assertThat(run("topics --alter --partitions 3").err()).contains("--alter needs --topic");
        assertThat(run("topics --alter --topic none --partitions 3").exitCode()).isEqualTo(3);
        assertThat(run("topics --alter --topic none --partitions 3 --if-exists").exitCode())
                .isZero();
    }

    @Test
    void describeWideShowsWhatAReassignmentAddsAndRemoves() {
        cluster.addTopic("t", 1);
        cluster.setPartition(
                "t",
                new PartitionDescription(
                        0,
                        0,
                        4,
                        9,
                        List.of(2, 0),
                        List.of(0),
                        List.of(),
                        List.of(),
                        List.of(2),
                        List.of(0)));
        assertThat(run("topics --describe --topic t -o wide").out())
                .endsWith("\tReplicas: 2,0\tIsr: 0\tElr: \tOffline: \tAdding: 2\tRemoving: 0\n");
        assertThat(run("topics --describe --topic t -o json").out())
                .contains("\"offline\":[],\"adding\":[2],\"removing\":[0]}");
        assertThat(run("topics --describe --under-replicated-partitions").out())
                .as("what is being added is not missing")
                .isEmpty();
    }

    @Test
    void filtersByMinIsrAndByLeader() {
        cluster.addBroker(1, true);
        cluster.addBroker(2, true);
        run("topics --create --topic t --partitions 4 --replication-factor 3");
        cluster.setPartition("t", state(1, 0, List.of(0, 1)));
        cluster.setPartition("t", state(2, 0, List.of(0)));
        cluster.setPartition("t", state(3, -1, List.of(2)));
        assertThat(numbers("--under-replicated-partitions")).containsExactly("1", "2", "3");
        assertThat(numbers("--under-min-isr-partitions")).containsExactly("2", "3");
        assertThat(numbers("--at-min-isr-partitions")).containsExactly("1");
        assertThat(numbers("--unavailable-partitions")).containsExactly("3");
        assertThat(numbers("--unavailable-partitions --at-min-isr-partitions"))
                .containsExactly("1", "3");
    }

    private static PartitionDescription state(int index, int leader, List<Integer> isr) {
        return new PartitionDescription(
                index,
                leader,
                1,
                1,
                List.of(0, 1, 2),
                isr,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private List<String> numbers(String filter) {
        return run("topics --describe " + filter)
                .out()
                .lines()
                .map(line -> line.replaceFirst(".*Partition: (\\d+)\t.*", "$1"))
                .toList();
    }
}
