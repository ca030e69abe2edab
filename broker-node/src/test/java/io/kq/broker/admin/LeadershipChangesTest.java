package io.kq.broker.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

class LeadershipChangesTest {

    private static final int NODE = 1;
    private static final List<Integer> REPLICAS = List.of(1, 2, 3);

    private static PartitionImage partition(
            int leader, int epoch, int uncleanEpoch, Integer... isr) {
        return new PartitionImage(
                REPLICAS,
                List.of(isr),
                List.of(),
                leader,
                epoch,
                epoch,
                List.of(),
                List.of(),
                List.of(),
                uncleanEpoch);
    }

    private static MetadataImage image(PartitionImage... partitions) {
        UUID id = new UUID(1, 1);
        TopicImage topic = new TopicImage(id, "t", List.of(partitions), Map.of(), false, 0);
        MetadataImage empty = MetadataImage.EMPTY;
        return new MetadataImage(
                7,
                1,
                empty.cluster(),
                empty.brokers(),
                TreePMap.singleton("t", topic),
                HashTreePMap.singleton(id, "t"),
                0,
                empty.voters(),
                empty.coordination(),
                empty.requests());
    }

    private static LeadershipChanges between(PartitionImage before, PartitionImage after) {
        return LeadershipChanges.of(MetadataDelta.between(image(before), image(after)), NODE);
    }

    @Test
    void countsReplicasThatLeaveAndJoinWhatTheNodeLeads() {
        PartitionImage all = partition(NODE, 3, 0, 1, 2, 3);
        PartitionImage alone = partition(NODE, 3, 0, 1);
        assertThat(between(all, alone)).isEqualTo(new LeadershipChanges(0, 0, 2, 0));
        assertThat(between(alone, all)).isEqualTo(new LeadershipChanges(0, 0, 0, 2));
        assertThat(between(partition(NODE, 3, 0, 1, 2), partition(NODE, 4, 0, 1, 3)))
                .isEqualTo(new LeadershipChanges(0, 0, 1, 1));
    }

    @Test
    void countsElectionsAndThoseThatMayHaveLostRecords() {
        assertThat(between(partition(2, 3, 0, 1, 2), partition(NODE, 4, 0, 1)))
                .isEqualTo(new LeadershipChanges(1, 0, 0, 0));
        assertThat(between(partition(-1, 3, 0, 2), partition(NODE, 4, 4, 1)))
                .isEqualTo(new LeadershipChanges(1, 1, 0, 0));
    }

    @Test
    void whatOthersLeadIsTheirs() {
        assertThat(between(partition(2, 3, 0, 1, 2, 3), partition(2, 3, 0, 2)))
                .isEqualTo(LeadershipChanges.NONE);
        assertThat(between(partition(NODE, 3, 0, 1, 2), partition(2, 4, 0, 2)))
                .isEqualTo(LeadershipChanges.NONE);
    }

    @Test
    void theFirstImageOfANodeThatStartsTellsOfThePast() {
        MetadataImage now = image(partition(NODE, 9, 9, 1));
        assertThat(LeadershipChanges.of(MetadataDelta.between(MetadataImage.EMPTY, now), NODE))
                .isEqualTo(LeadershipChanges.NONE);
    }
}
