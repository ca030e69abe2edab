package io.kq.cli.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.client.admin.ElectionOutcome;
import io.kq.client.admin.ElectionOutcome.Loss;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadersCommandTest {

    private static final String LOSES =
            """
            WARNING: An unclean election makes a replica leader that may lack acknowledged records.\
             What it lacks is lost for good.
            WARNING: t-1 has no leader; all its records are on broker 1 (down), broker 2 (down).\
             Once one of these leads, nothing is lost.
            """;

    private static final String LOST =
            """
            WARNING: t-1 is led by broker 0, whose log ends at offset 120: what was acknowledged\
             from there on is lost. What is beyond that on broker 1, broker 2 is cut off when it\
             starts.
            """;

    private final FakeCluster cluster = new FakeCluster();

    @TempDir private Path directory;

    @BeforeEach
    void topic() {
        cluster.addTopic("t", 2);
    }

    private CommandRun run(String line) {
        return CommandRun.against(cluster).run(line);
    }

    private void losesLeader() {
        cluster.setPartition(
                "t",
                new PartitionDescription(
                        1,
                        -1,
                        4,
                        9,
                        List.of(0, 1, 2),
                        List.of(1),
                        List.of(2),
                        List.of(1, 2),
                        List.of(),
                        List.of()));
        cluster.operator()
                .electionComesTo(
                        new ElectionOutcome(
                                new TopicPartition("t", 1),
                                true,
                                0,
                                Optional.of(new Loss(120, List.of(1, 2))),
                                Optional.empty()));
    }

    private static ElectionOutcome outcome(int partition, boolean elected, int leader) {
        return new ElectionOutcome(
                new TopicPartition("t", partition),
                elected,
                leader,
                Optional.empty(),
                Optional.empty());
    }

    private static ElectionOutcome refused(int partition) {
        return new ElectionOutcome(
                new TopicPartition("t", partition),
                false,
                -1,
                Optional.empty(),
                Optional.of(
                        new RejectedException(
                                ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                                "Broker 1 cannot lead t-" + partition)));
    }

    @Test
    void electsPreferredLeadersInTheWordsOfKafka() {
        cluster.operator().electionComesTo(outcome(0, true, 0));
        cluster.operator().electionComesTo(outcome(1, false, 0));
        CommandRun run =
                run("kafka-leader-election --election-type preferred --topic t --no-color");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        """
                        Successfully completed leader election (PREFERRED) for partitions t-0
                        Valid replica already elected for partitions t-1
                        """);
        assertThat(cluster.operator().asked()).containsExactly("elect preferred [t-0, t-1]");
    }

    @Test
    void asksForOnePartitionAFileOfThemOrAll() throws IOException {
        run("leaders --elect --election-type PREFERRED --topic t --partition 1");
        Path file =
                Files.writeString(
                        directory.resolve("f.json"),
                        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0}]}");
        run("leaders --elect --election-type preferred --path-to-json-file " + file);
        CommandRun all = run("leaders --elect --election-type preferred --all-topic-partitions");
        assertThat(all.err()).isEqualTo("Every partition is led by its preferred leader.\n");
        assertThat(cluster.operator().asked())
                .containsExactly(
                        "elect preferred [t-1]", "elect preferred [t-0]", "elect preferred []");
    }

    @Test
    void refusalIsOnePreconditionForAll() {
        cluster.operator().electionComesTo(outcome(0, true, 0));
        cluster.operator().electionComesTo(refused(1));
        CommandRun run = run("leaders --elect --election-type preferred --topic t");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).contains("for partitions t-0\n");
        assertThat(run.err())
                .isEqualTo(
                        "error: 1 of 2 partitions were not done (t-1): Broker 1 cannot lead t-1"
                            + " [PREFERRED_LEADER_NOT_AVAILABLE]\n"
                            + "  next: kq topics --describe --topic t -o wide (shows who is in"
                            + " sync)\n"
                            + "  next: kq cluster brokers (shows who is down), start them, and try"
                            + " again\n");
    }

    @Test
    void uncleanElectionNamesWhatIsLost() {
        losesLeader();
        CommandRun run = run("leaders --elect --election-type unclean --topic t -q");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo("Successfully completed leader election (UNCLEAN) for partitions t-1\n");
        assertThat(run.err()).as("also with -q").isEqualTo(LOSES + LOST);
        assertThat(cluster.operator().asked())
                .as("only of those without a leader")
                .containsExactly("elect unclean [t-1]");
    }

    @Test
    void uncleanElectionAsksAPersonFirst() {
        losesLeader();
        CommandRun refused =
                CommandRun.against(cluster)
                        .onTerminal()
                        .input("\n")
                        .run("leaders --elect --election-type unclean --all-topic-partitions");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .isEqualTo(
                        LOSES
                                + "Elect leaders uncleanly for t-1, and lose those records? [y/N]"
                                + " error: No leader was elected. [NOT_CONFIRMED]\n"
                                + "  next: answer y, or add --no-input\n");
        assertThat(cluster.operator().asked()).isEmpty();
        CommandRun agreed =
                CommandRun.against(cluster)
                        .onTerminal()
                        .input("y\n")
                        .run("leaders --elect --election-type unclean --topic t --partition 1");
        assertThat(agreed.exitCode()).isZero();
    }

    @Test
    void uncleanElectionIsNotAskedForWhereThereIsALeader() {
        CommandRun run = run("leaders --elect --election-type unclean --topic t");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("there is nothing to elect uncleanly");
        assertThat(cluster.operator().asked()).isEmpty();
    }

    @Test
    void wantsATypeAndPartitions() {
        for (String line :
                List.of(
                        "leaders --election-type preferred --topic t",
                        "leaders --elect --topic t",
                        "leaders --elect --election-type dirty --topic t",
                        "leaders --elect --election-type unclean",
                        "leaders --elect --election-type unclean --partition 1",
                        "leaders --elect --election-type unclean --topic t --all-topic-partitions",
                        "leaders --elect --election-type unclean --topic t --partition -1")) {
            CommandRun run = run(line);
            assertThat(run.exitCode()).as(line).isEqualTo(2);
            assertThat(run.err()).as(line).contains("\n  next: ");
        }
        assertThat(run("leaders --elect --election-type unclean --topic s").exitCode())
                .isEqualTo(3);
        assertThat(run("leaders --elect --election-type unclean -t t --partition 7").exitCode())
                .isEqualTo(3);
    }

    @Test
    void programsReadJson() {
        losesLeader();
        cluster.operator().electionComesTo(refused(0));
        CommandRun run = run("leaders --elect --election-type unclean --topic t -o json");
        assertThat(run.out())
                .isEqualTo(
                        "{\"electionType\":\"UNCLEAN\",\"results\":[{\"topic\":\"t\","
                            + "\"partition\":1,\"elected\":true,\"leader\":0,"
                            + "\"unclean\":{\"logEndOffset\":120,\"complete\":[1,2]}},"
                            + "{\"topic\":\"t\",\"partition\":0,\"elected\":false,\"leader\":-1,"
                            + "\"error\":{\"reason\":\"PREFERRED_LEADER_NOT_AVAILABLE\",\"message\":\"Broker"
                            + " 1 cannot lead t-0\"}}]}\n");
        assertThat(run.exitCode()).isEqualTo(4);
    }
}
