package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.leader.IsrView;
import io.kq.broker.partition.core.leader.ReplicaView;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import java.util.List;

/** A partition as an image shows it to those that have a replica of it. */
public record PartitionView(PartitionImage partition, IsrView isr) {

    /** Null: the image does not have the partition yet. */
    public static PartitionView of(MetadataImage image, String topic, int number) {
        var found = image.topics().get(topic);
        if (found == null) {
            return null;
        }
        PartitionImage partition = found.partitions().get(number);
        List<ReplicaView> replicas =
                partition.replicas().stream().map(id -> replica(id, image)).toList();
        return new PartitionView(
                partition,
                new IsrView(
                        partition.partitionEpoch(),
                        partition.isr(),
                        partition.elr(),
                        replicas,
                        found.minIsr(partition)));
    }

    private static ReplicaView replica(int id, MetadataImage image) {
        BrokerImage broker = image.brokers().get(id);
        return new ReplicaView(id, broker == null ? -1 : broker.brokerEpoch(), image.isActive(id));
    }
}
