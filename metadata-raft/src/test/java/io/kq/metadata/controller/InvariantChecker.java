package io.kq.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Checks M1 to M4 and M7 after each apply of one voter, and that what it applies goes forward. */
final class InvariantChecker {

    private record LeaderKey(UUID topic, int partition, int leaderEpoch) {}

    private record PartitionKey(UUID topic, int partition) {}

    private final Map<LeaderKey, Integer> leaders = new HashMap<>();
    private final Map<PartitionKey, PartitionImage> latest = new HashMap<>();
    private final Map<Integer, Long> brokerEpochs = new HashMap<>();
    private final Set<UUID> removed = new HashSet<>();
    private MetadataImage last = MetadataImage.EMPTY;

    void check(MetadataDelta delta) {
        MetadataImage image = delta.after();
        assertThat(delta.before()).isEqualTo(last);
        assertThat(delta).isEqualTo(MetadataDelta.between(last, image));
        assertThat(image.index()).isGreaterThan(last.index());
        assertThat(image.term()).isGreaterThanOrEqualTo(last.term());
        assertThat(image.nextProducerId()).isGreaterThanOrEqualTo(last.nextProducerId());
        removed.addAll(delta.removedTopics());
        image.topics().values().forEach(topic -> checkTopic(topic, image));
        image.allBrokers().forEach(this::checkBroker);
        last = image;
    }

    private void checkTopic(TopicImage topic, MetadataImage image) {
        assertThat(removed).as("M7: a topic is its id").doesNotContain(topic.id());
        assertThat(image.topicNames().get(topic.id())).isEqualTo(topic.name());
        for (int i = 0; i < topic.partitions().size(); i++) {
            PartitionImage partition = topic.partitions().get(i);
            assertThat(partition.problem()).as("M2, M3").isEmpty();
            PartitionImage before = latest.put(new PartitionKey(topic.id(), i), partition);
            if (before != null) {
                assertThat(partition.leaderEpoch())
                        .as("M4")
                        .isGreaterThanOrEqualTo(before.leaderEpoch());
                assertThat(partition.partitionEpoch() > before.partitionEpoch())
                        .as("M4, M6: raised by a change, and by nothing else")
                        .isEqualTo(!partition.equals(before));
                assertThat(partition.partitionEpoch())
                        .as("M4")
                        .isGreaterThanOrEqualTo(before.partitionEpoch());
            }
            if (partition.hasLeader()) {
                Integer known =
                        leaders.putIfAbsent(
                                new LeaderKey(topic.id(), i, partition.leaderEpoch()),
                                partition.leader());
                assertThat(known).as("M1").isIn(null, partition.leader());
                assertThat(image.isUp(partition.leader())).as("M3: leader is up").isTrue();
            }
            if (partition.isr().size() > 1) {
                assertThat(partition.isr()).as("M3").allMatch(image::isUp);
            }
        }
    }

    private void checkBroker(BrokerImage broker) {
        Long before = brokerEpochs.put(broker.id(), broker.brokerEpoch());
        if (before != null) {
            assertThat(broker.brokerEpoch()).isGreaterThanOrEqualTo(before);
        }
    }
}
