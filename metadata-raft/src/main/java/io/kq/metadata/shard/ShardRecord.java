package io.kq.metadata.shard;

import io.kq.metadata.group.GroupMember;
import io.kq.protocol.TopicIdPartition;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One fact that a shard's log adds to its image. Each is about one group. */
public sealed interface ShardRecord {

    String groupId();

    /** A group is there, or its epoch is another one. */
    record GroupChanged(
            String groupId, int epoch, String reason, Map<UUID, Integer> partitionCounts)
            implements ShardRecord {
        public GroupChanged {
            partitionCounts = Map.copyOf(partitionCounts);
        }
    }

    /** A group is gone, with its offsets. */
    record GroupRemoved(String groupId) implements ShardRecord {}

    /** A member has come, or is another than it was. */
    record MemberChanged(String groupId, GroupMember member) implements ShardRecord {}

    /** A member is gone. */
    record MemberRemoved(String groupId, String memberId) implements ShardRecord {}

    /** A member should have other partitions than before. */
    record ShareChanged(String groupId, String memberId, Set<TopicIdPartition> share)
            implements ShardRecord {
        public ShareChanged {
            share = Set.copyOf(share);
        }
    }

    /** A member has no share any more: it is gone. */
    record ShareRemoved(String groupId, String memberId) implements ShardRecord {}

    /** The group has come to other offsets. */
    record OffsetsCommitted(String groupId, Map<TopicIdPartition, CommittedOffset> offsets)
            implements ShardRecord {
        public OffsetsCommitted {
            offsets = Map.copyOf(offsets);
        }
    }

    /** Offsets that are not kept any more. */
    record OffsetsRemoved(String groupId, Set<TopicIdPartition> partitions) implements ShardRecord {
        public OffsetsRemoved {
            partitions = Set.copyOf(partitions);
        }
    }
}
