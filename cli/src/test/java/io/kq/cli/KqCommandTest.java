package io.kq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KqCommandTest {

    private final FakeCluster cluster = new FakeCluster();

    @TempDir private Path directory;

    private CommandRun run(String line) {
        return CommandRun.against(cluster).run(line);
    }

    @Test
    void refusesZookeeperInTheAgreedWords() {
        for (String line :
                List.of(
                        "kafka-topics --zookeeper 127.0.0.1:2181 --list",
                        "topics --list --zookeeper=127.0.0.1:2181",
                        "topics -zookeeper x --list")) {
            CommandRun run = run(line);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .isEqualTo(
                            "error: kq has no ZooKeeper; use --bootstrap-server HOST:9092 (default"
                                    + " 127.0.0.1:9092)\n");
        }
    }

    @Test
    void refusesTimesThatWouldOverflow() {
        for (String time : List.of("106752d", "99999999999999d", "999999999999999")) {
            CommandRun run = run("topics --list --request-timeout " + time);
            assertThat(run.exitCode()).as(time).isEqualTo(2);
            assertThat(run.err()).contains("'" + time + "' is not a time such as 10s");
        }
    }

    @Test
    void tellsErrorsOfTheJavaMachineInOneLineToo() {
        InputStream huge =
                new InputStream() {
                    @Override
                    public int read() {
                        throw new OutOfMemoryError("Java heap space");
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        return read();
                    }
                };
        cluster.addTopic("a", 1);
        CommandRun run = CommandRun.against(cluster).input(huge).run("produce -t a");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("error: the command's heap is too small [OUT_OF_MEMORY]  Java heap")
                .contains("  next: give it more: KQ_CLI_OPTS=-Xmx1g")
                .doesNotContain("\tat ");
    }

    @Test
    void saysWhatIsWrongWithAFileInWords() throws IOException {
        Path none = directory.resolve("none.properties");
        assertThat(run("topics --list --command-config " + none).err())
                .startsWith(
                        "error: cannot read "
                                + none
                                + " [FILE_NOT_READABLE]  no such file or directory: ");
        Path file = Files.createFile(directory.resolve("file"));
        CommandRun run = run("dev --data " + file.resolve("data"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("error: ").contains(file.toString(), "[IO_ERROR]");
    }

    @Test
    void takesLongOptionsWithOneDash() {
        cluster.addTopic("first_topic", 3);
        assertThat(run("topics -describe -topic first_topic").out())
                .startsWith("Topic: first_topic\t");
        assertThat(run("topics -describe -topic=first_topic").out())
                .startsWith("Topic: first_topic\t");
    }

    @Test
    void refusesAbbreviationsAndSaysWhatWasMeant() {
        CommandRun run = run("topics --bootstrap x --list");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        """
                        error: unknown option '--bootstrap' of kq topics
                          did you mean: --bootstrap-server
                          next: kq topics --help
                        """);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void saysWhatAMisspeltOptionOrCommandWasMeantToBe() {
        assertThat(run("topics --partitons 3 --create").err())
                .contains("did you mean: --partitions\n");
        assertThat(run("produce -t a --producer.config f").err())
                .contains("did you mean: --command-config\n");
        CommandRun run = run("topisc --list");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("error: unknown command 'topisc'\n  did you mean: topics\n");
    }

    @Test
    void answersToKafkasToolNames() {
        cluster.addTopic("a", 1);
        for (String name :
                List.of(
                        "kafka-topics",
                        "kafka-topics.sh",
                        "kafka-topics.bat",
                        "topics.sh",
                        "/opt/kafka/bin/kafka-topics.sh",
                        "bin\\windows\\kafka-topics.bat")) {
            CommandRun run = run(name + " --list");
            assertThat(run.out()).as(name).isEqualTo("a\n");
        }
    }

    @Test
    void refusesWhatIsNotBuiltInOneLine() {
        CommandRun run = run("kafka-acls.sh --list");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "error: kq acls is not in this version."
                                + " [UNSUPPORTED]\n"
                                + "  next: kq --help (shows what this version can do)\n");
    }

    @Test
    void neverOffersInItsHelpWhatItWouldRefuse() {
        assertThat(run("--help").out()).doesNotContain("  acls");
    }

    @Test
    void takesGlobalOptionsBeforeAndAfterTheCommand() {
        cluster.addTopic("a", 1);
        for (String line :
                List.of(
                        "-b kq-1:19092 -o json topics --list",
                        "topics --list -b kq-1:19092 -o json",
                        "--bootstrap-server=kq-1:19092 topics -o json --list")) {
            assertThat(run(line).out()).as(line).startsWith("{\"topics\":[{\"name\":\"a\"");
            assertThat(cluster.lastClient().bootstrapServers()).containsExactly("kq-1:19092");
        }
    }

    @Test
    void findsTheClusterByOptionThenEnvironmentThenDefault() {
        assertThat(run("topics --list").exitCode()).isZero();
        assertThat(cluster.lastClient().bootstrapServers()).containsExactly("127.0.0.1:9092");
        CommandRun.Setting setting =
                CommandRun.against(cluster).with("KQ_BOOTSTRAP_SERVER", "env:1,other");
        setting.run("topics --list");
        assertThat(cluster.lastClient().bootstrapServers()).containsExactly("env:1", "other:9092");
        setting.run("topics --list -b opt:2");
        assertThat(cluster.lastClient().bootstrapServers()).containsExactly("opt:2");
    }

    @Test
    void namesEachAddressWhenNoBrokerAnswers() {
        cluster.goDown(
                new RejectedException(
                        ErrorCode.UNREACHABLE,
                        "no broker answered.",
                        true,
                        Map.of("127.0.0.1:1", "connection refused (3 tries, 4.0 s)")));
        CommandRun run = run("topics --list -b 127.0.0.1:1");
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err())
                .isEqualTo(
                        "error: no broker answered. [UNREACHABLE]  127.0.0.1:1 connection refused"
                            + " (3 tries, 4.0 s)\n"
                            + "  next: kq dev (local), kubectl port-forward svc/kq 9092 (cluster),"
                            + " or set KQ_BOOTSTRAP_SERVER\n");
    }

    @Test
    void saysWhatToTryAfterEveryRefusal() {
        for (ErrorCode code : ErrorCode.values()) {
            cluster.goDown(new RejectedException(code, "no."));
            CommandRun run = run("topics --list");
            assertThat(run.err()).as(code.name()).startsWith("error: ").contains("\n  next: ");
            assertThat(run.exitCode()).as(code.name()).isNotZero();
        }
        for (String line :
                List.of(
                        "topics",
                        "topics --list --create",
                        "topics --create --topic",
                        "topics --create --topic a --partitions 0",
                        "topics --create --topic a --partitions many",
                        "topics --create --topic a --config retention.ms",
                        "topics --create --topic 'a b'",
                        "topics --list -b a:b:c",
                        "topics --list -o xml",
                        "produce",
                        "produce --topic a --producer-property acks=7",
                        "consume",
                        "cluster",
                        "groups --list",
                        "-q")) {
            CommandRun run = run(line);
            assertThat(run.err()).as(line).startsWith("error: ").contains("\n  next: ");
            assertThat(run.exitCode()).as(line).isNotZero();
        }
    }

    @Test
    void writesErrorsAsJsonWhenJsonWasAskedFor() {
        CommandRun run = run("topics --describe --topic nope -o json");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .isEqualTo(
                        "{\"error\":{\"code\":\"NOT_FOUND\",\"reason\":\"TOPIC_NOT_FOUND\","
                                + "\"message\":\"Topic 'nope' does not exist.\",\"metadata\":{},"
                                + "\"next\":[\"kq topics --list\"]}}\n");
    }

    @Test
    void showsAStackTraceOnlyWhenAsked() {
        cluster.goDown(new RejectedException(ErrorCode.QUORUM_LOST, "no quorum"));
        assertThat(run("topics --list").err()).doesNotContain("\tat ");
        assertThat(run("topics --list -v").err()).contains("\tat ");
    }

    @Test
    void helpFitsEightyColumnsHasAnExampleAndIsNoFailure() {
        assertHelps("--help", "kq ");
        for (CommandTable.Entry entry : CommandTable.entries()) {
            assertHelps(entry.name() + " --help", "kq " + entry.name());
            assertHelps("help " + entry.name(), "kq " + entry.name());
            int space = entry.name().indexOf(' ');
            if (space > 0) {
                assertHelps(entry.name().substring(0, space) + " --help", "kq ");
            }
        }
    }

    private void assertHelps(String line, String example) {
        CommandRun run = run(line);
        assertThat(run.exitCode()).as(line).isZero();
        assertThat(run.err()).as(line).isEmpty();
        assertThat(run.out().lines())
                .as(line)
                .allSatisfy(shown -> assertThat(shown.length()).isLessThanOrEqualTo(80));
        assertThat(run.out()).as(line).containsPattern("(?m)^Examples?:$");
        assertThat(run.out().replaceFirst("(?s).*\nExamples?:\n", "").lines())
                .as(line)
                .anySatisfy(shown -> assertThat(shown).startsWith("  ").contains(example));
    }

    @Test
    void helpSaysUsageOnceAndBreaksNoSettingsName() {
        for (CommandTable.Entry entry : CommandTable.entries()) {
            String help = run(entry.name() + " --help").out();
            assertThat(help).as(entry.name()).startsWith("Usage: kq " + entry.name());
            assertThat(help).as(entry.name()).doesNotContainPattern("[a-z]\\.\\n +[a-z]+[.=,]");
        }
    }

    @Test
    void helpHasOneSummaryForEachCommand() {
        assertThat(CommandTable.entries())
                .allSatisfy(
                        entry -> {
                            assertThat(entry.summary().length()).isLessThanOrEqualTo(56);
                            assertThat(entry.name().length()).isLessThanOrEqualTo(21);
                        });
    }

    @Test
    void printsItsVersion() {
        assertThat(run("--version").out()).matches("kq \\d+\\.\\d+\\.\\d+\n");
    }
}
