package io.kq.metadata.codec;

import io.kq.internal.v1.CommittedOffsetRecord;
import io.kq.internal.v1.GroupChangedRecord;
import io.kq.internal.v1.GroupPartitionRecord;
import io.kq.internal.v1.GroupRemovedRecord;
import io.kq.internal.v1.MemberChangedRecord;
import io.kq.internal.v1.MemberRemovedRecord;
import io.kq.internal.v1.OffsetsCommittedRecord;
import io.kq.internal.v1.OffsetsRemovedRecord;
import io.kq.internal.v1.OwnedPartitionRecord;
import io.kq.internal.v1.ShareChangedRecord;
import io.kq.internal.v1.ShareRemovedRecord;
import io.kq.internal.v1.TopicSizeRecord;
import io.kq.metadata.group.GroupMember;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Facts of a shard to protobuf. Equal facts give equal messages: what has no order is sorted. */
final class ShardToProto {

    private static final Comparator<TopicIdPartition> ORDER =
            Comparator.comparing(TopicIdPartition::topicId)
                    .thenComparing(TopicIdPartition::partition);

    private ShardToProto() {}

    static io.kq.internal.v1.ShardRecord record(ShardRecord record) {
        io.kq.internal.v1.ShardRecord.Builder proto =
                io.kq.internal.v1.ShardRecord.newBuilder().setGroupId(record.groupId());
        if (record instanceof GroupChanged changed) {
            proto.setGroupChanged(group(changed));
        } else if (record instanceof GroupRemoved) {
            proto.setGroupRemoved(GroupRemovedRecord.getDefaultInstance());
        } else if (record instanceof MemberChanged changed) {
            proto.setMemberChanged(member(changed.member()));
        } else if (record instanceof MemberRemoved removed) {
            proto.setMemberRemoved(
                    MemberRemovedRecord.newBuilder().setMemberId(removed.memberId()));
        } else if (record instanceof ShareChanged changed) {
            proto.setShareChanged(
                    ShareChangedRecord.newBuilder()
                            .setMemberId(changed.memberId())
                            .addAllPartitions(partitions(changed.share())));
        } else if (record instanceof ShareRemoved removed) {
            proto.setShareRemoved(ShareRemovedRecord.newBuilder().setMemberId(removed.memberId()));
        } else if (record instanceof OffsetsCommitted committed) {
            proto.setOffsetsCommitted(offsets(committed.offsets()));
        } else if (record instanceof OffsetsRemoved removed) {
            proto.setOffsetsRemoved(
                    OffsetsRemovedRecord.newBuilder()
                            .addAllPartitions(partitions(removed.partitions())));
        }
        return proto.build();
    }

    private static GroupChangedRecord group(GroupChanged changed) {
        GroupChangedRecord.Builder proto =
                GroupChangedRecord.newBuilder()
                        .setEpoch(changed.epoch())
                        .setReason(changed.reason());
        changed.partitionCounts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(
                        topic ->
                                proto.addTopics(
                                        TopicSizeRecord.newBuilder()
                                                .setTopicId(TopicIds.toBytes(topic.getKey()))
                                                .setPartitionCount(topic.getValue())));
        return proto.build();
    }

    private static MemberChangedRecord member(GroupMember member) {
        return MemberChangedRecord.newBuilder()
                .setMemberId(member.id())
                .setInstanceId(member.info().instanceId())
                .setClientId(member.info().clientId())
                .setClientHost(member.info().clientHost())
                .addAllTopicNames(member.info().subscription().topicNames())
                .setTopicPattern(member.info().subscription().topicPattern())
                .setAssignor(member.info().assignor())
                .setSessionTimeoutMs(member.info().timeouts().sessionMillis())
                .setRebalanceTimeoutMs(member.info().timeouts().rebalanceMillis())
                .setEpoch(member.epoch())
                .setVersion(member.version())
                .addAllAssigned(owned(member.assigned()))
                .addAllRevoking(owned(member.revoking()))
                .build();
    }

    private static List<OwnedPartitionRecord> owned(Map<TopicIdPartition, Integer> partitions) {
        return partitions.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(ORDER))
                .map(
                        owned ->
                                OwnedPartitionRecord.newBuilder()
                                        .setTopicId(TopicIds.toBytes(owned.getKey().topicId()))
                                        .setPartition(owned.getKey().partition())
                                        .setSinceEpoch(owned.getValue())
                                        .build())
                .toList();
    }

    private static List<GroupPartitionRecord> partitions(Collection<TopicIdPartition> partitions) {
        return partitions.stream()
                .sorted(ORDER)
                .map(
                        partition ->
                                GroupPartitionRecord.newBuilder()
                                        .setTopicId(TopicIds.toBytes(partition.topicId()))
                                        .setPartition(partition.partition())
                                        .build())
                .toList();
    }

    private static OffsetsCommittedRecord offsets(Map<TopicIdPartition, CommittedOffset> offsets) {
        OffsetsCommittedRecord.Builder proto = OffsetsCommittedRecord.newBuilder();
        offsets.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(ORDER))
                .forEach(
                        committed ->
                                proto.addOffsets(
                                        CommittedOffsetRecord.newBuilder()
                                                .setTopicId(
                                                        TopicIds.toBytes(
                                                                committed.getKey().topicId()))
                                                .setPartition(committed.getKey().partition())
                                                .setOffset(committed.getValue().offset())
                                                .setLeaderEpoch(committed.getValue().leaderEpoch())
                                                .setMetadata(committed.getValue().metadata())
                                                .setAtMs(committed.getValue().atMillis())));
        return proto.build();
    }
}
