package io.kq.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsCommandTest {

    private static final String TWO =
            """
            {"partitions":[
              {"topic":"first_topic","partition":0,"offset":3},
              {"topic":"first_topic","partition":1,"offset":-1}],
             "version":1}
            """;

    private final FakeCluster cluster = new FakeCluster();

    @TempDir private Path directory;

    @BeforeEach
    void twoPartitionsOfFourRecords() {
        cluster.addTopic("first_topic", 2);
        for (int partition = 0; partition < 2; partition++) {
            CommandRun.against(cluster)
                    .input("a\nb\nc\nd\n")
                    .run("produce -t first_topic --partition " + partition);
        }
    }

    private CommandRun.Setting with(String json) throws IOException {
        Files.writeString(directory.resolve("f.json"), json);
        return CommandRun.against(cluster);
    }

    private String command(String options) {
        return "records --delete --offset-json-file " + directory.resolve("f.json") + options;
    }

    private CommandRun run(String json, String options) throws IOException {
        return with(json).run(command(options));
    }

    private static String one(String topic, int partition, long offset) {
        return "{\"partitions\":[{\"topic\":\"%s\",\"partition\":%d,\"offset\":%d}]}"
                .formatted(topic, partition, offset);
    }

    @Test
    void deletesAndNamesWhatItDid() throws IOException {
        CommandRun run = run(TWO, "");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                        TOPIC        PARTITION  LOG-START  DELETED
                        first_topic  0          3          3
                        first_topic  1          4          4
                        """);
        assertThat(CommandRun.against(cluster).run("offsets --time earliest").out())
                .isEqualTo("first_topic:0:3\nfirst_topic:1:4\n");
        assertThat(run(one("first_topic", 0, 2), "").out())
                .as("what is gone already")
                .endsWith("first_topic  0          3          0\n");
    }

    @Test
    void isKnownByKafkasName() throws IOException {
        String tail = " --offset-json-file " + directory.resolve("f.json");
        assertThat(with(TWO).run("kafka-delete-records.sh" + tail).exitCode()).isZero();
        assertThat(CommandRun.against(cluster).run("kafka-delete-records --help").out())
                .contains("kq records --delete --offset-json-file FILE");
    }

    @Test
    void printsJson() throws IOException {
        assertThat(run(TWO, " --dry-run -q -o jsonl").out())
                .isEqualTo(
                        """
                        {"topic":"first_topic","partition":0,"logStartOffset":3,"deleted":3}
                        {"topic":"first_topic","partition":1,"logStartOffset":4,"deleted":4}
                        """);
        assertThat(run(one("first_topic", 1, 2), " -o json").out())
                .isEqualTo(
                        "{\"partitions\":[{\"topic\":\"first_topic\",\"partition\":1,"
                                + "\"logStartOffset\":2,\"deleted\":2}]}\n");
    }

    @Test
    void aDryRunChangesNothing() throws IOException {
        CommandRun run = run(TWO, " --dry-run");
        assertThat(run.out()).contains("first_topic  1          4          4");
        assertThat(run.err())
                .isEqualTo("Dry run: nothing changed. Leave --dry-run out to delete.\n");
        assertThat(cluster.operator().asked()).isEmpty();
    }

    @Test
    void asksAPersonWhenItIsMoreThanOnePartition() throws IOException {
        CommandRun no = with(TWO).onTerminal().input("n\n").run(command(""));
        assertThat(no.exitCode()).isEqualTo(1);
        assertThat(no.err())
                .startsWith(
                        "Delete records of 2 partitions: first_topic-0 before 3 (3 offsets),"
                                + " first_topic-1 before 4 (4 offsets)? [y/N] error: Nothing was"
                                + " deleted. [NOT_CONFIRMED]\n");
        assertThat(cluster.operator().asked()).isEmpty();
        assertThat(with(TWO).onTerminal().run(command(" --no-input")).exitCode()).isZero();
        String single = one("first_topic", 0, 4);
        assertThat(with(single).onTerminal().run(command("")).err()).isEmpty();
        assertThat(with(TWO).onTerminal().input("y\n").run(command("")).exitCode()).isZero();
    }

    private void assertRefusesAll(CommandRun run, int exitCode, String error) {
        assertThat(run.err()).startsWith("error: ").contains(error);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        assertThat(cluster.operator().asked()).as("what was deleted").isEmpty();
    }

    @Test
    void anUnknownTopicRefusesAllOfIt() throws IOException {
        CommandRun run =
                run(
                        TWO.replace(
                                "first_topic\",\"partition\":1", "frist_topic\",\"partition\":1"),
                        "");
        assertRefusesAll(run, 3, "Topic 'frist_topic' does not exist. [TOPIC_NOT_FOUND]");
        assertThat(run.err())
                .contains("  did you mean: first_topic\n")
                .contains("  next: correct the file; nothing was deleted\n");
    }

    @Test
    void aPartitionOrAnOffsetThatIsNotThereRefusesAllOfIt() throws IOException {
        assertRefusesAll(
                run(one("first_topic", 2, 1), ""),
                3,
                "Topic 'first_topic' has no partition 2. [PARTITION_NOT_FOUND]  partitions 0 to 1"
                        + " exist\n");
        assertRefusesAll(
                run(one("first_topic", 0, 5), ""),
                1,
                """
                first_topic-0 has no offset 5 yet: it ends at 4. [OFFSET_OUT_OF_RANGE]
                  next: offset -1 deletes all that there is; nothing was deleted
                """);
    }

    @Test
    void aMistakeInTheFileIsShownByItsLine() throws IOException {
        assertRefusesAll(
                run(TWO.replace("\"offset\":-1", "\"offest\":1"), ""),
                2,
                "f.json line 3: \"offest\" is no field of a partition [UNREADABLE_FILE]");
        assertRefusesAll(run(TWO.replace("-1}", "-2}"), ""), 2, "line 3: the offset -2 is neither");
        assertRefusesAll(
                run(TWO.replace("\"partition\":1", "\"partition\":0"), ""),
                2,
                "line 3: first_topic-0 is in it twice");
        assertRefusesAll(run(TWO.replace("\"version\":1", "\"version\":2"), ""), 2, "line 4: its");
        assertRefusesAll(run(TWO.replace("],", "]"), ""), 2, "line 4: it is no JSON");
        assertRefusesAll(run(TWO + "x", ""), 2, "line 5: it is no JSON");
        assertRefusesAll(run(TWO.replace(":3}", ":\"x\"}"), ""), 2, "line 2: it is no JSON");
        assertRefusesAll(run("{\"partitions\":[]}", ""), 2, "it names no partition");
        assertRefusesAll(run("{\"version\":1}", ""), 2, "\"partitions\" is missing");
        assertRefusesAll(run("", ""), 2, "it is no JSON");
        assertRefusesAll(
                run(one("first_topic", 0, 1).replace(",\"offset\":1", ""), ""),
                2,
                "a partition without \"offset\"");
        assertThat(run("[]", "").err())
                .contains(
                        "  next: write it like this: {\"partitions\":[{\"topic\":\"first_topic\","
                                + "\"partition\":0,\"offset\":3}],\"version\":1}\n");
    }

    @Test
    void saysWhatIsMissing() {
        CommandRun noFile =
                CommandRun.against(cluster).run("records --delete --offset-json-file /no/such");
        assertRefusesAll(noFile, 2, "cannot read /no/such [FILE_NOT_READABLE]");
        assertRefusesAll(
                CommandRun.against(cluster).run("records --offset-json-file f"),
                2,
                "--delete is needed");
        assertRefusesAll(
                CommandRun.against(cluster).run("records --delete"),
                2,
                "--offset-json-file is needed");
    }

    @Test
    void whatOneNodeRefusesIsToldBesideWhatWasDone() throws IOException {
        cluster.operator()
                .refuseDeletion(
                        new TopicPartition("first_topic", 0),
                        new RejectedException(ErrorCode.NO_LEADER, "nobody leads it"));
        CommandRun run = run(TWO, "");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .isEqualTo(
                        """
                        TOPIC        PARTITION  LOG-START  DELETED
                        first_topic  1          4          4
                        """);
        assertThat(run.err())
                .startsWith(
                        "error: 1 of 2 partitions were not done (first_topic-0): nobody leads it"
                                + " [NO_LEADER]\n");
    }
}
