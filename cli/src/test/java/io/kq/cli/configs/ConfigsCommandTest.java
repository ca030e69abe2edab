package io.kq.cli.configs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigsCommandTest {

    private final FakeCluster cluster = new FakeCluster();

    @TempDir private Path directory;

    @BeforeEach
    void topic() {
        cluster.addTopic("first_topic", 1);
    }

    private CommandRun run(String line) {
        return CommandRun.against(cluster).run(line);
    }

    private CommandRun alter(String options) {
        return run("configs --alter --topic first_topic " + options);
    }

    @Test
    void changesAndDescribesInTheWordsOfKafka() {
        CommandRun altered =
                run(
                        "kafka-configs --entity-type topics --entity-name first_topic --alter"
                                + " --add-config retention.ms=3600000");
        assertThat(altered.exitCode()).isZero();
        assertThat(altered.err()).isEmpty();
        assertThat(altered.out()).isEqualTo("Completed updating config for topic first_topic.\n");
        CommandRun described =
                run("kafka-configs --entity-type topics --entity-name first_topic --describe");
        assertThat(described.out())
                .isEqualTo(
                        "Dynamic configs for topic first_topic are:\n"
                                + "  retention.ms=3600000 sensitive=false"
                                + " synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=3600000}\n");
        assertThat(run("configs --describe --topic first_topic --all").out())
                .startsWith("All configs for topic first_topic are:\n")
                .contains(
                        "\n  retention.ms=3600000 sensitive=false"
                                + " synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=3600000,"
                                + " DEFAULT_CONFIG:retention.ms=604800000}\n")
                .contains(
                        "\n  segment.bytes=1073741824 sensitive=false"
                                + " synonyms={DEFAULT_CONFIG:segment.bytes=1073741824}\n");
        assertThat(alter("--delete-config retention.ms").exitCode()).isZero();
        assertThat(run("configs --describe --topic first_topic").out())
                .isEqualTo("Dynamic configs for topic first_topic are:\n");
    }

    @Test
    void takesListsBracketsFilesAndDeletionsInOne() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "segment.bytes=1MiB\n");
        CommandRun run =
                alter(
                        "--add-config cleanup.policy=[compact,delete],retention.ms=7d"
                                + " --delete-config flush,segment.ms --add-config-file "
                                + file);
        assertThat(run.err()).isEmpty();
        assertThat(cluster.operator().asked())
                .containsExactly(
                        "configs first_topic {cleanup.policy=Optional[compact,delete],"
                                + " flush=Optional.empty, retention.ms=Optional[7d],"
                                + " segment.bytes=Optional[1MiB], segment.ms=Optional.empty}");
        assertThat(alter("--add-config a=1 --delete-config a").exitCode()).isEqualTo(2);
        assertThat(alter("--add-config cleanup.policy=[compact").exitCode()).isEqualTo(2);
        assertThat(alter("--add-config retention.ms").err()).contains("is not KEY=VALUE");
        assertThat(alter("").err()).contains("--alter needs --add-config or --delete-config");
    }

    @Test
    void saysWhatWasMeantAndWhatChangesNothing() {
        CommandRun unknown = alter("--add-config retention.mss=1");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err())
                .startsWith(
                        """
                        error: Unknown topic config 'retention.mss'. [UNKNOWN_CONFIG]
                          did you mean: retention.ms
                        """);
        assertThat(alter("--add-config retention.ms=soon").err()).contains("[INVALID_CONFIG]");
        CommandRun inert = alter("--add-config preallocate=true");
        assertThat(inert.exitCode()).isZero();
        assertThat(inert.err()).startsWith("WARNING: preallocate is stored and changes nothing.");
        CommandRun none = run("configs --alter --topic first_topi --add-config retention.ms=1");
        assertThat(none.exitCode()).isEqualTo(3);
        assertThat(none.err()).contains("did you mean: first_topic\n");
        assertThat(run("configs --describe --topic nope").exitCode()).isEqualTo(3);
    }

    @Test
    void dryRunChangesNothing() {
        CommandRun run = alter("--add-config retention.ms=1h --dry-run");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("Dry run: nothing changed. Leave --dry-run out to change it.\n");
        assertThat(run("configs --describe --topic first_topic").out().lines()).hasSize(1);
    }

    @Test
    void showsSettingsOfNodesAndRefusesToChangeThem() {
        assertThat(run("configs --describe --entity-type brokers").out())
                .isEqualTo(
                        "Static configs for broker 0 are:\n"
                                + "  node.id=0 sensitive=false"
                                + " synonyms={STATIC_BROKER_CONFIG:node.id=0}\n");
        CommandRun run = run("configs --alter --broker 0 --add-config log.retention=1d");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("cannot be changed while a node runs", "[INVALID_CONFIG]")
                .contains("  next: kq configs --describe --entity-type brokers --entity-name 0");
        assertThat(run("configs --describe --broker kq-0").exitCode()).isEqualTo(2);
    }

    @Test
    void nodeThatIsDownIsNotWaitedFor() {
        cluster.addBroker(1, false);
        CommandRun one = run("configs --describe --broker 1");
        assertThat(one.exitCode()).isEqualTo(5);
        assertThat(one.err())
                .isEqualTo(
                        "error: Broker 1 is down, and only a broker itself knows its settings."
                                + " [UNREACHABLE]\n"
                                + "  next: start it, or look at its settings file\n");
        CommandRun all = run("configs --describe --entity-type brokers");
        assertThat(all.exitCode()).isZero();
        assertThat(all.err()).startsWith("WARNING: Broker 1 is down");
        assertThat(all.out()).startsWith("Static configs for broker 0 are:\n");
    }

    @Test
    void refusesWhatHasNoConfigsInKq() {
        CommandRun users = run("configs --describe --entity-type users --entity-name u");
        assertThat(users.exitCode()).isEqualTo(1);
        assertThat(users.err()).startsWith("error: kq has no configs of users. [UNSUPPORTED]\n");
        assertThat(run("configs --describe --entity-type brokers --entity-default").err())
                .contains("[UNSUPPORTED]");
        assertThat(run("configs --describe --entity-type topcs").exitCode()).isEqualTo(2);
    }

    @Test
    void wantsOneThingToDoAndOneEntity() {
        for (String line :
                List.of(
                        "configs --topic first_topic",
                        "configs --describe --alter --topic first_topic",
                        "configs --describe",
                        "configs --describe --topic a --broker 0",
                        "configs --describe --entity-name a",
                        "configs --alter --entity-type topics --add-config a=1",
                        "configs --alter --all --topic first_topic --add-config a=1",
                        "configs --describe --topic first_topic --add-config a=1")) {
            assertThat(run(line).exitCode()).as(line).isEqualTo(2);
        }
    }

    @Test
    void programsReadJson() {
        assertThat(alter("--add-config retention.ms=1h -o json").out())
                .isEqualTo(
                        "{\"resource\":{\"type\":\"TOPIC\",\"name\":\"first_topic\"},"
                                + "\"changes\":[{\"name\":\"retention.ms\",\"value\":\"1h\"}],"
                                + "\"changed\":true,\"warnings\":[]}\n");
        String jsonl = run("configs --describe --topic first_topic -o jsonl").out();
        assertThat(jsonl)
                .startsWith(
                        "{\"resource\":{\"type\":\"TOPIC\",\"name\":\"first_topic\"},"
                                + "\"entry\":{\"name\":\"retention.ms\",\"value\":\"1h\","
                                + "\"source\":\"TOPIC\",\"readOnly\":false,\"sensitive\":false,")
                .endsWith(
                        "\"synonyms\":[{\"name\":\"retention.ms\",\"value\":\"1h\","
                                + "\"source\":\"TOPIC\"},{\"name\":\"retention.ms\","
                                + "\"value\":\"604800000\",\"source\":\"DEFAULT\"}]}}\n");
        assertThat(run("configs --describe --topic first_topic -o json").out())
                .startsWith("{\"resources\":[{\"resource\":{")
                .contains("\"entries\":[{\"name\":\"retention.ms\"");
        assertThat(run("configs --describe --topic first_topic -o name").out())
                .isEqualTo("retention.ms\n");
        assertThat(run("configs --describe --topic first_topic -o wide").out())
                .startsWith("ENTITY             CONFIG        VALUE  SOURCE  MEANING\n")
                .contains("topic first_topic  retention.ms  1h     topic   How long records");
    }
}
