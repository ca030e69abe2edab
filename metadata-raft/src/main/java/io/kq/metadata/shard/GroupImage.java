package io.kq.metadata.shard;

import io.kq.metadata.group.ConsumerGroup;
import io.kq.protocol.TopicIdPartition;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * A group with all that its shard keeps of it. Immutable.
 *
 * @param group its members and who owns what
 * @param offsets what it has committed
 */
public record GroupImage(ConsumerGroup group, PMap<TopicIdPartition, CommittedOffset> offsets) {

    /** Without members and without offsets. */
    static GroupImage empty(String id) {
        return new GroupImage(ConsumerGroup.empty(id), HashTreePMap.empty());
    }
}
