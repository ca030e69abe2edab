package io.kq.metadata.coordinator;

import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupChange;
import io.kq.metadata.shard.GroupImage;
import io.kq.metadata.shard.ShardRecord;
import java.util.List;

/**
 * Something that happens to the members of one group. All that happens to a group in one turn is
 * one change with one target (rule 3): two hundred members that join at once cost one assignment.
 * Pure.
 *
 * @param <R> what the asker is told once it is applied
 */
public interface GroupOperation<R> {

    String groupId();

    /**
     * Adds it to what happens to the group.
     *
     * @throws io.kq.protocol.RejectedException refused: it adds nothing
     */
    void addTo(GroupChange change);

    /** What is written besides. */
    default List<ShardRecord> besides(GroupImage known) {
        return List.of();
    }

    /** What the asker is told of the group after all changes of the turn. */
    R reply(ConsumerGroup after);
}
