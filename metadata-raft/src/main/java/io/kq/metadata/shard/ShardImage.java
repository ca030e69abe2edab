package io.kq.metadata.shard;

import io.kq.metadata.assignor.Shares;
import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.shard.ShardRecord.GroupChanged;
import io.kq.metadata.shard.ShardRecord.GroupRemoved;
import io.kq.metadata.shard.ShardRecord.MemberChanged;
import io.kq.metadata.shard.ShardRecord.MemberRemoved;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.metadata.shard.ShardRecord.OffsetsRemoved;
import io.kq.metadata.shard.ShardRecord.ShareChanged;
import io.kq.metadata.shard.ShardRecord.ShareRemoved;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
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

    /** The image after these facts. Total: what is said of a group that is not there makes one. */
    public ShardImage with(Iterable<ShardRecord> records) {
        PSortedMap<String, GroupImage> next = groups;
        for (ShardRecord record : records) {
            if (record instanceof GroupRemoved removed) {
                next = next.minus(removed.groupId());
            } else {
                GroupImage before =
                        next.getOrDefault(record.groupId(), GroupImage.empty(record.groupId()));
                next = next.plus(record.groupId(), applied(before, record));
            }
        }
        return new ShardImage(index, term, lastBatchSequence, next);
    }

    private static GroupImage applied(GroupImage image, ShardRecord record) {
        if (record instanceof GroupChanged changed) {
            ConsumerGroup group = image.group();
            return new GroupImage(
                    new ConsumerGroup(
                            group.id(),
                            changed.epoch(),
                            changed.reason(),
                            changed.partitionCounts(),
                            group.members(),
                            group.target()),
                    image.offsets());
        }
        if (record instanceof MemberChanged changed) {
            return members(image, members -> put(members, changed.member()));
        }
        if (record instanceof MemberRemoved removed) {
            return members(image, members -> without(members, removed.memberId()));
        }
        if (record instanceof ShareChanged changed) {
            return shares(image, changed.memberId(), Optional.of(changed.share()));
        }
        if (record instanceof ShareRemoved removed) {
            return shares(image, removed.memberId(), Optional.empty());
        }
        if (record instanceof OffsetsCommitted committed) {
            return new GroupImage(image.group(), image.offsets().plusAll(committed.offsets()));
        }
        if (record instanceof OffsetsRemoved removed) {
            return new GroupImage(image.group(), image.offsets().minusAll(removed.partitions()));
        }
        throw new IllegalStateException("no rule for " + record);
    }

    private static SortedMap<String, GroupMember> put(
            SortedMap<String, GroupMember> members, GroupMember member) {
        members.put(member.id(), member);
        return members;
    }

    private static SortedMap<String, GroupMember> without(
            SortedMap<String, GroupMember> members, String memberId) {
        members.remove(memberId);
        return members;
    }

    private static GroupImage members(
            GroupImage image, UnaryOperator<SortedMap<String, GroupMember>> change) {
        ConsumerGroup group = image.group();
        return new GroupImage(
                new ConsumerGroup(
                        group.id(),
                        group.epoch(),
                        group.reason(),
                        group.partitionCounts(),
                        change.apply(new TreeMap<>(group.members())),
                        group.target()),
                image.offsets());
    }

    private static GroupImage shares(
            GroupImage image, String memberId, Optional<Set<TopicIdPartition>> share) {
        ConsumerGroup group = image.group();
        Map<String, Set<TopicIdPartition>> shares = new TreeMap<>(group.target().byMember());
        shares.remove(memberId);
        share.ifPresent(given -> shares.put(memberId, given));
        return new GroupImage(
                new ConsumerGroup(
                        group.id(),
                        group.epoch(),
                        group.reason(),
                        group.partitionCounts(),
                        group.members(),
                        new Shares(shares)),
                image.offsets());
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
