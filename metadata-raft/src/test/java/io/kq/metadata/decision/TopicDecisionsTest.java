package io.kq.metadata.decision;

import static io.kq.metadata.image.Images.topic;
import static io.kq.metadata.image.Images.with;
import static io.kq.metadata.image.Images.withBrokers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.metadata.decision.MetadataOperation.AddPartitions;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.DeleteTopic;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.image.Images;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerShuttingDown;
import io.kq.metadata.record.MetadataRecord.PartitionsAdded;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.MetadataRecord.TopicDeleted;
import io.kq.metadata.record.PartitionState;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicDecisionsTest {

    private static final UUID ID = new UUID(3, 1);

    private final MetadataImage one = withBrokers(0);
    private final MetadataImage three = withBrokers(0, 1, 2);
    private final TopicDecisions decisions = new TopicDecisions(new TopicDefaults(1, 1));
    private final Turn turn = new Turn(5_000, 7, RandomSource.seeded(1), null);

    private static CreateTopic create(String name, int partitions, int replicas) {
        return new CreateTopic(name, partitions, replicas, List.of(), Map.of(), false, false);
    }

    private static CreateTopic assigned(List<List<Integer>> assignments) {
        return new CreateTopic("t", 0, 0, assignments, Map.of(), false, false);
    }

    private Decision<TopicCreation> decide(CreateTopic operation, MetadataImage image) {
        return decisions.create(operation, image, turn);
    }

    private RejectedException refused(CreateTopic operation, MetadataImage image) {
        return catchThrowableOfType(RejectedException.class, () -> decide(operation, image));
    }

    private void assertRefused(
            CreateTopic operation, MetadataImage image, ErrorCode code, String message) {
        RejectedException refusal = refused(operation, image);
        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessageContaining(message);
        assertThat(refusal.definite()).isTrue();
    }

    private static TopicCreated only(Decision<?> decision) {
        assertThat(decision.records()).hasSize(1);
        return (TopicCreated) decision.records().get(0);
    }

    @Test
    void createdTopicHasLeadersFromItsFirstRecordOn() {
        Decision<TopicCreation> decision = decide(create("t", 3, 1), three);
        TopicCreated record = only(decision);
        assertThat(record.partitions())
                .containsExactly(
                        new PartitionState(List.of(0), List.of(0), List.of(), 0, 0, 0),
                        new PartitionState(List.of(1), List.of(1), List.of(), 1, 0, 0),
                        new PartitionState(List.of(2), List.of(2), List.of(), 2, 0, 0));
        assertThat(record.createdAtMillis()).isEqualTo(5_000);
        assertThat(decision.reply().topicId()).isEqualTo(record.topicId());
        assertThat(decision.reply().assignments())
                .containsExactly(List.of(0), List.of(1), List.of(2));
    }

    @Test
    void defaultsAreTheClusters() {
        TopicDecisions defaults = new TopicDecisions(new TopicDefaults(6, 1));
        TopicCreated record = only(defaults.create(create("t", 0, 0), three, turn));
        assertThat(record.partitions()).hasSize(6);
    }

    @Test
    void replicationFactorFollowsTheBrokersUnlessItIsSet() {
        TopicDecisions byBrokers =
                new TopicDecisions(new TopicDefaults(1, TopicDefaults.BY_BROKERS));
        for (int brokers = 1; brokers <= 5; brokers++) {
            MetadataImage image = withBrokers(IntStream.range(0, brokers).toArray());
            TopicCreated record = only(byBrokers.create(create("t", 0, 0), image, turn));
            assertThat(record.partitions().get(0).replicas()).hasSize(Math.min(3, brokers));
        }
        assertThat(only(byBrokers.create(create("t", 0, 1), three, turn)).partitions())
                .allSatisfy(p -> assertThat(p.replicas()).hasSize(1));
    }

    @Test
    void topicsAreMadeWhileABrokerIsDownIfTheOthersCanCommit() {
        MetadataImage image = with(three, new BrokerFenced(1, 101, 1));
        assertThat(only(decide(create("t", 2, 3), image)).partitions())
                .allSatisfy(
                        p -> {
                            assertThat(p.replicas()).containsExactlyInAnyOrder(0, 1, 2);
                            assertThat(p.isr()).containsExactlyInAnyOrder(0, 2);
                            assertThat(p.leader()).isEqualTo(p.replicas().get(0)).isNotEqualTo(1);
                        });
        MetadataImage one = with(image, new BrokerShuttingDown(2, 102, 1));
        assertRefused(
                create("t", 2, 3),
                one,
                ErrorCode.INSUFFICIENT_BROKERS,
                "only 1 of 3 registered broker(s) are up");
    }

    @Test
    void brokerThatIsAboutToStopLeadsNoNewPartition() {
        MetadataImage image = with(three, new BrokerShuttingDown(0, 100, 1));
        assertThat(only(decide(create("t", 6, 2), image)).partitions())
                .allSatisfy(p -> assertThat(p.replicas()).doesNotContain(0));
        TopicCreated named = only(decide(assigned(List.of(List.of(0, 1, 2))), image));
        assertThat(named.partitions().get(0).isr()).containsExactly(1, 2);
        assertThat(named.partitions().get(0).leader()).isEqualTo(1);
        TopicCreated alone = only(decide(assigned(List.of(List.of(0))), image));
        assertThat(alone.partitions().get(0).leader()).isEqualTo(0);
    }

    @Test
    void configsAreKeptInPlainForm() {
        CreateTopic operation =
                new CreateTopic("t", 1, 1, List.of(), Map.of("retention.ms", "7d"), false, false);
        assertThat(only(decide(operation, one)).configs())
                .isEqualTo(Map.of("retention.ms", "604800000"));
    }

    @Test
    void wrongConfigsAreRefused() {
        CreateTopic typo =
                new CreateTopic("t", 1, 1, List.of(), Map.of("retention.mss", "1"), false, false);
        assertRefused(typo, one, ErrorCode.UNKNOWN_CONFIG, "retention.mss");
        assertThat(refused(typo, one).metadata()).containsEntry("suggestion", "retention.ms");
        assertRefused(
                new CreateTopic("t", 1, 1, List.of(), Map.of("retention.ms", "soon"), false, false),
                one,
                ErrorCode.INVALID_CONFIG,
                "soon");
    }

    @Test
    void namesFollowTheRules() {
        assertRefused(create("", 1, 1), one, ErrorCode.INVALID_TOPIC_NAME, "empty");
        assertRefused(create("a b", 1, 1), one, ErrorCode.INVALID_TOPIC_NAME, "character 2");
    }

    @Test
    void existingTopicIsRefusedOrAnsweredAsAsked() {
        MetadataImage image = with(one, (MetadataRecord) topic(ID, "t", 2, 0));
        assertRefused(
                create("t", 1, 1),
                image,
                ErrorCode.TOPIC_ALREADY_EXISTS,
                "Topic 't' already exists.");
        Decision<TopicCreation> decision =
                decide(new CreateTopic("t", 9, 1, List.of(), Map.of(), false, true), image);
        assertThat(decision.records()).isEmpty();
        assertThat(decision.reply())
                .isEqualTo(new TopicCreation(ID, "t", false, List.of(List.of(0), List.of(0))));
    }

    @Test
    void namesThatCollideInMetricsAreRefused() {
        MetadataImage image = with(one, (MetadataRecord) topic(ID, "a.b_c", 1, 0));
        assertRefused(create("a_b.c", 1, 1), image, ErrorCode.TOPIC_NAME_COLLISION, "'a.b_c'");
        assertThat(decide(create("a-b.c", 1, 1), image).records()).hasSize(1);
    }

    @Test
    void partitionCountsAreBounded() {
        for (int count : new int[] {-1, 10_001, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertRefused(create("t", count, 1), one, ErrorCode.INVALID_PARTITIONS, "10000");
        }
        assertThat(only(decide(create("t", 10_000, 1), one)).partitions()).hasSize(10_000);
    }

    @Test
    void replicationFactorIsWhatThereIs() {
        assertRefused(create("t", 1, -1), three, ErrorCode.INVALID_REPLICATION_FACTOR, "not -1");
        assertRefused(
                create("t", 1, 3),
                one,
                ErrorCode.INSUFFICIENT_BROKERS,
                "Unable to replicate the partition 3 time(s): only 1 broker(s) are registered.");
        assertRefused(create("t", 1, 101), three, ErrorCode.INVALID_REPLICATION_FACTOR, "100");
        assertThat(only(decide(create("t", 1, 3), three)).partitions())
                .containsExactly(
                        new PartitionState(List.of(0, 1, 2), List.of(0, 1, 2), List.of(), 0, 0, 0));
        assertRefused(
                create("t", 1, 1),
                withBrokers(),
                ErrorCode.INSUFFICIENT_BROKERS,
                "Unable to replicate the partition 1 time(s): only 0 broker(s) are registered.");
    }

    @Test
    void fencedBrokersGetNoReplicas() {
        MetadataImage image = with(three, new BrokerFenced(0, 100, 1));
        assertThat(only(decide(create("t", 10, 1), image)).partitions())
                .noneMatch(p -> p.replicas().contains(0));
        MetadataImage none = with(one, new BrokerFenced(0, 100, 1));
        assertRefused(
                create("t", 1, 1),
                none,
                ErrorCode.INSUFFICIENT_BROKERS,
                "only 0 of 1 registered broker(s) are up");
    }

    @Test
    void assignmentIsTakenAsItIs() {
        TopicCreated record = only(decide(assigned(List.of(List.of(2), List.of(0))), three));
        assertThat(record.partitions().get(0).leader()).isEqualTo(2);
        assertThat(record.partitions().get(1).leader()).isEqualTo(0);
    }

    @Test
    void wrongAssignmentsAreRefused() {
        ErrorCode wrong = ErrorCode.INVALID_REPLICA_ASSIGNMENT;
        assertRefused(assigned(List.of(List.of())), three, wrong, "partition 0 has no broker");
        assertRefused(
                assigned(List.of(List.of(0), List.of(0, 1))),
                three,
                wrong,
                "partition 1 has 2 replica(s), partition 0 has 1");
        assertRefused(assigned(List.of(List.of(1, 1))), three, wrong, "names a broker twice");
        assertRefused(
                assigned(List.of(List.of(7))),
                three,
                wrong,
                "names broker 7, which is not registered; registered are [0, 1, 2]");
        assertRefused(
                assigned(List.of(List.of(0))),
                with(three, new BrokerFenced(0, 100, 1)),
                wrong,
                "has only brokers that are not up");
    }

    @Test
    void assignmentAndCountsExcludeEachOther() {
        assertRefused(
                new CreateTopic("t", 1, 0, List.of(List.of(0)), Map.of(), false, false),
                three,
                ErrorCode.INVALID_ARGUMENT,
                "leave both out");
    }

    @Test
    void validationDecidesAllAndChangesNothing() {
        CreateTopic operation = new CreateTopic("t", 3, 1, List.of(), Map.of(), true, false);
        Decision<TopicCreation> decision = decide(operation, three);
        assertThat(decision.records()).isEmpty();
        assertThat(decision.reply().created()).isFalse();
        assertThat(decision.reply().assignments()).hasSize(3);
        assertThat(decide(create("u", 1, 1), three).reply().assignments())
                .containsExactly(List.of(0));
    }

    @Test
    void topicsOfOneTurnSeeEachOthersLoad() {
        MetadataImage image = three;
        int[] leaders = new int[3];
        for (int i = 0; i < 30; i++) {
            Decision<TopicCreation> decision = decide(create("t" + i, 1, 1), image);
            image = with(image, decision.records().get(0));
            leaders[decision.reply().assignments().get(0).get(0)]++;
        }
        assertThat(Arrays.stream(leaders)).containsOnly(10);
    }

    @Test
    void deletionNamesTheTopicById() {
        MetadataImage image = with(one, (MetadataRecord) topic(ID, "t", 2, 0));
        Decision<UUID> decision = decisions.delete(new DeleteTopic("t", false), image, turn);
        assertThat(decision.records()).containsExactly(new TopicDeleted(ID));
        assertThat(decision.reply()).isEqualTo(ID);
        assertThat(decisions.delete(new DeleteTopic("t", true), image, turn).records()).isEmpty();
    }

    @Test
    void unknownTopicIsRefusedWithTheNearestName() {
        MetadataImage image = with(one, (MetadataRecord) topic(ID, "first_topic", 1, 0));
        RejectedException refusal =
                catchThrowableOfType(
                        RejectedException.class,
                        () -> decisions.delete(new DeleteTopic("frist_topic", false), image, turn));
        assertThat(refusal.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(refusal).hasMessage("Topic 'frist_topic' does not exist.");
        assertThat(refusal.metadata()).containsEntry("suggestion", "first_topic");
    }

    @Test
    void partitionsAreAddedBehindTheOnesThatAreThere() {
        MetadataImage image = with(three, (MetadataRecord) topic(ID, "t", 2, 0, 1));
        Decision<TopicCreation> decision = decisions.addPartitions(more(5), image, turn);
        assertThat(decision.records()).hasSize(1);
        PartitionsAdded record = (PartitionsAdded) decision.records().get(0);
        assertThat(record.firstPartition()).isEqualTo(2);
        assertThat(record.partitions())
                .hasSize(3)
                .allSatisfy(p -> assertThat(p.replicas()).hasSize(2));
        assertThat(decision.reply().assignments()).hasSize(3);
        assertThat(with(image, record).topic("t").orElseThrow().partitions()).hasSize(5);
        AddPartitions trial = new AddPartitions("t", 5, List.of(), true);
        assertThat(decisions.addPartitions(trial, image, turn).records()).isEmpty();
    }

    @Test
    void partitionsCanBeAddedWhereSomebodySays() {
        MetadataImage image = with(three, (MetadataRecord) topic(ID, "t", 2, 0, 1));
        AddPartitions named =
                new AddPartitions("t", 4, List.of(List.of(2, 1), List.of(1, 2)), false);
        PartitionsAdded record =
                (PartitionsAdded) decisions.addPartitions(named, image, turn).records().get(0);
        assertThat(record.partitions()).extracting(PartitionState::leader).containsExactly(2, 1);
        for (List<List<Integer>> wrong :
                List.of(
                        List.of(List.of(2, 1)),
                        List.of(List.of(2), List.of(1)),
                        List.of(List.of(2, 2), List.of(1, 2)))) {
            assertGrowthRefused(
                    new AddPartitions("t", 4, wrong, false),
                    image,
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        }
    }

    @Test
    void topicsDoNotShrinkAndDoNotGrowForEver() {
        MetadataImage image = with(three, (MetadataRecord) topic(ID, "t", 2, 0, 1));
        for (int count : new int[] {0, 1, 2, -1, 10_001}) {
            assertGrowthRefused(more(count), image, ErrorCode.INVALID_PARTITIONS);
        }
        assertGrowthRefused(
                new AddPartitions("u", 3, List.of(), false), image, ErrorCode.TOPIC_NOT_FOUND);
    }

    private static AddPartitions more(int count) {
        return new AddPartitions("t", count, List.of(), false);
    }

    private void assertGrowthRefused(AddPartitions operation, MetadataImage image, ErrorCode code) {
        assertThat(
                        catchThrowableOfType(
                                        RejectedException.class,
                                        () -> decisions.addPartitions(operation, image, turn))
                                .code())
                .isEqualTo(code);
    }

    @Test
    void minimumIsrFollowsReplicasUnlessSet() {
        MetadataImage image =
                with(
                        three,
                        (MetadataRecord) Images.topic(new UUID(1, 1), "two", 1, 0, 1),
                        Images.topic(new UUID(1, 2), "three", 1, 0, 1, 2));
        assertThat(image.topic("two").orElseThrow().minIsr()).isEqualTo(1);
        assertThat(image.topic("three").orElseThrow().minIsr()).isEqualTo(2);
        MetadataImage set =
                with(
                        image,
                        new TopicConfigChanged(
                                new UUID(1, 2), "min.insync.replicas", Optional.of("3")));
        assertThat(set.topic("three").orElseThrow().minIsr()).isEqualTo(3);
    }
}
