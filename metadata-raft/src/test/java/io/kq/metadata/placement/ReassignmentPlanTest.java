package io.kq.metadata.placement;

import static io.kq.metadata.image.Images.registered;
import static io.kq.metadata.image.Images.topic;
import static io.kq.metadata.image.Images.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
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
                ReassignmentPlan.moveTo(without(image, 0), image.topics().values(), image);
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
        assertThat(ReassignmentPlan.moveTo(without(image, 0), image.topics().values(), image))
                .hasSize(4)
                .allSatisfy((id, replicas) -> assertThat(replicas).containsExactly(3, 1, 2));
    }

    @Test
    void spreadIsEvenOverAllThatAreAllowed() {
        MetadataImage image =
                with(cluster("", "", "", ""), (MetadataRecord) topic(new UUID(1, 1), "t", 8, 0, 1));
        Map<TopicPartition, List<Integer>> plan =
                ReassignmentPlan.spreadOver(image.allBrokers(), image.topics().values(), image);
        BrokerLoads loads = new BrokerLoads();
        for (int i = 0; i < 8; i++) {
            loads.add(plan.getOrDefault(new TopicPartition("t", i), List.of(0, 1)));
        }
        for (int broker = 0; broker < 4; broker++) {
            assertThat(loads.replicas(broker)).isEqualTo(4);
            assertThat(loads.leaders(broker)).isEqualTo(2);
        }
    }
}
