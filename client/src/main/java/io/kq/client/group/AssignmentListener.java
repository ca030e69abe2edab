package io.kq.client.group;

import io.kq.protocol.TopicPartition;
import java.util.Set;

/** Told of partitions that come and go. Within {@code poll}, on its thread. */
public interface AssignmentListener {

    /** These partitions are read from now on; they may be sought and paused here. */
    void onAssigned(Set<TopicPartition> partitions);

    /**
     * These partitions are another member's next: nothing more of them is given by {@code poll}.
     * What was processed of them can still be committed here.
     */
    void onRevoked(Set<TopicPartition> partitions);

    /**
     * These partitions are lost, perhaps for long: another member may have them. Nothing of them
     * can be committed any more.
     */
    default void onLost(Set<TopicPartition> partitions) {
        onRevoked(partitions);
    }

    /** Not interested. */
    AssignmentListener NONE =
            new AssignmentListener() {
                @Override
                public void onAssigned(Set<TopicPartition> partitions) {}

                @Override
                public void onRevoked(Set<TopicPartition> partitions) {}
            };
}
