package io.kq.metadata.coordinator;

import io.kq.metadata.group.TopicIndex;
import io.kq.metadata.shard.GroupImage;
import io.kq.metadata.shard.ShardImage;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Finds the groups that changes of topics concern: those that the coordinator is told of, and those
 * that came while there was none. A topic that this node does not know may be one that it does not
 * know yet: only what two sweeps in a row do not find is gone. Loop thread only.
 */
final class TopicSweep {

    private Set<UUID> unknown = Set.of();

    /** A group, and which of its topics are gone for good. */
    record Concerned(String groupId, Set<UUID> gone) {
        Concerned {
            gone = Set.copyOf(gone);
        }
    }

    /** After a change of topics; {@code removed} are gone. */
    static List<Concerned> changed(ShardImage image, Set<UUID> removed) {
        List<Concerned> concerned = new ArrayList<>();
        for (GroupImage group : image.groups().values()) {
            Set<UUID> gone = committed(group);
            gone.retainAll(removed);
            if (!gone.isEmpty() || !group.group().members().isEmpty()) {
                concerned.add(new Concerned(group.group().id(), gone));
            }
        }
        return concerned;
    }

    /** From time to time: whatever was missed. */
    List<Concerned> sweep(ShardImage image, TopicIndex topics) {
        Set<UUID> before = unknown;
        unknown = new HashSet<>();
        image.groups().values().forEach(group -> unknown.addAll(committed(group)));
        unknown.removeAll(topics.ids());
        Set<UUID> gone = new HashSet<>(unknown);
        gone.retainAll(before);
        return changed(image, gone);
    }

    private static Set<UUID> committed(GroupImage group) {
        Set<UUID> topics = new HashSet<>();
        for (TopicIdPartition partition : group.offsets().keySet()) {
            topics.add(partition.topicId());
        }
        return topics;
    }
}
