package io.kq.cli.consume;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.cli.fake.SteppingClock;
import io.kq.client.ConsumerConfig.Reset;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumeCommandTest {

    private final FakeCluster cluster = new FakeCluster();

    @BeforeEach
    void oneTopic() {
        cluster.addTopic("first_topic", 1);
        send("hello pavan\nexecute order 676\nmessage complete\nhello kakarot\n", "");
    }

    private void send(String input, String options) {
        CommandRun run =
                CommandRun.against(cluster).input(input).run("produce -t first_topic " + options);
        assertThat(run.err()).isEmpty();
    }

    private CommandRun run(String options) {
        return CommandRun.against(cluster).run("consume --topic first_topic " + options);
    }

    @Test
    void printsValuesAndCountsThemOnStandardError() {
        CommandRun run = run("--from-beginning --max-messages 4");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo("hello pavan\nexecute order 676\nmessage complete\nhello kakarot\n");
        assertThat(run.err()).isEqualTo("Processed a total of 4 messages\n");
    }

    @Test
    void stopsAtExactlyTheNumberAsked() {
        assertThat(run("--from-beginning --max-messages 2").out())
                .isEqualTo("hello pavan\nexecute order 676\n");
        assertThat(run("--from-beginning --max-messages 0").out()).isEmpty();
    }

    @Test
    void startsAtTheLatestRecord() {
        assertThat(run("--until-end").out()).isEmpty();
        assertThat(run("--until-end").err()).isEqualTo("Processed a total of 0 messages\n");
    }

    @Test
    void startsWhereKafkasSettingSaysUnlessAnOptionDoes() {
        String earliest = "--consumer-property auto.offset.reset=earliest --until-end";
        assertThat(run(earliest).out()).startsWith("hello pavan\n");
        assertThat(run("--since 2030-01-01 " + earliest).out()).isEmpty();
        assertThat(run("--consumer-property auto.offset.reset=latest --until-end").out()).isEmpty();
    }

    @Test
    void printsKafkasLine() {
        cluster.addTopic("one", 1);
        CommandRun.against(cluster).input("hello pavan\n").run("produce -t one");
        String all =
                "--property print.timestamp=true --property print.partition=true --property"
                    + " print.offset=true --property print.headers=true --property print.key=true";
        assertThat(
                        CommandRun.against(cluster)
                                .run("consume -t one --from-beginning --until-end " + all)
                                .out())
                .isEqualTo(
                        "CreateTime:1795335609407\tPartition:0\tOffset:0\tNO_HEADERS\tnull"
                                + "\thello pavan\n");
    }

    @Test
    void printsHeadersKeysAndNullsAsKafka() {
        cluster.addTopic("one", 1);
        CommandRun.against(cluster)
                .input("a:1,b:N\tk\tN\n")
                .run(
                        "produce -t one --property parse.headers=true --property parse.key=true"
                                + " --property null.marker=N");
        String line = "consume -t one --from-beginning --until-end --property print.headers=true ";
        assertThat(CommandRun.against(cluster).run(line + "--property print.key=true").out())
                .isEqualTo("a:1,b:null\tk\tnull\n");
        assertThat(
                        CommandRun.against(cluster)
                                .run(
                                        line
                                                + "--property print.value=false --property"
                                                + " line.separator=;")
                                .out())
                .isEqualTo("a:1,b:null;");
    }

    @Test
    void startsAtAnOffset() {
        assertThat(run("--partition 0 --offset 2 --until-end").out())
                .isEqualTo("message complete\nhello kakarot\n");
        assertThat(run("--partition 0 --offset earliest --max-messages 1").out())
                .isEqualTo("hello pavan\n");
    }

    @Test
    void onlyAnOffsetThatWasAskedForMayNotBeMissed() {
        run("--partition 0 --offset 2 --until-end");
        assertThat(cluster.lastConsumer().reset()).isEqualTo(Reset.NONE);
        run("--from-beginning --until-end");
        assertThat(cluster.lastConsumer().reset()).isEqualTo(Reset.EARLIEST);
    }

    @Test
    void startsAtATime() {
        assertThat(run("--since 2001-01-01T00:00:00Z --until-end").out()).startsWith("hello pavan");
        assertThat(run("--since 2100-01-01 --until-end").out()).isEmpty();
        assertThat(run("--since yesterday").exitCode()).isEqualTo(2);
    }

    @Test
    void writesBytesAsTheyAre() {
        byte[] bytes = {(byte) 0xff, 0, '\r', (byte) 0x80, '\n'};
        cluster.addTopic("b", 1);
        CommandRun.against(cluster).input(bytes).run("produce -t b");
        CommandRun run =
                CommandRun.against(cluster).run("consume -t b --from-beginning --until-end");
        assertThat(run.outBytes()).isEqualTo(new String(bytes, ISO_8859_1));
    }

    @Test
    void writesAFormatAsKcat() {
        assertThat(
                        run("--from-beginning --max-messages 1 -f '%t[%p]@%o %k=%v %V %T%%\\x41\\n"
                                        + "'")
                                .out())
                .isEqualTo("first_topic[0]@0 =hello pavan 11 1795335609407%A\n");
        assertThat(run("-f '%q'").exitCode()).isEqualTo(2);
        assertThat(run("-f '%'").exitCode()).isEqualTo(2);
    }

    @Test
    void jsonLinesCanBeSentAgain() {
        cluster.addTopic("copy", 1);
        CommandRun lines = run("--from-beginning --until-end -o jsonl");
        CommandRun copied =
                CommandRun.against(cluster)
                        .input(lines.out())
                        .run("produce -t copy --input-format jsonl");
        assertThat(copied.err()).isEmpty();
        assertThat(cluster.log("copy", 0)).hasSize(4);
        assertThat(lines.out().lines().findFirst().orElse(""))
                .isEqualTo(
                        "{\"topic\":\"first_topic\",\"partition\":0,\"offset\":0,"
                                + "\"timestamp\":\"2026-11-22T08:20:09.407Z\","
                                + "\"timestampMs\":1795335609407,\"timestampType\":\"CreateTime\","
                                + "\"key\":null,\"value\":\"hello pavan\",\"headers\":[]}");
    }

    @Test
    void jsonIsOneDocumentAlsoWhenItIsEmpty() {
        assertThat(run("--until-end -o json").out()).isEqualTo("[]\n");
        assertThat(run("--from-beginning --max-messages 2 -o json").out())
                .startsWith("[\n{")
                .contains("},\n{")
                .endsWith("}\n]\n");
    }

    @Test
    void endsWhenNothingComesForTheTimeout() {
        CommandRun run =
                CommandRun.against(cluster)
                        .clock(new SteppingClock())
                        .run("consume -t first_topic --from-beginning --timeout-ms 100");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("Processed a total of 4 messages\n");
    }

    @Test
    void readsAllTopicsThatMatch() {
        cluster.addTopic("first_other", 1);
        CommandRun.against(cluster).input("x\n").run("produce -t first_other");
        CommandRun run =
                CommandRun.against(cluster)
                        .run("consume --include 'first_.*' --from-beginning --until-end");
        assertThat(run.out()).contains("hello pavan\n", "x\n");
    }

    @Test
    void readsPartitionsThatAreAddedMeanwhileFromTheirBeginning() {
        cluster.atNextPoll(
                () -> {
                    CommandRun.against(cluster).run("topics --alter -t first_topic --partitions 5");
                    CommandRun.against(cluster)
                            .input("new\n")
                            .run("produce -t first_topic --partition 4");
                });
        CommandRun run =
                CommandRun.against(cluster)
                        .clock(new SteppingClock())
                        .run("consume -t first_topic --max-messages 1");
        assertThat(run.out()).isEqualTo("new\n");
    }

    @Test
    void unknownTopicIsNotFoundWithASuggestion() {
        CommandRun run = CommandRun.against(cluster).run("consume -t frist_topic");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .startsWith("error: Topic 'frist_topic' does not exist. [TOPIC_NOT_FOUND]\n")
                .contains("did you mean: first_topic");
    }

    @Test
    void topicDeletedMeanwhileEndsWithNotFound() {
        cluster.goDownAfterPolls(1, new RejectedException(ErrorCode.TOPIC_NOT_FOUND, "it is gone"));
        CommandRun run = run("--from-beginning");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).startsWith("hello pavan\n");
        assertThat(run.err())
                .startsWith(
                        "Processed a total of 4 messages\n"
                                + "error: Topic 'first_topic' does not exist any more."
                                + " [TOPIC_NOT_FOUND]\n");
    }

    private void stall(ErrorCode code, String why, int polls) {
        cluster.stall(
                new TopicPartition("first_topic", 0), new RejectedException(code, why), polls);
    }

    @Test
    void saysWhyNothingComesAndWhenItComesAgain() {
        stall(ErrorCode.NO_LEADER, "No broker leads first_topic-0 now.", 8);
        CommandRun run = run("--from-beginning --until-end");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("hello pavan\n");
        assertThat(run.err())
                .isEqualTo(
                        "WARNING: cannot read first_topic-0 now, waiting: No broker leads"
                                + " first_topic-0 now. [NO_LEADER]\n"
                                + "first_topic-0 is read again.\n"
                                + "Processed a total of 4 messages\n");
    }

    @Test
    void aShortStallIsNotWorthAWord() {
        stall(ErrorCode.NOT_LEADER, "moved", 1);
        assertThat(run("--from-beginning --until-end").err())
                .isEqualTo("Processed a total of 4 messages\n");
    }

    @Test
    void doesNotWaitForAnEndThatCannotBeReached() {
        stall(ErrorCode.UNREACHABLE, "127.0.0.1:9092: connection refused", 1000);
        CommandRun run = run("--from-beginning --until-end");
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err())
                .contains("WARNING: cannot read first_topic-0 now")
                .contains("\nProcessed a total of 0 messages\nerror: ")
                .contains("[UNREACHABLE]");
    }

    @Test
    void waitsForAsLongAsARequestMay() {
        stall(ErrorCode.NO_LEADER, "nobody", 15);
        assertThat(run("--from-beginning --until-end").exitCode()).isEqualTo(1);
        stall(ErrorCode.NO_LEADER, "nobody", 15);
        assertThat(run("--from-beginning --until-end --request-timeout 20s").exitCode()).isZero();
    }

    @Test
    void whatIsAlreadyReadMayStall() {
        stall(ErrorCode.NO_LEADER, "nobody", 1000);
        assertThat(run("--until-end").exitCode()).isZero();
    }

    @Test
    void damagedDataSayWhatIsDamagedAndWhereToLook() {
        cluster.goDownAfterPolls(
                1,
                new RejectedException(ErrorCode.STORAGE_FAULT, "damaged data: /d/0.log")
                        .with("partition", "first_topic-0")
                        .with("offset", "4"));
        CommandRun run = run("--from-beginning");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "Processed a total of 4 messages\n"
                                + "error: cannot read first_topic-0 from offset 4: damaged data:"
                                + " /d/0.log [STORAGE_FAULT]\n"
                                + "  next: kq cluster brokers -o wide (shows which data"
                                + " directories have a problem)\n"
                                + "  next: kq inspect DATA_DIRECTORY --verify (on its node: shows"
                                + " what is damaged; --records shows what is whole)\n");
    }

    @Test
    void refusesWhatAGroupDecidesItself() {
        assertThat(run("--group g --partition 0").exitCode()).isEqualTo(2);
        assertThat(run("--group g --since 10m").err()).contains("kq groups --reset-offsets");
        assertThat(run("--group g --consumer-property group.id=h").exitCode()).isEqualTo(2);
        assertThat(run("--group g --consumer-property session.timeout.ms=soon").err())
                .contains("session.timeout.ms: 'soon' is not a number of milliseconds");
        assertThat(run("--group g --consumer-property enable.auto.commit=maybe").exitCode())
                .isEqualTo(2);
    }

    @Test
    void refusesContradictions() {
        assertThat(run("--offset 3").exitCode()).isEqualTo(2);
        assertThat(run("--partition 0 --offset 3 --from-beginning").exitCode()).isEqualTo(2);
        assertThat(run("--include x").exitCode()).isEqualTo(2);
        assertThat(run("--isolation-level serializable").exitCode()).isEqualTo(2);
        assertThat(run("--partition 7").exitCode()).isEqualTo(3);
        assertThat(run("--property print.kye=true").err()).contains("did you mean: print.key");
    }

    @Test
    void readerThatWentAwayEndsItQuietly() {
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };
        CommandRun run =
                CommandRun.against(cluster)
                        .output(closed)
                        .run("consume -t first_topic --from-beginning --until-end");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        CommandRun run =
                CommandRun.against(cluster)
                        .output(full)
                        .run("consume -t first_topic --from-beginning --until-end");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("No space left on device");
    }
}
