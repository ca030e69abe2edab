package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import io.kq.system.harness.Window;
import io.kq.system.session.SessionPlayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumer groups on three nodes, as people use them. */
class GroupsIT {

    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
    private static final Path NOTES = Path.of("src/test/resources/sessions/kafka-notes.txt");
    private static final Pattern COORDINATOR = Pattern.compile("\"coordinatorId\":(\\d+)");

    @TempDir private Path directory;

    private Cluster cluster;
    private Shell shell;

    @BeforeEach
    void start() {
        cluster = Cluster.start(directory.resolve("cluster"), 3);
        shell = Shell.in(directory).against(cluster);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private int coordinator(String group) {
        Ran ran = shell.run("kq groups --describe --group " + group + " --state -o json");
        Matcher found = COORDINATOR.matcher(ran.out());
        assertThat(found.find()).as(ran.toString()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    /** The node that coordinates, if that is not the one that the session speaks with. */
    private void killOne() {
        int coordinator = coordinator("first-application-group");
        cluster.node(coordinator == 0 ? 1 : coordinator).kill();
    }

    /** Three replicas, any leader, and one of the nodes killed in the middle. */
    @Test
    void tutorialsHandsOnGoesThroughTheDeathOfANode() throws IOException {
        String onThree =
                Files.readString(NOTES)
                        .replace("--replication-factor 1", "--replication-factor 3")
                        .replace("ReplicationFactor: 1", "ReplicationFactor: 3")
                        .replace(
                                "Leader: 0\\tReplicas: 0\\tIsr: 0",
                                "Leader: <n>\\tReplicas: <n>,<n>,<n>\\tIsr: <n>,<n>,<n>")
                        .replace("127.0.0.1:9092  (0) ", "127.0.0.1:<n>  (<n>) ");
        new SessionPlayer(
                        "kafka-notes.txt on three nodes",
                        shell,
                        cluster.node(0).address(),
                        event -> killOne())
                .play(onThree);
    }

    /** S9: two consumers of a group share, two groups both get all, one that restarts goes on. */
    @Test
    void membersShareAndGroupsDoNot() {
        shell.run("kq topics --create --topic trucks --partitions 6");
        String consume = "kq consume --topic trucks --from-beginning -f '%p %o %v\\n' --group ";
        try (Window first = shell.open(consume + "ours");
                Window second = shell.open(consume + "ours");
                Window other = shell.open(consume + "others")) {
            eventually("both have a share", () -> shares("ours").equals(List.of("3", "3")));
            produce(0);
            eventually("all are read", () -> lines(first) + lines(second) == 300);
            eventually("the other group has all", () -> lines(other) == 300);
            assertThat(lines(first)).isPositive();
            assertThat(lines(second)).isPositive();
            Map<String, Integer> next = new HashMap<>();
            for (Window each : List.of(first, second)) {
                for (String line : each.out().lines().toList()) {
                    String[] words = line.split(" ", 3);
                    int offset = Integer.parseInt(words[1]);
                    assertThat(offset).as(line).isEqualTo(next.getOrDefault(words[0], 0));
                    next.put(words[0], offset + 1);
                }
            }
            first.interrupt();
            assertThat(first.awaitEnd()).isEqualTo(130);
            eventually("the other one has all", () -> shares("ours").equals(List.of("6")));
            produce(300);
            eventually("all are read", () -> lines(first) + lines(second) == 600);
            second.interrupt();
            assertThat(second.awaitEnd()).isEqualTo(130);
            other.interrupt();
            assertThat(other.awaitEnd()).isEqualTo(130);
        }
        produce(600);
        Ran rest = shell.run("kq consume --topic trucks --group ours --until-end");
        assertThat(rest.out().lines().sorted().toList()).hasSize(300).first().isEqualTo("m600");
    }

    private void produce(int from) {
        Ran ran =
                shell.run(
                        "seq "
                                + from
                                + " "
                                + (from + 299)
                                + " | sed 's/.*/k&:m&/' | kq produce --topic trucks --property"
                                + " parse.key=true --property key.separator=:");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
    }

    private static long lines(Window window) {
        return window.out().lines().count();
    }

    /** How many partitions each member has. */
    private List<String> shares(String group) {
        Ran ran = shell.run("kq groups --describe --group " + group + " --members");
        return ran.out()
                .lines()
                .filter(line -> line.startsWith(group))
                .map(line -> line.strip().replaceAll(".* ", ""))
                .toList();
    }

    /** A member that dies is replaced, and what it had not committed is read again. */
    @Test
    void deadMembersPartitionsAreTakenOver() {
        shell.run("kq topics --create --topic trucks --partitions 6");
        String consume = "exec kq consume --topic trucks --from-beginning --group ours";
        try (Window first = shell.open(consume);
                Window second = shell.open(consume)) {
            eventually("both have a share", () -> shares("ours").equals(List.of("3", "3")));
            produce(0);
            eventually("all are read", () -> lines(first) + lines(second) == 300);
            kill(first);
            eventually("the survivor has all", () -> shares("ours").equals(List.of("6")));
            produce(300);
            eventually("all are read", () -> lines(first) + lines(second) >= 600);
            second.interrupt();
            assertThat(second.awaitEnd()).isEqualTo(130);
            assertThat(
                            Stream.of(first, second)
                                    .flatMap(window -> window.out().lines())
                                    .distinct()
                                    .count())
                    .isEqualTo(600);
        }
    }

    /** Rule 16: with the coordinator dead, members read on, and commit soon. */
    @Test
    void deathOfTheCoordinatorMovesNothing() {
        shell.run("kq topics --create --topic trucks --partitions 6 --replication-factor 3");
        try (Window member =
                shell.open("kq consume --topic trucks --group ours --from-beginning")) {
            eventually("it has its share", () -> shares("ours").equals(List.of("6")));
            produce(0);
            eventually("all are read", () -> lines(member) == 300);
            String before = member("ours");
            int killed = coordinator("ours");
            cluster.node(killed).kill();
            produce(300);
            eventually("all are read", () -> lines(member) == 600);
            eventually("another node coordinates", () -> coordinator("ours") != killed);
            assertThat(member("ours")).isEqualTo(before);
            member.interrupt();
            assertThat(member.awaitEnd()).isEqualTo(130);
            assertThat(shell.run("kq groups --describe --group ours -o json").out())
                    .doesNotContain("\"lag\":1")
                    .contains("\"lag\":0");
            cluster.node(killed).start();
            cluster.node(killed).awaitReady();
        }
        assertThat(shell.run("kq consume --topic trucks --group ours --until-end").out()).isEmpty();
    }

    /** Its id and epoch. */
    private String member(String group) {
        Ran ran = shell.run("kq groups --describe --group " + group + " --members -o json");
        Matcher found =
                Pattern.compile("\"memberId\":\"([^\"]*)\".*\"memberEpoch\":(\\d+)")
                        .matcher(ran.out());
        assertThat(found.find()).as(ran.toString()).isTrue();
        return found.group(1) + " " + found.group(2);
    }

    /** The example that stores its position with its result, killed again and again. */
    @Test
    void effectOfEachRecordIsThereOnceWhateverDies() {
        shell.run("kq topics --create --topic trucks --partitions 4 --replication-factor 3");
        Random random = new Random(17);
        String line =
                "exec "
                        + EXAMPLES
                        + "/run.sh EffectivelyOnce "
                        + cluster.bootstrap()
                        + " trucks effects ";
        try (Window stays = shell.open(line + 600)) {
            for (int round = 0; round < 4; round++) {
                try (Window dies = shell.open(line + 600)) {
                    eventually("both share", () -> shares("effects").equals(List.of("2", "2")));
                    produce(300 * round);
                    LockSupport.parkNanos(random.nextInt(400) * 1_000_000L);
                    kill(dies);
                }
                eventually("one has all", () -> shares("effects").equals(List.of("4")));
            }
            kill(stays);
        }
        Ran last = shell.run(line + 10);
        assertThat(last.err()).isEmpty();
        assertThat(last.out()).isEqualTo("1200 effects of 1200 records\n");
    }

    private static void kill(Window window) {
        ProcessHandle process = ProcessHandle.of(window.pid()).orElseThrow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        assertThat(process.destroyForcibly()).isTrue();
    }

    /** What was committed first and what was committed last, each once where nothing dies. */
    @Test
    void examplesOfTheOtherDeliveriesReadAll() {
        shell.run("kq topics --create --topic trucks --partitions 4");
        produce(0);
        for (String example : List.of("AtMostOnce", "AtLeastOnce")) {
            String line =
                    EXAMPLES
                            + "/run.sh "
                            + example
                            + " "
                            + cluster.bootstrap()
                            + " trucks "
                            + example;
            Ran ran = shell.run(line + " 4");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out().lines().distinct().count()).isEqualTo(300);
            assertThat(shell.run(line + " 2").out()).isEmpty();
        }
        Refusal.check(shell.run(EXAMPLES + "/run.sh AtLeastOnce"), 2);
    }

    @Test
    void memberInPythonNeedsNothingButTheProtoFiles() {
        for (String tool :
                new String[] {
                    "command -v protoc",
                    "command -v grpc_python_plugin",
                    "/usr/bin/python3 -c 'import grpc, google.protobuf'"
                }) {
            assumeTrue(shell.run(tool).exitCode() == 0, "fails here: " + tool);
        }
        shell.run("kq topics --create --topic trucks --partitions 4");
        produce(0);
        String line = EXAMPLES + "/python/run.sh " + cluster.node(1).address() + " trucks pythons ";
        try (Window first = shell.open(line + 8)) {
            eventually("it has all", () -> lines(first) == 300);
            try (Window second = shell.open(line + 4)) {
                eventually("both have a share", () -> shares("pythons").equals(List.of("2", "2")));
                produce(300);
                assertThat(second.awaitEnd()).isZero();
                assertThat(first.awaitEnd()).isZero();
                assertThat(lines(second)).isPositive();
                assertThat(
                                Stream.of(first, second)
                                        .flatMap(window -> window.out().lines())
                                        .distinct()
                                        .count())
                        .isEqualTo(600);
            }
        }
        assertThat(shell.run("kq consume --topic trucks --group pythons --until-end").out())
                .isEmpty();
    }
}
