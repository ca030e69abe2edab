package io.kq.metadata.placement;

import static io.kq.metadata.image.Images.registered;
import static io.kq.metadata.image.Images.topic;
import static io.kq.metadata.image.Images.with;
import static io.kq.metadata.image.Images.withBrokers;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.protocol.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReassignmentPlanTest {

    private static MetadataImage cluster(String... racks) {
        MetadataImage image = MetadataImage.EMPTY;
        for (int id = 0; id < racks.length; id++) {
            image = with(image, (MetadataRecord) registered(id, 100 + id, racks[id]));
        }
        return image;
    }

    private static Collection<BrokerImage> without(MetadataImage image, int brokerId) {
        return image.allBrokers().stream().filter(b -> b.id() != brokerId).toList();
    }

    @Test
    void onlyWhatMayNotStayMovesAndKeepsItsRank() {
        MetadataImage image =
                with(
                        cluster("", "", "", ""),
                        (MetadataRecord) topic(new UUID(1, 1), "a", 2, 0, 1, 2),
                        topic(new UUID(1, 2), "b", 1, 2, 3));
        Map<TopicPartition, List<Integer>> plan =
                ReassignmentPlan.moveTo(without(image, 0), image.topics().values(), 0, image);
        assertThat(plan)
                .containsOnly(
                        Map.entry(new TopicPartition("a", 0), List.of(3, 1, 2)),
                        Map.entry(new TopicPartition("a", 1), List.of(3, 1, 2)));
    }

    @Test
    void replacementKeepsRacksApart() {
        MetadataImage image =
                with(
                        cluster("a", "b", "c", "a", "b"),
                        (MetadataRecord) topic(new UUID(1, 1), "t", 4, 0, 1, 2));
        assertThat(ReassignmentPlan.moveTo(without(image, 0), image.topics().values(), 0, image))
                .hasSize(4)
                .allSatisfy((id, replicas) -> assertThat(replicas).containsExactly(3, 1, 2));
    }

    @Test
    void spreadIsEvenOverAllThatAreAllowed() {
        MetadataImage image =
                with(cluster("", "", "", ""), (MetadataRecord) topic(new UUID(1, 1), "t", 8, 0, 1));
        Map<TopicPartition, List<Integer>> plan =
                ReassignmentPlan.spreadOver(image.allBrokers(), image.topics().values(), 0, image);
        BrokerLoads loads = new BrokerLoads();
        for (int i = 0; i < 8; i++) {
            loads.add(plan.getOrDefault(new TopicPartition("t", i), List.of(0, 1)));
        }
        for (int broker = 0; broker < 4; broker++) {
            assertThat(loads.replicas(broker)).isEqualTo(4);
            assertThat(loads.leaders(broker)).isEqualTo(2);
        }
    }

    @Test
    void moreReplicasComeBehindThoseThatAreThere() {
        MetadataImage image =
                with(
                        withBrokers(0, 1, 2),
                        (MetadataRecord) topic(new UUID(1, 1), "a", 2, 0),
                        topic(new UUID(1, 2), "b", 1, 2, 1, 0));
        assertThat(ReassignmentPlan.moveTo(image.allBrokers(), image.topics().values(), 3, image))
                .containsOnly(
                        Map.entry(new TopicPartition("a", 0), List.of(0, 1, 2)),
                        Map.entry(new TopicPartition("a", 1), List.of(0, 1, 2)));
    }

    @Test
    void ofTooManyReplicasThoseGoFirstThatAreDownOrMayNotStay() {
        MetadataImage image =
                with(
                        withBrokers(0, 1, 2, 3),
                        (MetadataRecord) topic(new UUID(1, 1), "t", 1, 0, 1, 2));
        TopicPartition id = new TopicPartition("t", 0);
        assertThat(plan(image.allBrokers(), 2, image))
                .containsExactly(Map.entry(id, List.of(0, 1)));
        assertThat(plan(without(image, 0), 2, image)).containsExactly(Map.entry(id, List.of(1, 2)));
        MetadataImage one = with(image, new BrokerFenced(1, 101, 5));
        assertThat(plan(one.allBrokers(), 2, one)).containsExactly(Map.entry(id, List.of(0, 2)));
        assertThat(plan(one.allBrokers(), 1, one)).containsExactly(Map.entry(id, List.of(0)));
    }

    @Test
    void brokersThatAreDownKeepWhatTheyHaveAndGetNothingUnlessThereIsNobodyElse() {
        MetadataImage image =
                with(
                        withBrokers(0, 1, 2, 3),
                        new BrokerFenced(1, 101, 5),
                        new BrokerFenced(2, 102, 5),
                        topic(new UUID(1, 1), "t", 1, 0, 1));
        TopicPartition id = new TopicPartition("t", 0);
        assertThat(plan(without(image, 0), 0, image)).containsExactly(Map.entry(id, List.of(3, 1)));
        assertThat(plan(image.allBrokers(), 4, image))
                .containsExactly(Map.entry(id, List.of(0, 1, 3, 2)));
        assertThat(
                        ReassignmentPlan.spreadOver(
                                image.allBrokers(), image.topics().values(), 2, image))
                .containsExactly(Map.entry(id, List.of(0, 3)));
    }

    private static Map<TopicPartition, List<Integer>> plan(
            Collection<BrokerImage> allowed, int replicationFactor, MetadataImage image) {
        return ReassignmentPlan.moveTo(allowed, image.topics().values(), replicationFactor, image);
    }
}
