package io.kq.broker.partition.isr;

import io.kq.broker.partition.core.leader.IsrView;
import io.kq.broker.partition.core.leader.ReplicaView;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;

/** A partition of the image as its leader's decisions see it. */
public final class IsrViews {

    private IsrViews() {}

    /** The partition, with its replicas as {@code image} shows their brokers. */
    public static IsrView of(TopicImage topic, PartitionImage partition, MetadataImage image) {
        List<ReplicaView> replicas = new ArrayList<>(partition.replicas().size());
        for (int id : partition.replicas()) {
            BrokerImage broker = image.brokers().get(id);
            replicas.add(
                    broker == null
                            ? new ReplicaView(id, -1, false)
                            : new ReplicaView(id, broker.brokerEpoch(), image.isActive(id)));
        }
        return new IsrView(
                partition.partitionEpoch(),
                partition.isr(),
                partition.elr(),
                replicas,
                topic.minIsr(partition));
    }
}
