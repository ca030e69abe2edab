package io.kq.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import io.kq.cli.fake.SteppingClock;
import io.kq.client.ProducerConfig.Acks;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PerfCommandsTest {

    private final FakeCluster cluster = new FakeCluster();

    @BeforeEach
    void oneTopic() {
        cluster.addTopic("t", 2);
    }

    private CommandRun run(String line) {
        return CommandRun.against(cluster).clock(new SteppingClock()).run(line);
    }

    @Test
    void endsWithKafkasLine() {
        CommandRun run =
                run(
                        "kafka-producer-perf-test --topic t --num-records 100 --record-size 10"
                                + " --throughput -1 --producer-props acks=1 linger.ms=5");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .matches(
                        "100 records sent, \\d+\\.\\d{6} records/sec \\(\\d+\\.\\d\\d MB/sec\\),"
                            + " \\d+\\.\\d\\d ms avg latency, \\d+\\.\\d\\d ms max latency, \\d+ ms"
                            + " 50th, \\d+ ms 95th, \\d+ ms 99th, \\d+ ms 99\\.9th\\.\n");
        assertThat(run.err()).isEmpty();
        assertThat(cluster.lastProducer().acks()).isEqualTo(Acks.LEADER);
        assertThat(cluster.log("t", 0)).hasSize(50);
        assertThat(cluster.log("t", 0).get(0).value()).hasSize(10);
    }

    @Test
    void saysInJsonHowItMeasuredAndWhetherThePromiseHeld() {
        CommandRun run = run("perf produce --topic t --num-records 3 --throughput 1000 -o json");
        assertThat(run.err())
                .isEqualTo("Latency counts from the intended send time of each record.\n");
        assertThat(run.out())
                .contains("\"recordsSent\":3", "\"latencyFrom\":\"intendedSendTime\"")
                .contains("\"p99Within10Ms\":");
    }

    @Test
    void recordsThatWereRefusedMakeItFail() {
        cluster.refuseSends(1, new RejectedException(ErrorCode.NOT_ENOUGH_REPLICAS, "isr is 1"));
        CommandRun run = run("perf produce --topic t --num-records 3");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "error: 2 of 3 record(s) were not acknowledged; the first: isr is 1"
                                + " [NOT_ENOUGH_REPLICAS]\n"
                                + "  next: kq cluster status (shows which brokers and partitions"
                                + " are down)\n");
    }

    @Test
    void readsBackInKafkasColumns() {
        run("perf produce --topic t --num-records 10 --record-size 10");
        CommandRun run = run("kafka-consumer-perf-test --topic t --messages 10");
        assertThat(run.exitCode()).isZero();
        String[] lines = run.out().split("\n", -1);
        assertThat(lines[0])
                .isEqualTo(
                        "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg,"
                                + " nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec,"
                                + " fetch.nMsg.sec");
        assertThat(lines[1])
                .matches(
                        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d:\\d{3}, .*, 0\\.0001, [\\d.]+,"
                                + " 10, [\\d.]+, 0, \\d+, [\\d.]+, [\\d.]+");
        assertThat(run("perf consume --topic t --num-records 10 --hide-header").out().lines())
                .hasSize(1);
    }

    @Test
    void tooFewRecordsAreNoResult() {
        CommandRun run = run("perf consume --topic t --num-records 5 --timeout 100");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Only 0 of 5 record(s) came", "[TOO_FEW_RECORDS]");
    }

    @Test
    void unknownTopicIsNotFound() {
        assertThat(run("perf produce --topic x --num-records 1").exitCode()).isEqualTo(3);
        assertThat(run("perf consume --topic x --num-records 1").exitCode()).isEqualTo(3);
        assertThat(run("perf produce --topic x").exitCode()).isEqualTo(2);
    }
}
