package io.kq.broker.partition.simulation;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import java.util.HashMap;
import java.util.Map;

/**
 * What must be true of each image that the quorum commits, and of each step to it (M1 to M4, M6).
 */
final class MetadataTruth {

    private record Leadership(String topic, int partition, int epoch) {}

    private final Map<Leadership, Integer> leaders = new HashMap<>();

    void committed(MetadataImage before, MetadataImage after) {
        if (before.topics() == after.topics() && before.brokers() == after.brokers()) {
            return;
        }
        for (TopicImage topic : after.topics().values()) {
            TopicImage old = before.topics().get(topic.name());
            for (int i = 0; i < topic.partitions().size(); i++) {
                PartitionImage partition = topic.partitions().get(i);
                check(topic.name(), i, partition, after);
                if (old != null) {
                    checkStep(old.partitions().get(i), partition);
                }
            }
        }
        for (BrokerImage broker : after.allBrokers()) {
            BrokerImage old = before.brokers().get(broker.id());
            Violation.check(
                    old == null || old.brokerEpoch() <= broker.brokerEpoch(),
                    "M4",
                    () -> "" + broker);
        }
    }

    private void check(String topic, int number, PartitionImage partition, MetadataImage image) {
        Violation.check(partition.problem().isEmpty(), "M2", () -> partition.problem().orElse(""));
        if (partition.hasLeader()) {
            Violation.check(
                    image.isUp(partition.leader()),
                    "M3",
                    () -> "led by a fenced one: " + partition);
            Integer known =
                    leaders.putIfAbsent(
                            new Leadership(topic, number, partition.leaderEpoch()),
                            partition.leader());
            Violation.check(
                    known == null || known == partition.leader(), "M1", () -> "" + partition);
        }
        boolean allUp = partition.isr().stream().allMatch(image::isUp);
        Violation.check(
                partition.isr().size() == 1 || allUp,
                "M3",
                () -> "a fenced one is in sync: " + partition);
    }

    private static void checkStep(PartitionImage before, PartitionImage after) {
        Violation.check(
                after.leaderEpoch() >= before.leaderEpoch()
                        && after.partitionEpoch() >= before.partitionEpoch(),
                "M4",
                () -> before + " then " + after);
        Violation.check(
                after.equals(before) == (after.partitionEpoch() == before.partitionEpoch()),
                "M6",
                () -> before + " then " + after);
        Violation.check(
                after.leader() == before.leader() || after.leaderEpoch() > before.leaderEpoch(),
                "M1",
                () -> before + " then " + after);
    }
}
