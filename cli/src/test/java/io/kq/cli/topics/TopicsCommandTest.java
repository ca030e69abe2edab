package io.kq.cli.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import org.junit.jupiter.api.Test;

class TopicsCommandTest {

    private final FakeCluster cluster = new FakeCluster();

    private CommandRun run(String line) {
        return CommandRun.against(cluster).run(line);
    }

    @Test
    void createsAndWarnsAboutUnderscoresInKafkasWords() {
        CommandRun run =
                run("topics --create --topic first_topic --partitions 3 --replication-factor 1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("Created topic first_topic.\n");
        assertThat(run.err())
                .isEqualTo(
                        "WARNING: Due to limitations in metric names, topics with a period ('.') or"
                            + " underscore ('_') could collide. To avoid issues it is best to use"
                            + " either, but not both.\n");
    }

    @Test
    void doesNotWarnAboutNamesThatCannotCollide() {
        assertThat(run("topics --create --topic hello").err()).isEmpty();
    }

    @Test
    void refusesToCreateTwice() {
        cluster.addTopic("first_topic", 3);
        CommandRun run = run("topics --topic first_topic --create --partitions 3");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "error: Topic 'first_topic' already exists. [TOPIC_ALREADY_EXISTS]\n"
                            + "  next: add --if-not-exists, or see it with: kq topics --describe"
                            + " --topic first_topic\n");
        assertThat(run("topics --create --topic first_topic --if-not-exists").exitCode()).isZero();
    }

    @Test
    void saysWhichReplicationFactorWouldWork() {
        CommandRun run = run("topics --create --topic t3 --replication-factor 3");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .isEqualTo(
                        "error: Unable to replicate the partition 3 time(s): only 1 broker(s) are"
                                + " registered. [INSUFFICIENT_BROKERS]\n"
                                + "  next: use --replication-factor 1, or start more brokers (kq"
                                + " cluster brokers shows who is in)\n");
    }

    @Test
    void listsNamesAndNothingWhenThereIsNothing() {
        assertThat(run("topics --list").out()).isEmpty();
        cluster.addTopic("b", 1);
        cluster.addTopic("a", 1);
        assertThat(run("topics --list").out()).isEqualTo("a\nb\n");
        assertThat(run("topics --list -o name").out()).isEqualTo("a\nb\n");
    }

    @Test
    void describesInTheLinesOfKafka() {
        cluster.addTopic("first_topic", 3);
        assertThat(run("topics --topic first_topic --describe").out())
                .isEqualTo(
                        "Topic: first_topic\tPartitionCount: 3\tReplicationFactor: 1\tConfigs: \n"
                            + "\tTopic: first_topic\tPartition: 0\tLeader: 0\tReplicas: 0\tIsr: 0\n"
                            + "\tTopic: first_topic\tPartition: 1\tLeader: 0\tReplicas: 0\tIsr: 0\n"
                            + "\tTopic: first_topic\tPartition: 2\tLeader: 0\tReplicas: 0\tIsr:"
                            + " 0\n");
    }

    @Test
    void describeWideHasIdsEpochsAndOfflineReplicas() {
        cluster.addTopic("a", 1);
        assertThat(run("topics --describe -o wide").out())
                .matches(
                        "Topic: a\tTopicId: [0-9a-f-]{36}\tPartitionCount: 1\tReplicationFactor: 1"
                                + "\tMinIsr: 1\tConfigs: \n"
                                + "\tTopic: a\tPartition: 0\tLeader: 0\tLeaderEpoch: 0\tReplicas: 0"
                                + "\tIsr: 0\tElr: \tOffline: \n");
    }

    @Test
    void showsOverridesOnly() {
        run("topics --create --topic a --config retention.ms=3600000 --config cleanup.policy=x");
        assertThat(run("topics --describe --topic a").out().lines().findFirst().orElse(""))
                .endsWith("\tConfigs: cleanup.policy=x,retention.ms=3600000");
        cluster.addTopic("b", 1);
        assertThat(run("topics --describe --topics-with-overrides").out())
                .startsWith("Topic: a\t")
                .doesNotContain("Topic: b", "Partition: 0");
    }

    @Test
    void filtersPartitionsAndLeavesTopicLinesOut() {
        cluster.addBroker(1, false);
        run("topics --create --topic a --partitions 1 --replication-factor 2");
        run("topics --create --topic b --partitions 1 --replication-factor 1");
        assertThat(run("topics --describe --under-replicated-partitions").out())
                .isEqualTo("\tTopic: a\tPartition: 0\tLeader: 0\tReplicas: 0,1\tIsr: 0\n");
        assertThat(run("topics --describe --unavailable-partitions").out()).isEmpty();
    }

    @Test
    void deletesByNameAndSaysSo() {
        cluster.addTopic("a.b", 1);
        cluster.addTopic("a_b", 1);
        CommandRun run = run("topics --delete --topic a.b");
        assertThat(run.out()).isEqualTo("Deleted topic a.b.\n");
        assertThat(cluster.topicNames()).containsExactly("a_b");
        assertThat(run("topics --delete --topic a.b").exitCode()).isEqualTo(3);
        assertThat(run("topics --delete --topic a.b --if-exists").exitCode()).isZero();
    }

    @Test
    void asksAPersonBeforeItDeletesMoreThanOneTopic() {
        cluster.addTopic("t1", 1);
        cluster.addTopic("t2", 1);
        CommandRun refused =
                CommandRun.against(cluster)
                        .onTerminal()
                        .input("n\n")
                        .run("topics --delete --topic 't.*'");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).startsWith("Delete 2 topics: t1, t2? [y/N] ");
        assertThat(cluster.topicNames()).containsExactly("t1", "t2");
        CommandRun agreed =
                CommandRun.against(cluster)
                        .onTerminal()
                        .input("y\n")
                        .run("topics --delete --topic 't.*'");
        assertThat(agreed.out()).isEqualTo("Deleted topic t1.\nDeleted topic t2.\n");
    }

    @Test
    void neverAsksAScript() {
        cluster.addTopic("t1", 1);
        cluster.addTopic("t2", 1);
        assertThat(run("topics --delete --topic 't.*'").exitCode()).isZero();
        assertThat(cluster.topicNames()).isEmpty();
    }

    @Test
    void wantsExactlyOneThingToDo() {
        assertThat(run("topics").exitCode()).isEqualTo(2);
        assertThat(run("topics --list --describe").exitCode()).isEqualTo(2);
        assertThat(run("topics --list --partitions 3").exitCode()).isEqualTo(2);
        assertThat(run("topics --create").err()).contains("--create needs --topic");
    }

    @Test
    void refusesNamesThatNoTopicCanHave() {
        CommandRun run = run("topics --create --topic 'a b'");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("[INVALID_TOPIC_NAME]");
        assertThat(run("topics --create --topic a --partitions 0").exitCode()).isEqualTo(2);
        assertThat(run("topics --create --topic a --replica-assignment 0:x").exitCode())
                .isEqualTo(2);
    }

    @Test
    void printsOffsetsAsKafkaDoes() {
        cluster.addTopic("first_topic", 2);
        CommandRun run = run("kafka-get-offsets --topic first_topic");
        assertThat(run.out()).isEqualTo("first_topic:0:0\nfirst_topic:1:0\n");
        assertThat(run("offsets --topic first_topic --time 1").out()).isEmpty();
        assertThat(run("offsets --topic first_topic --time tomorrow").exitCode()).isEqualTo(2);
    }
}
