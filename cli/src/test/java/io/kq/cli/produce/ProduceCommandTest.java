package io.kq.cli.produce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.client.ConsumerRecord;
import io.kq.client.ProducerConfig.Acks;
import io.kq.client.ProducerConfig.Compression;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProduceCommandTest {

    private final FakeCluster cluster = new FakeCluster();

    @BeforeEach
    void oneTopic() {
        cluster.addTopic("first_topic", 1);
    }

    private CommandRun run(String input, String line) {
        return CommandRun.against(cluster).input(input).run(line);
    }

    private List<String> values() {
        return cluster.log("first_topic", 0).stream().map(r -> text(r.value())).toList();
    }

    private ConsumerRecord only() {
        List<ConsumerRecord> log = cluster.log("first_topic", 0);
        assertThat(log).hasSize(1);
        return log.get(0);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, UTF_8);
    }

    @Test
    void sendsPipedLinesAndPrintsNothing() {
        CommandRun run =
                run(
                        "hello pavan\nhello\n\n",
                        "produce -topic first_topic --producer-property acks=all");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEmpty();
        assertThat(values()).containsExactly("hello pavan", "hello", "");
    }

    @Test
    void keepsArbitraryBytesOfAPipe() {
        String bytes = "\u0000\u00ff\r\t\u0080";
        CommandRun.against(cluster)
                .input((bytes + "\n").getBytes(ISO_8859_1))
                .run("produce --topic first_topic");
        assertThat(only().value()).isEqualTo(bytes.getBytes(ISO_8859_1));
    }

    @Test
    void promptsOnATerminalOnlyAndOnStandardError() {
        CommandRun run =
                CommandRun.against(cluster)
                        .onTerminal()
                        .input("a\r\nb\n")
                        .run("produce --topic first_topic");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo(">>>\n");
        assertThat(values()).containsExactly("a", "b");
    }

    @Test
    void unknownTopicEndsItBeforeAnyPrompt() {
        CommandRun run =
                CommandRun.against(cluster)
                        .onTerminal()
                        .input("x\n")
                        .run("produce --topic frist_topic");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .isEqualTo(
                        """
                        error: Topic 'frist_topic' does not exist. [TOPIC_NOT_FOUND]
                          did you mean: first_topic
                          next: kq topics --create --topic frist_topic --partitions 3
                        """);
    }

    @Test
    void takesTheKeyFromTheLine() {
        run(
                "truck_1:12.9,77.6:x\n",
                "produce --topic first_topic --property parse.key=true --property key.separator=:");
        assertThat(text(only().key())).isEqualTo("truck_1");
        assertThat(text(only().value())).isEqualTo("12.9,77.6:x");
    }

    @Test
    void keySeparatorOptionImpliesKeys() {
        run("k=v\n", "produce --topic first_topic --key-separator =");
        assertThat(text(only().key())).isEqualTo("k");
    }

    @Test
    void readsHeadersKeyAndNullsAsKafka() {
        run(
                "a:1,b:NULL\tk\tNULL\n",
                "produce -t first_topic --property parse.headers=true --property parse.key=true"
                        + " --property null.marker=NULL");
        assertThat(text(only().key())).isEqualTo("k");
        assertThat(only().value()).isNull();
        assertThat(only().headers()).hasSize(2);
        assertThat(only().headers().get(0).key()).isEqualTo("a");
        assertThat(text(only().headers().get(0).value())).isEqualTo("1");
        assertThat(only().headers().get(1).value()).isNull();
    }

    @Test
    void unreadableLineIsNamedAndEarlierOnesAreCounted() {
        CommandRun run = run("a:1\nb:2\nno key\nc:3\n", "produce -t first_topic --key-separator :");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "error: line 3: it has no key separator ':' [UNREADABLE_LINE]"
                                + "  2 earlier line(s) were acknowledged\n"
                                + "  next: correct it and send the rest: tail -n +3 FILE\n");
        assertThat(values()).containsExactly("1", "2");
    }

    @Test
    void ignoreErrorTakesTheLineAsItIs() {
        CommandRun run =
                run(
                        "no key\n",
                        "produce -t first_topic --key-separator : --property ignore.error=true");
        assertThat(run.exitCode()).isZero();
        assertThat(only().key()).isNull();
        assertThat(values()).containsExactly("no key");
    }

    @Test
    void countsWhatWasNotAcknowledgedAndStops() {
        cluster.refuseSends(
                2, new RejectedException(ErrorCode.MESSAGE_TOO_LARGE, "too large for the topic"));
        CommandRun run = run("1\n2\n3\n4\n5\n", "produce -t first_topic");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith(
                        "error: 1 of 3 line(s) were not acknowledged; line 3: too large for the"
                                + " topic [MESSAGE_TOO_LARGE]\n");
        assertThat(values()).containsExactly("1", "2");
    }

    @Test
    void tellsAPersonAtOnceAndGoesOn() {
        cluster.refuseSends(0, new RejectedException(ErrorCode.NOT_ENOUGH_REPLICAS, "isr is 1"));
        CommandRun run =
                CommandRun.against(cluster)
                        .onTerminal()
                        .input("1\n2\n")
                        .run("produce -t first_topic");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith(">error: line 1: isr is 1\n>error: line 2: isr is 1\n>\n")
                .contains("error: 2 of 2 line(s) were not acknowledged");
    }

    @Test
    void signalEndsTheReadingAndWhatWasReadIsSent() {
        CommandRun.Setting setting = CommandRun.against(cluster);
        InputStream input =
                new InputStream() {
                    private int reads;

                    @Override
                    public int read() {
                        return -1;
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        if (reads++ > 0) {
                            setting.interrupts().fire();
                        }
                        target[offset] = (byte) ('a' + reads);
                        target[offset + 1] = '\n';
                        return 2;
                    }
                };
        CommandRun run = setting.input(input).run("produce -t first_topic");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(values()).containsExactly("b", "c");
    }

    @Test
    void understandsAcksInAllSpellings() {
        run("", "produce -t first_topic");
        assertThat(cluster.lastProducer().acks()).isEqualTo(Acks.ALL);
        assertThat(cluster.lastProducer().idempotent()).isTrue();
        for (String all : List.of("all", "-1", "2")) {
            run("", "produce -t first_topic --producer-property acks=" + all);
            assertThat(cluster.lastProducer().acks()).isEqualTo(Acks.ALL);
            run("", "produce -t first_topic --request-required-acks " + all);
            assertThat(cluster.lastProducer().acks()).isEqualTo(Acks.ALL);
        }
        run("", "produce -t first_topic --producer-property acks=1");
        assertThat(cluster.lastProducer().acks()).isEqualTo(Acks.LEADER);
        assertThat(cluster.lastProducer().idempotent()).isFalse();
        run("", "produce -t first_topic --producer-property acks=all --request-required-acks 0");
        assertThat(cluster.lastProducer().acks()).isEqualTo(Acks.NONE);
        assertThat(run("", "produce -t first_topic --request-required-acks 3").exitCode())
                .isEqualTo(2);
    }

    @Test
    void translatesKafkasSettings() {
        run(
                "",
                "produce -t first_topic --compression-codec zstd --batch-size 1000 --timeout 7"
                        + " --command-property client.id=me --producer-property"
                        + " delivery.timeout.ms=9000");
        assertThat(cluster.lastProducer().compression()).isEqualTo(Compression.ZSTD);
        assertThat(cluster.lastProducer().batchBytesMax()).isEqualTo(1000);
        assertThat(cluster.lastProducer().linger()).isEqualTo(Duration.ofMillis(7));
        assertThat(cluster.lastProducer().deliveryTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(cluster.lastClient().clientId()).isEqualTo("me");
    }

    @Test
    void compressionCodecAloneIsGzip() {
        run("", "produce --compression-codec --topic first_topic");
        assertThat(cluster.lastProducer().compression()).isEqualTo(Compression.GZIP);
    }

    @Test
    void refusesSettingsThatNobodyWouldHonour() {
        CommandRun typo = run("", "produce -t first_topic --producer-property linger=5");
        assertThat(typo.exitCode()).isEqualTo(2);
        assertThat(typo.err()).contains("unknown property 'linger'", "did you mean: linger.ms");
        CommandRun tls =
                run("", "produce -t first_topic --producer-property security.protocol=SSL");
        assertThat(tls.exitCode()).isEqualTo(1);
        assertThat(tls.err()).contains("[UNSUPPORTED]");
        CommandRun warned = run("", "produce -t first_topic --producer-property retries=5");
        assertThat(warned.exitCode()).isZero();
        assertThat(warned.err()).isEqualTo("WARNING: 'retries' has no effect in kq.\n");
    }

    @Test
    void refusesReaderPropertiesItDoesNotKnow() {
        CommandRun run = run("", "produce -t first_topic --property parse.kye=true");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("did you mean: parse.key");
    }

    @Test
    void sendsToOnePartitionAndRefusesOneThatIsNot() {
        cluster.addTopic("two", 2);
        run("x\n", "produce -t two --partition 1");
        assertThat(cluster.log("two", 1)).hasSize(1);
        CommandRun run = run("x\n", "produce -t two --partition 2");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("[PARTITION_NOT_FOUND]  partitions 0 to 1 exist");
    }

    @Test
    void readsJsonLines() {
        CommandRun run =
                run(
                        """
                        {"topic":"old","offset":7,"key":"k","value":"v",\
                        "headers":[{"key":"h","value":"1"}],"timestampMs":5}
                        {"value":{"a":[1,true,null,"x"]}}
                        {"keyBase64":"/w==","value":null}
                        """,
                        "produce -t first_topic --input-format jsonl");
        assertThat(run.err()).isEmpty();
        assertThat(values()).containsExactly("v", "{\"a\":[1,true,null,\"x\"]}", "null");
        List<ConsumerRecord> log = cluster.log("first_topic", 0);
        assertThat(log.get(0).timestampMillis()).isEqualTo(5);
        assertThat(log.get(0).headers().get(0).key()).isEqualTo("h");
        assertThat(log.get(2).key()).isEqualTo(new byte[] {(byte) 0xff});
    }

    @Test
    void refusesJsonThatIsNoRecord() {
        for (String line :
                List.of(
                        "",
                        "hello",
                        "[1]",
                        "{\"value\":1} x",
                        "{\"vlaue\":1}",
                        "{}",
                        "{\"value\":")) {
            CommandRun run = run(line + "\n", "produce -t first_topic --input-format jsonl");
            assertThat(run.exitCode()).as(line).isEqualTo(1);
            assertThat(run.err())
                    .as(line)
                    .startsWith("error: line 1: ")
                    .contains("[UNREADABLE_LINE]  0 earlier line(s) were acknowledged")
                    .doesNotContain("\tat ");
        }
    }
}
