package io.kq.metadata.codec;

import com.google.protobuf.ByteString;
import io.kq.internal.v1.GroupChangedRecord;
import io.kq.internal.v1.GroupPartitionRecord;
import io.kq.internal.v1.MemberChangedRecord;
import io.kq.internal.v1.OffsetsCommittedRecord;
import io.kq.internal.v1.OwnedPartitionRecord;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.group.MemberInfo;
import io.kq.metadata.group.MemberInfo.Subscription;
import io.kq.metadata.group.MemberInfo.Timeouts;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.ShardRecord;
import io.kq.metadata.shard.ShardRecord.GroupChanged;
import io.kq.metadata.shard.ShardRecord.GroupRemoved;
import io.kq.metadata.shard.ShardRecord.MemberChanged;
import io.kq.metadata.shard.ShardRecord.MemberRemoved;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.metadata.shard.ShardRecord.OffsetsRemoved;
import io.kq.metadata.shard.ShardRecord.ShareChanged;
import io.kq.metadata.shard.ShardRecord.ShareRemoved;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.rpc.TopicIds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Facts of a shard from protobuf. */
final class ShardFromProto {

    private ShardFromProto() {}

    /**
     * The fact.
     *
     * @throws UnknownRecordException of a newer version: the node must stop
     */
    static ShardRecord record(io.kq.internal.v1.ShardRecord proto) {
        String group = proto.getGroupId();
        return switch (proto.getRecordCase()) {
            case GROUP_CHANGED -> group(group, proto.getGroupChanged());
            case GROUP_REMOVED -> new GroupRemoved(group);
            case MEMBER_CHANGED -> new MemberChanged(group, member(proto.getMemberChanged()));
            case MEMBER_REMOVED -> new MemberRemoved(group, proto.getMemberRemoved().getMemberId());
            case SHARE_CHANGED ->
                    new ShareChanged(
                            group,
                            proto.getShareChanged().getMemberId(),
                            partitions(proto.getShareChanged().getPartitionsList()));
            case SHARE_REMOVED -> new ShareRemoved(group, proto.getShareRemoved().getMemberId());
            case OFFSETS_COMMITTED -> offsets(group, proto.getOffsetsCommitted());
            case OFFSETS_REMOVED ->
                    new OffsetsRemoved(
                            group, partitions(proto.getOffsetsRemoved().getPartitionsList()));
            case RECORD_NOT_SET ->
                    throw new UnknownRecordException(
                            "a record of a coordination shard that this version does not know");
        };
    }

    private static GroupChanged group(String id, GroupChangedRecord proto) {
        Map<UUID, Integer> counts = new HashMap<>();
        proto.getTopicsList()
                .forEach(
                        topic ->
                                counts.put(
                                        TopicIds.fromBytes(topic.getTopicId()),
                                        topic.getPartitionCount()));
        return new GroupChanged(id, proto.getEpoch(), proto.getReason(), counts);
    }

    private static GroupMember member(MemberChangedRecord proto) {
        return GroupMember.of(
                proto.getMemberId(),
                new MemberInfo(
                        proto.getInstanceId(),
                        proto.getClientId(),
                        proto.getClientHost(),
                        new Subscription(
                                Set.copyOf(proto.getTopicNamesList()), proto.getTopicPattern()),
                        proto.getAssignor(),
                        new Timeouts(proto.getSessionTimeoutMs(), proto.getRebalanceTimeoutMs())),
                proto.getEpoch(),
                proto.getVersion(),
                owned(proto.getAssignedList()),
                owned(proto.getRevokingList()));
    }

    private static Map<TopicIdPartition, Integer> owned(List<OwnedPartitionRecord> proto) {
        Map<TopicIdPartition, Integer> owned = new HashMap<>();
        proto.forEach(
                one ->
                        owned.put(
                                partition(one.getTopicId(), one.getPartition()),
                                one.getSinceEpoch()));
        return owned;
    }

    private static Set<TopicIdPartition> partitions(List<GroupPartitionRecord> proto) {
        Set<TopicIdPartition> partitions = new HashSet<>();
        proto.forEach(one -> partitions.add(partition(one.getTopicId(), one.getPartition())));
        return partitions;
    }

    private static OffsetsCommitted offsets(String group, OffsetsCommittedRecord proto) {
        Map<TopicIdPartition, CommittedOffset> offsets = new HashMap<>();
        proto.getOffsetsList()
                .forEach(
                        one ->
                                offsets.put(
                                        partition(one.getTopicId(), one.getPartition()),
                                        new CommittedOffset(
                                                one.getOffset(),
                                                one.getLeaderEpoch(),
                                                one.getMetadata(),
                                                one.getAtMs())));
        return new OffsetsCommitted(group, offsets);
    }

    private static TopicIdPartition partition(ByteString topicId, int partition) {
        return new TopicIdPartition(TopicIds.fromBytes(topicId), partition);
    }
}
