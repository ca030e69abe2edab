package io.kq.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterCommandsTest {

    private final FakeCluster cluster = new FakeCluster();

    /** Stands at the cluster's own time. */
    private static final Clock CLOCK =
            new Clock() {
                @Override
                public long nanoTime() {
                    return 1;
                }

                @Override
                public long epochMillis() {
                    return FakeCluster.NOW_MILLIS;
                }
            };

    private CommandRun run(String line) {
        return CommandRun.against(cluster).clock(CLOCK).run(line);
    }

    @Test
    void statusShowsTheClusterOnOneScreenAndNeverFails() {
        cluster.addBroker(1, true);
        cluster.addBroker(2, false);
        CommandRun run = run("cluster status");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                        CLUSTER  7Jq-fake-cluster      HEALTH  DEGRADED (1 of 3 brokers down)
                        METADATA leader 1, term 7, commit 40112, voters 0,1,2 (2 up), max lag 3
                        ID  ADDRESS    STATE  RACK  LEADERS  REPLICAS  UNDER-REPL  DISK-USED  VERSION
                        0   kq-0:9092  UP     -     11       30        10          1.2GiB     0.1.0
                        1   kq-1:9092  UP     -     11       30        10          1.2GiB     0.1.0
                        2   kq-2:9092  DOWN   -     0        30        -           -          0.1.0     last seen 42 s ago
                        PARTITIONS 30 total, 0 offline, 10 under-replicated, 0 under min ISR
                        """);
    }

    @Test
    void statusCallsALagUnknownThatTheAnsweringNodeDoesNotKnow() {
        cluster.addBroker(1, true);
        cluster.answerByFollower();
        assertThat(run("cluster status").out())
                .contains(
                        "METADATA leader 1, term 7, commit 40112, voters 0,1 (2 up), max lag"
                                + " unknown\n");
    }

    @Test
    void healthIsForScripts() {
        CommandRun well = run("cluster health");
        assertThat(well.exitCode()).isZero();
        assertThat(well.out()).isEqualTo("HEALTHY\n");
        cluster.addBroker(1, false);
        CommandRun unwell = run("cluster health");
        assertThat(unwell.exitCode()).isEqualTo(10);
        assertThat(unwell.out()).isEqualTo("DEGRADED (1 of 2 brokers down)\n  Broker 1 is down.\n");
        assertThat(run("cluster health -o json").out())
                .startsWith("{\"healthy\":false,\"problems\":[\"Broker 1 is down.\"],");
    }

    @Test
    void idIsAlone() {
        assertThat(run("cluster id").out()).isEqualTo("7Jq-fake-cluster\n");
        assertThat(run("kafka-cluster.sh cluster-id").out()).isEqualTo("7Jq-fake-cluster\n");
        assertThat(run("cluster id -o json").out())
                .isEqualTo("{\"clusterId\":\"7Jq-fake-cluster\"}\n");
    }

    @Test
    void brokersAndVotersAreListed() {
        assertThat(run("cluster brokers -o name").out()).isEqualTo("0\n");
        assertThat(run("cluster quorum").out())
                .isEqualTo(
                        """
                        VOTER  ADDRESS    STATE  ROLE      LAG
                        0      kq-0:9092  UP     follower  3
                        """);
    }

    @Test
    void dataDirectoriesAreListedOnAWideScreen() {
        cluster.addBroker(1, false);
        assertThat(run("cluster brokers -o wide").out())
                .isEqualTo(
                        """
                        ID  ADDRESS    STATE  RACK  LEADERS  REPLICAS  UNDER-REPL  DISK-USED  VERSION
                        0   kq-0:9092  UP     -     11       30        10          1.2GiB     0.1.0
                        1   kq-1:9092  DOWN   -     0        30        -           -          0.1.0     last seen 42 s ago

                        BROKER  DIRECTORY  STATE     PARTITIONS  QUARANTINED  USED      FREE    TOTAL   PROBLEM
                        0       /a         WRITABLE  15          1            614.4MiB  7.0GiB  9.0GiB  -
                        0       /b         FULL      15          1            614.4MiB  7.0GiB  9.0GiB  no space left
                        """);
        assertThat(run("cluster brokers -o json").out())
                .contains(
                        "\"directories\":[{\"path\":\"/a\",\"state\":\"WRITABLE\",\"problem\":\"\","
                            + "\"partitionCount\":15,\"quarantinedCount\":1,\"usedBytes\":644245094,")
                .contains("\"state\":\"FULL\",\"problem\":\"no space left\"");
    }

    @Test
    void colourIsForTerminalsThatWantIt() {
        assertThat(run("cluster health").out()).doesNotContain("\u001b");
        CommandRun.Setting terminal = CommandRun.against(cluster).onTerminal();
        assertThat(terminal.run("cluster health").out()).contains("\u001b[32mHEALTHY\u001b[0m");
        assertThat(terminal.run("cluster health --no-color").out()).isEqualTo("HEALTHY\n");
        assertThat(terminal.with("NO_COLOR", "1").run("cluster health").out())
                .isEqualTo("HEALTHY\n");
    }

    @Test
    void secondWordIsNeededAndSuggested() {
        assertThat(run("cluster").err())
                .startsWith(
                        "error: kq cluster needs one of: status, health, brokers, quorum,"
                                + " add-voter, remove-voter, replace-voter, id\n");
        assertThat(run("cluster stauts").err()).contains("did you mean: cluster status");
        assertThat(run("cluster --help").out()).contains("cluster status");
    }

    @Test
    void votersComeAndGoAndTheCommandSaysWhoVotesThen() {
        cluster.addBroker(1, true);
        cluster.addBroker(2, true);
        CommandRun removed = run("cluster remove-voter 2");
        assertThat(removed.exitCode()).isZero();
        assertThat(removed.out()).isEqualTo("Node 2 is no voter. Voters: 0, 1.\n");
        assertThat(removed.err()).startsWith("note: 2 voters bear the loss of no more than 1 do");
        assertThat(run("cluster remove-voter 2").out())
                .isEqualTo("Node 2 is no voter: nothing was changed. Voters: 0, 1.\n");
        assertThat(run("cluster add-voter 2").out())
                .isEqualTo("Node 2 is a voter. Voters: 0, 1, 2.\n");
        assertThat(run("cluster replace-voter 2 -o json").out())
                .startsWith(
                        "{\"node\":2,\"changed\":false,\"found\":\"node 2 votes\",\"quorum\":{");
    }

    @Test
    void votersAreNamedByTheirNumbers() {
        for (String verb : List.of("add-voter", "remove-voter", "replace-voter")) {
            assertThat(run("cluster " + verb).exitCode()).isEqualTo(2);
            CommandRun named = run("cluster " + verb + " two");
            assertThat(named.exitCode()).isEqualTo(2);
            assertThat(named.err()).contains("not 'two'").contains("  next: ");
            assertThat(run("cluster " + verb + " 9").exitCode()).isEqualTo(3);
        }
    }

    @Test
    void refusedChangeOfVotersSaysWhatToDoNext() {
        cluster.goDown(new RejectedException(ErrorCode.QUORUM_TOO_SMALL, "2 voters would be up"));
        CommandRun run = run("cluster remove-voter 1");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("[QUORUM_TOO_SMALL]").contains("kq cluster quorum");
    }
}
