package io.kq.metadata.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.Images;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicaPlacementPolicyTest {

    private static Collection<BrokerImage> brokers(String... racks) {
        MetadataImage image = MetadataImage.EMPTY;
        for (int id = 0; id < racks.length; id++) {
            image = Images.with(image, (MetadataRecord) Images.registered(id, 1, racks[id]));
        }
        return image.allBrokers();
    }

    private static List<List<Integer>> place(
            Collection<BrokerImage> brokers, int partitions, int replicas) {
        return ReplicaPlacementPolicy.place(
                brokers, List.of(), new BrokerLoads(), partitions, replicas);
    }

    private static int spread(List<List<Integer>> assignments, int brokers, boolean leadersOnly) {
        int[] counts = new int[brokers];
        for (List<Integer> replicas : assignments) {
            for (Integer id : leadersOnly ? replicas.subList(0, 1) : replicas) {
                counts[id]++;
            }
        }
        return IntStream.of(counts).max().orElseThrow() - IntStream.of(counts).min().orElseThrow();
    }

    @Test
    void leadersAndReplicasAreEven() {
        for (int brokers = 1; brokers <= 9; brokers++) {
            for (int replicas = 1; replicas <= Math.min(5, brokers); replicas++) {
                for (int partitions : new int[] {1, 2, 3, 7, 30, 100}) {
                    List<List<Integer>> placed =
                            place(brokers(new String[brokers], ""), partitions, replicas);
                    String as = brokers + " brokers, " + partitions + " x " + replicas;
                    assertThat(spread(placed, brokers, false)).as(as).isLessThanOrEqualTo(1);
                    assertThat(spread(placed, brokers, true)).as(as).isLessThanOrEqualTo(1);
                }
            }
        }
    }

    private static Collection<BrokerImage> brokers(String[] racks, String all) {
        Arrays.fill(racks, all);
        return brokers(racks);
    }

    @Test
    void oneReplicaPerRackWhileThereAreRacks() {
        Collection<BrokerImage> brokers = brokers("a", "a", "a", "b", "c", "c");
        for (List<Integer> replicas : place(brokers, 60, 3)) {
            List<String> racks = new ArrayList<>();
            for (BrokerImage broker : brokers) {
                if (replicas.contains(broker.id())) {
                    racks.add(broker.rack());
                }
            }
            assertThat(racks).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void moreReplicasThanRacksAreSpreadOverAllRacks() {
        for (List<Integer> replicas : place(brokers("a", "a", "b", "b"), 20, 3)) {
            assertThat(new HashSet<>(replicas)).hasSize(3);
            assertThat(replicas).anyMatch(id -> id < 2).anyMatch(id -> id >= 2);
        }
    }

    @Test
    void newTopicGoesWhereTheLoadIsNot() {
        MetadataImage image =
                Images.with(
                        Images.withBrokers(0, 1, 2),
                        (MetadataRecord) Images.topic(new UUID(1, 1), "old", 6, 0),
                        Images.topic(new UUID(1, 2), "older", 3, 1));
        List<List<Integer>> placed =
                ReplicaPlacementPolicy.place(
                        image.allBrokers(), List.of(), BrokerLoads.of(image), 6, 1);
        assertThat(placed)
                .containsExactly(
                        List.of(2), List.of(2), List.of(2), List.of(1), List.of(2), List.of(1));
    }

    @Test
    void sameImageGivesTheSamePlaces() {
        assertThat(place(brokers("a", "b", "a"), 50, 2))
                .isEqualTo(place(brokers("a", "b", "a"), 50, 2));
    }

    @Test
    void brokersThatAreDownGetReplicasOnlyWhereOthersAreTooFewAndNeverPreferred() {
        List<BrokerImage> all = List.copyOf(brokers("a", "b", "c", "d"));
        for (List<Integer> replicas :
                ReplicaPlacementPolicy.place(
                        all.subList(0, 2), all.subList(2, 4), new BrokerLoads(), 20, 3)) {
            assertThat(replicas).contains(0, 1).hasSize(3);
            assertThat(replicas.get(0)).isLessThan(2);
        }
        assertThat(
                        ReplicaPlacementPolicy.place(
                                all.subList(0, 3), all.subList(3, 4), new BrokerLoads(), 20, 3))
                .allSatisfy(replicas -> assertThat(replicas).doesNotContain(3));
    }

    @Test
    void fewerBrokersThanReplicasIsABug() {
        assertThatThrownBy(() -> place(brokers("a", "b"), 1, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
