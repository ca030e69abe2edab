package io.kq.cli.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.client.admin.GroupDescription.Member;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsCommandTest {

    private static final TopicPartition P0 = new TopicPartition("first_topic", 0);
    private static final TopicPartition P1 = new TopicPartition("first_topic", 1);

    private final FakeCluster cluster = new FakeCluster();

    @TempDir private Path directory;

    private CommandRun run(String line) {
        return CommandRun.against(cluster).run("groups " + line);
    }

    @BeforeEach
    void topicOfTenRecords() {
        cluster.addTopic("first_topic", 2);
        for (int partition = 0; partition < 2; partition++) {
            CommandRun.against(cluster)
                    .input("a\nb\nc\nd\ne\n")
                    .run("produce --topic first_topic --partition " + partition);
        }
    }

    private static String lines(String... lines) {
        return String.join("\n", lines) + "\n";
    }

    private static Member member(String id, SortedSet<TopicPartition> assigned) {
        return new Member(
                id,
                "",
                "client-1",
                "/10.0.0.1",
                3,
                assigned,
                new TreeSet<>(),
                assigned,
                Set.of("first_topic"),
                "");
    }

    private static List<Member> oneMember() {
        return List.of(member("client-1-77", new TreeSet<>(Set.of(P0, P1))));
    }

    @Test
    void listsNamesAndStates() {
        assertThat(run("--list").out()).isEmpty();
        cluster.groups().put("b", List.of(), Map.of());
        cluster.groups().put("a", oneMember(), Map.of());
        assertThat(run("--list").out()).isEqualTo("a\nb\n");
        assertThat(run("--list --state").out())
                .isEqualTo(
                        lines(
                                "GROUP                     STATE               ",
                                "a                         Stable              ",
                                "b                         Empty               "));
        assertThat(run("--list --state empty").out()).contains("b ").doesNotContain("a ");
        assertThat(run("--list --state nice").exitCode()).isEqualTo(2);
        assertThat(run("--list -o json").out())
                .isEqualTo(
                        "{\"groups\":[{\"group\":\"a\",\"type\":\"consumer\",\"state\":\"Stable\",\"coordinatorId\":0,\"memberCount\":1},{\"group\":\"b\",\"type\":\"consumer\",\"state\":\"Empty\",\"coordinatorId\":0,\"memberCount\":0}]}\n");
    }

    @Test
    void describesInTheLinesOfKafka() {
        cluster.groups().put("g", oneMember(), Map.of(P0, 3L));
        CommandRun run = run("--describe --group g");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        """

                        GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
                        g               first_topic     0          3               5               2               client-1-77     /10.0.0.1       client-1
                        g               first_topic     1          -               5               -               client-1-77     /10.0.0.1       client-1
                        """);
    }

    @Test
    void saysOfAGroupWithoutMembersThatItHasNone() {
        cluster.groups().put("g", List.of(), Map.of(P0, 5L));
        CommandRun run = run("--describe --group g");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("\nConsumer group 'g' has no active members.\n");
        assertThat(run.out())
                .isEqualTo(
                        """

                        GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
                        g               first_topic     0          5               5               0               -               -               -
                        """);
    }

    @Test
    void describesMembersInTheLinesOfKafka() {
        cluster.groups().put("g", oneMember(), Map.of());
        assertThat(run("--describe --group g --members").out())
                .isEqualTo(
                        lines(
                                "",
                                "GROUP           CONSUMER-ID     HOST            CLIENT-ID      "
                                        + " #PARTITIONS     ",
                                "g               client-1-77     /10.0.0.1       client-1        2 "
                                        + "              "));
        assertThat(run("--describe --group g --members --verbose").out())
                .contains("CURRENT-EPOCH   CURRENT-ASSIGNMENT   TARGET-EPOCH    TARGET-ASSIGNMENT")
                .contains("2               3               first_topic:0,1      1 ")
                .doesNotContain("trace");
    }

    @Test
    void saysOfAGroupThatIsNotThereWhichOneMayBeMeant() {
        cluster.groups().put("orders", List.of(), Map.of());
        for (String verb :
                List.of(
                        "--describe --group order",
                        "--delete --group order",
                        "--delete-offsets --group order --topic first_topic",
                        "--reset-offsets --group order --all-topics --to-earliest")) {
            CommandRun run = run(verb);
            assertThat(run.exitCode()).as(verb).isEqualTo(3);
            assertThat(run.err())
                    .as(verb)
                    .isEqualTo(
                            lines(
                                    "error: Consumer group 'order' does not exist."
                                            + " [GROUP_NOT_FOUND]",
                                    "  did you mean: orders",
                                    "  next: kq groups --list"));
        }
    }

    @Test
    void resetsNothingUntilItIsToldTo() {
        cluster.groups().put("g", List.of(), Map.of(P0, 3L, P1, 4L));
        CommandRun dry = run("--reset-offsets --group g --topic first_topic --to-earliest");
        assertThat(dry.out())
                .isEqualTo(
                        """

                        GROUP           TOPIC           PARTITION  NEW-OFFSET
                        g               first_topic     0          0
                        g               first_topic     1          0
                        """);
        assertThat(dry.err()).isEqualTo("Dry run: nothing changed. Add --execute to apply.\n");
        assertThat(committed()).isEqualTo("3 4");
        assertThat(
                        run("--reset-offsets --group g --topic first_topic:0 --to-earliest"
                                        + " --execute")
                                .err())
                .isEmpty();
        assertThat(committed()).isEqualTo("0 4");
    }

    private String committed() {
        List<String> rows = run("--describe --group g").out().lines().skip(2).toList();
        return rows.get(0).substring(43, 59).strip() + " " + rows.get(1).substring(43, 59).strip();
    }

    @Test
    void resetsToEachOfTheTargets() throws IOException {
        cluster.groups().put("g", List.of(), Map.of(P0, 3L, P1, 4L));
        assertThat(reset("--to-latest")).isEqualTo("5 5");
        assertThat(reset("--to-offset 2")).isEqualTo("2 2");
        assertThat(reset("--shift-by 2")).isEqualTo("4 4");
        assertThat(reset("--shift-by -1")).isEqualTo("3 3");
        assertThat(reset("--to-current")).isEqualTo("3 3");
        assertThat(reset("--to-datetime 1999-01-01T00:00:00")).isEqualTo("0 0");
        assertThat(reset("--to-datetime 9999-01-01")).isEqualTo("5 5");
        assertThat(reset("--by-duration 9999d")).isEqualTo("0 0");
        Path file = directory.resolve("plan.csv");
        Files.writeString(
                file, run("--reset-offsets --group g --all-topics --to-offset 1 --export").out());
        assertThat(Files.readString(file)).isEqualTo("\"first_topic\",0,1\n\"first_topic\",1,1\n");
        assertThat(run("--reset-offsets --group g --from-file " + file + " --execute").exitCode())
                .isZero();
        assertThat(committed()).isEqualTo("1 1");
    }

    private String reset(String target) {
        CommandRun run = run("--reset-offsets --group g --all-topics --execute " + target);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return committed();
    }

    @Test
    void offsetsThatDoNotExistBecomeTheNearestOnes() {
        cluster.groups().put("g", List.of(), Map.of(P0, 3L));
        CommandRun high = run("--reset-offsets --group g --topic first_topic:0 --to-offset 99");
        assertThat(high.out()).contains("first_topic     0          5");
        assertThat(high.err())
                .startsWith(
                        "WARNING: New offset (99) is higher than latest offset for topic partition"
                                + " first_topic-0. Value will be set to 5\n");
        assertThat(run("--reset-offsets --group g --topic first_topic:0 --shift-by -99").err())
                .contains("is lower than earliest offset");
    }

    @Test
    void resetsNoGroupWithMembers() {
        cluster.groups().put("g", oneMember(), Map.of(P0, 3L));
        for (String verb :
                List.of(
                        "--reset-offsets --group g --all-topics --to-latest --execute",
                        "--reset-offsets --group g --all-topics --to-latest",
                        "--delete-offsets --group g --topic first_topic",
                        "--delete --group g")) {
            CommandRun run = run(verb);
            assertThat(run.exitCode()).as(verb).isEqualTo(4);
            assertThat(run.out()).as(verb).isEmpty();
            assertThat(run.err())
                    .as(verb)
                    .isEqualTo(
                            lines(
                                    "error: Group 'g' has 1 active member(s). [GROUP_NOT_EMPTY]",
                                    "  next: stop its consumers first; kq groups --describe --group"
                                            + " g --members shows them"));
        }
    }

    @Test
    void deletesInTheWordsOfKafka() {
        cluster.groups().put("g", List.of(), Map.of(P0, 3L));
        assertThat(run("--delete-offsets --group g --topic first_topic").out())
                .isEqualTo(
                        lines(
                                "Request succeeded for deleting offsets from group g.",
                                "",
                                "TOPIC           PARTITION  STATUS         ",
                                "first_topic     0          Successful     ",
                                "first_topic     1          None           "));
        assertThat(run("--delete --group g").out())
                .isEqualTo("Deletion of requested consumer groups ('g') was successful.\n");
        assertThat(run("--list").out()).isEmpty();
    }

    @Test
    void deletesWhatCanBeAndFailsForTheRest() {
        cluster.groups().put("g", List.of(), Map.of());
        CommandRun run = run("--delete --group nope --group g --no-input");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).contains("('g') was successful");
        assertThat(run.err()).contains("'nope' does not exist");
    }

    @Test
    void refusesContradictions() {
        for (String line :
                List.of(
                        "",
                        "--list --describe",
                        "--describe",
                        "--describe --group g --all-groups",
                        "--describe --group g --members --state",
                        "--describe --group g --topic t",
                        "--list --group g",
                        "--list --watch 2s",
                        "--reset-offsets --group g --topic first_topic",
                        "--reset-offsets --group g --topic first_topic --to-latest --to-earliest",
                        "--reset-offsets --group g --topic first_topic --to-latest --dry-run"
                                + " --execute",
                        "--reset-offsets --group g --to-latest",
                        "--reset-offsets --group g --group h --topic first_topic --to-latest",
                        "--reset-offsets --group g --topic first_topic --to-offset -1",
                        "--reset-offsets --group g --topic first_topic:x --to-latest",
                        "--reset-offsets --group g --topic first_topic --by-duration PX",
                        "--reset-offsets --group g --topic first_topic --shift-by 1",
                        "--delete --group g --to-latest")) {
            assertThat(run(line).exitCode()).as(line).isEqualTo(2);
        }
        assertThat(run("--reset-offsets --group g --topic first_topic:7 --to-latest").exitCode())
                .isEqualTo(3);
        assertThat(run("--reset-offsets --group g --topic frist_topic --to-latest").err())
                .contains("did you mean: first_topic");
    }

    @Test
    void namesTheLineOfAFileThatIsNoOffset() throws IOException {
        Path file = directory.resolve("plan.csv");
        for (String bad :
                List.of(
                        "first_topic,0",
                        "first_topic,0,-3",
                        "first_topic,x,1",
                        "h,first_topic,0,1")) {
            Files.writeString(file, "first_topic,1,1\n" + bad + "\n");
            CommandRun run = run("--reset-offsets --group g --from-file " + file + " --execute");
            assertThat(run.exitCode()).as(bad).isEqualTo(1);
            assertThat(run.err()).as(bad).contains("plan.csv line 2: '" + bad + "'");
        }
        assertThat(run("--reset-offsets --group g --from-file " + file + "x").err())
                .contains("there is no file");
    }

    @Test
    void describesUntilItIsInterrupted() {
        cluster.groups().put("g", List.of(), Map.of(P0, 3L));
        CommandRun run = CommandRun.against(cluster).run("groups --describe --group g --watch x");
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
