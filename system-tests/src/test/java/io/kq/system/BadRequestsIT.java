package io.kq.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.Shell;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that one running node, or the command itself, refuses: what a user then reads. */
class BadRequestsIT {

    @TempDir private static Path directory;

    private static Cluster cluster;
    private static Shell shell;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(directory.resolve("cluster"), 1);
        shell = Shell.in(directory).against(cluster);
        String created =
                shell.run("kq topics --create --topic first_topic --partitions 3 --quiet").out();
        assertThat(created).isEqualTo("Created topic first_topic.\n");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void refused(int exitCode, String line, String text) {
        Refusal.check(shell.run(line), exitCode, text);
    }

    @Test
    void unknownTopicIsNotFoundAndTheNearestIsNamed() {
        String notThere =
                """
                error: Topic 'frist_topic' does not exist. [TOPIC_NOT_FOUND]
                  did you mean: first_topic
                """;
        String list = notThere + "  next: kq topics --list\n";
        String create =
                notThere + "  next: kq topics --create --topic frist_topic --partitions 3\n";
        refused(3, "kq topics --describe --topic frist_topic", list);
        refused(3, "kq topics --delete --topic frist_topic", list);
        refused(3, "kq offsets --topic frist_topic", list);
        refused(3, "kq consume --topic frist_topic --from-beginning", create);
        refused(3, "echo x | kq produce --topic frist_topic", create);
    }

    @Test
    void existingTopicIsNotMadeAgain() {
        refused(
                4,
                "kq topics --create --topic first_topic --partitions 3",
                """
                error: Topic 'first_topic' already exists. [TOPIC_ALREADY_EXISTS]
                  next: add --if-not-exists, or see it with: kq topics --describe --topic first_topic
                """);
    }

    @Test
    void topicThatCollidesInMetricNamesIsNotMade() {
        refused(
                4,
                "kq topics --create --topic first.topic --partitions 3",
                """
                error: Topic 'first.topic' collides with topic 'first_topic': '.' and '_' are one \
                in names of metrics. [TOPIC_NAME_COLLISION]
                  next: choose another name, or use the topic that is there: kq topics --list
                """);
    }

    @Test
    void moreReplicasThanBrokersAreRefused() {
        refused(
                4,
                "kq topics --create --topic t3 --replication-factor 3",
                """
                error: Unable to replicate the partition 3 time(s): only 1 broker(s) are \
                registered. [INSUFFICIENT_BROKERS]
                  next: use --replication-factor 1, or start more brokers (kq cluster brokers \
                shows who is in)
                """);
    }

    @Test
    void illegalNameIsRefusedWithALegalOne() {
        refused(
                1,
                "kq topics --create --topic 'a b'",
                """
                error: Bad --topic: a topic's name is made of a-z, A-Z, 0-9, '.', '_' and '-'; \
                character 2 is another one. [INVALID_TOPIC_NAME]
                  next: choose a name such as a-b
                """);
    }

    @Test
    void wrongValueOfAConfigIsRefusedWithItsDefault() {
        refused(
                1,
                "kq topics --create --topic c1 --config retention.ms=soon",
                """
                error: Invalid value 'soon' for config retention.ms: a duration is a number of \
                milliseconds, or has the unit ms, s, m, h, d or w; this is 'soon' [INVALID_CONFIG]
                  next: retention.ms=604800000 is its default
                """);
    }

    @Test
    void unknownConfigIsRefusedAndTheNearestIsNamed() {
        String line = "kq topics --create --topic c1 --config retenton.ms=1";
        String text = shell.run(line).err();
        assertThat(text)
                .startsWith(
                        """
                        error: Unknown topic config 'retenton.ms'. [UNKNOWN_CONFIG]
                          did you mean: retention.ms
                          next: correct the name; there are cleanup.policy, retention.ms, \
                        """);
        refused(1, line, text);
    }

    @Test
    void nothingThatWasRefusedHasComeIntoBeing() {
        shell.run("kq topics --create --topic t3 --replication-factor 3");
        shell.run("kq topics --create --topic c1 --config retention.ms=soon");
        shell.run("kq consume --topic frist_topic --from-beginning --timeout-ms 10");
        assertThat(shell.run("kq topics --list").out()).isEqualTo("first_topic\n");
    }

    @Test
    void argumentsThatMakeNoSenseAreAMistakeInUsage() {
        refused(
                2,
                "kq topics --lst",
                """
                error: unknown option '--lst' of kq topics
                  did you mean: --list
                  next: kq topics --help
                """);
        refused(
                2,
                "echo x | kq produce --topic first_topic --producer-property acks=7",
                """
                error: acks: '7' is not 0, 1, all or -1
                  next: kq produce --help
                """);
        refused(
                2,
                "kq topics --create --topic c1 --config retention.ms",
                """
                error: --config: 'retention.ms' is not KEY=VALUE
                  next: kq topics --help
                """);
        refused(
                2,
                "kq topcis --list",
                """
                error: unknown command 'topcis'
                  did you mean: topics
                  next: kq --help
                """);
    }

    @Test
    void recordLargerThanTheTopicTakesIsRefusedWithBothSizes() {
        refused(
                1,
                "head -c 2000000 /dev/zero | tr '\\0' x | kq produce --topic first_topic",
                """
                error: 1 of 1 line(s) were not acknowledged; line 1: a batch of 2000074 bytes is \
                larger than the topic's 1048588 [MESSAGE_TOO_LARGE]
                  next: give the topic a larger max.message.bytes: kq configs --alter --topic T --add-config max.message.bytes=2MiB
                """);
    }

    @Test
    void unreadableLineIsNamedAndTheOnesBeforeItAreKept() {
        String topic = "kq topics --create --topic keyed --partitions 1";
        assertThat(shell.run(topic).exitCode()).isZero();
        String keyed = " --property parse.key=true --property key.separator=:";
        refused(
                1,
                "printf 'a:1\\nb:2\\nno separator\\nc:3\\n' | kq produce --topic keyed" + keyed,
                """
                error: line 3: it has no key separator ':' [UNREADABLE_LINE]  2 earlier line(s) \
                were acknowledged
                  next: correct it and send the rest: tail -n +3 FILE
                """);
        assertThat(shell.run("kq consume --topic keyed --from-beginning --until-end").out())
                .isEqualTo("1\n2\n");
        assertThat(shell.run("kq topics --delete --topic keyed").exitCode()).isZero();
    }
}
