package io.kq.metadata.shard;

import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.shard.ShardRecord.GroupChanged;
import io.kq.metadata.shard.ShardRecord.GroupRemoved;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * All groups of a coordination shard, as of one entry of its log. Immutable; what it shares with
 * the image before it is not copied.
 *
 * @param index of the newest entry, -1: none
 * @param term of that entry
 * @param lastBatchSequence of the newest batch that was not ignored
 * @param groups by id
 */
public record ShardImage(
        long index, long term, long lastBatchSequence, PSortedMap<String, GroupImage> groups) {

    /** Before the first entry. */
    public static final ShardImage EMPTY = new ShardImage(-1, 0, 0, TreePMap.empty());

    /** What {@link #records} and the rest of a snapshot say. */
    public static ShardImage restored(
            long index, long term, long lastBatchSequence, Iterable<ShardRecord> records) {
        return new ShardImage(index, term, lastBatchSequence, EMPTY.with(records).groups());
    }

    public Optional<GroupImage> group(String id) {
        return Optional.ofNullable(groups.get(id));
    }

    /** Whether a batch meets another image than it was decided on (rule 17). */
    public boolean ignores(ShardBatch batch, long entryTerm) {
        return batch.decidedTerm() != entryTerm || batch.batchSequence() != lastBatchSequence + 1;
    }

    /** The image after one entry of the log. */
    public ShardImage after(ShardBatch batch, long entryIndex, long entryTerm) {
        return ignores(batch, entryTerm)
                ? new ShardImage(entryIndex, entryTerm, lastBatchSequence, groups)
                : new ShardImage(
                        entryIndex,
                        entryTerm,
                        batch.batchSequence(),
                        with(batch.records()).groups());
    }

    /** A group with all that is kept of it; an empty one if there is none. */
    public GroupImage groupOrEmpty(String id) {
        return group(id).orElseGet(() -> GroupImage.empty(id));
    }

    /** The image after these facts. Total: what is said of a group that is not there makes one. */
    public ShardImage with(Iterable<ShardRecord> records) {
        Map<String, GroupTransition> open = new LinkedHashMap<>();
        PSortedMap<String, GroupImage> next = groups;
        for (ShardRecord record : records) {
            String id = record.groupId();
            if (record instanceof GroupRemoved) {
                open.remove(id);
                next = next.minus(id);
            } else {
                GroupTransition transition = open.get(id);
                if (transition == null) {
                    transition = new GroupTransition(next.getOrDefault(id, GroupImage.empty(id)));
                    open.put(id, transition);
                }
                transition.apply(record);
            }
        }
        for (Map.Entry<String, GroupTransition> group : open.entrySet()) {
            next = next.plus(group.getKey(), group.getValue().done());
        }
        return new ShardImage(index, term, lastBatchSequence, next);
    }

    /** Facts that make this image of an empty one: what a snapshot holds. */
    public List<ShardRecord> records() {
        List<ShardRecord> records = new ArrayList<>();
        groups.forEach(
                (id, image) -> {
                    ConsumerGroup group = image.group();
                    records.add(
                            new GroupChanged(
                                    id, group.epoch(), group.reason(), group.partitionCounts()));
                    records.addAll(GroupRecords.between(ConsumerGroup.empty(id), group));
                    PMap<TopicIdPartition, CommittedOffset> offsets = image.offsets();
                    if (!offsets.isEmpty()) {
                        records.add(new OffsetsCommitted(id, offsets));
                    }
                });
        return records;
    }
}
