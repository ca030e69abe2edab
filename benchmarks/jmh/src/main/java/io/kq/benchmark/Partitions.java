package io.kq.benchmark;

import io.kq.protocol.TopicIdPartition;
import java.util.UUID;

/** The partitions of the one topic that is measured. */
final class Partitions {

    private static final UUID TOPIC = new UUID(1, 1);

    private Partitions() {}

    static TopicIdPartition number(int partition) {
        return new TopicIdPartition(TOPIC, partition);
    }
}
