package io.kq.metadata.shard;

import io.kq.metadata.assignor.Shares;
import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.shard.ShardRecord.GroupChanged;
import io.kq.metadata.shard.ShardRecord.MemberChanged;
import io.kq.metadata.shard.ShardRecord.MemberRemoved;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.metadata.shard.ShardRecord.OffsetsRemoved;
import io.kq.metadata.shard.ShardRecord.ShareChanged;
import io.kq.metadata.shard.ShardRecord.ShareRemoved;
import io.kq.protocol.TopicIdPartition;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;

/**
 * One group while the facts of a batch are applied to it: what many of them change is copied once.
 * Single thread, single use.
 */
final class GroupTransition {

    private final GroupImage before;
    private PMap<TopicIdPartition, CommittedOffset> offsets;
    private int epoch;
    private String reason;
    private Map<UUID, Integer> partitionCounts;

    /** Null until something changes in it. */
    private @Nullable SortedMap<String, GroupMember> members;

    private @Nullable Map<String, Set<TopicIdPartition>> shares;
    private boolean groupChanged;

    GroupTransition(GroupImage before) {
        this.before = before;
        this.offsets = before.offsets();
        this.epoch = before.group().epoch();
        this.reason = before.group().reason();
        this.partitionCounts = before.group().partitionCounts();
    }

    void apply(ShardRecord record) {
        if (record instanceof GroupChanged changed) {
            groupChanged = true;
            epoch = changed.epoch();
            reason = changed.reason();
            partitionCounts = changed.partitionCounts();
        } else if (record instanceof MemberChanged changed) {
            members().put(changed.member().id(), changed.member());
        } else if (record instanceof MemberRemoved removed) {
            members().remove(removed.memberId());
        } else if (record instanceof ShareChanged changed) {
            shares().put(changed.memberId(), changed.share());
        } else if (record instanceof ShareRemoved removed) {
            shares().remove(removed.memberId());
        } else if (record instanceof OffsetsCommitted committed) {
            offsets = offsets.plusAll(committed.offsets());
        } else if (record instanceof OffsetsRemoved removed) {
            offsets = offsets.minusAll(removed.partitions());
        } else {
            throw new IllegalStateException("no rule for " + record);
        }
    }

    private SortedMap<String, GroupMember> members() {
        SortedMap<String, GroupMember> changing = members;
        if (changing == null) {
            changing = new TreeMap<>(before.group().members());
            members = changing;
        }
        return changing;
    }

    private Map<String, Set<TopicIdPartition>> shares() {
        Map<String, Set<TopicIdPartition>> changing = shares;
        if (changing == null) {
            changing = new TreeMap<>(before.group().target().byMember());
            shares = changing;
        }
        return changing;
    }

    GroupImage done() {
        ConsumerGroup group = before.group();
        boolean sameGroup = !groupChanged && members == null && shares == null;
        return new GroupImage(
                sameGroup
                        ? group
                        : new ConsumerGroup(
                                group.id(),
                                epoch,
                                reason,
                                partitionCounts,
                                members == null ? group.members() : members,
                                shares == null ? group.target() : new Shares(shares)),
                offsets);
    }
}
