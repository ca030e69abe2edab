package io.kq.client.rpc.group;

import io.kq.client.admin.GroupDescription;
import io.kq.client.admin.GroupListing;
import io.kq.client.group.GroupOffset;
import io.kq.protocol.TopicPartition;
import io.kq.v1.GetGroupResponse;
import io.kq.v1.GroupMember;
import io.kq.v1.GroupState;
import io.kq.v1.GroupSummary;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Between the wire's words of groups and the client's. */
final class GroupMapping {

    private GroupMapping() {}

    static io.kq.v1.GroupOffset toProto(TopicPartition partition, GroupOffset offset) {
        return io.kq.v1.GroupOffset.newBuilder()
                .setTopic(partition.topic())
                .setPartition(partition.partition())
                .setOffset(offset.offset())
                .setMetadata(offset.metadata())
                .build();
    }

    static io.kq.v1.TopicPartition toProto(TopicPartition partition) {
        return io.kq.v1.TopicPartition.newBuilder()
                .setTopic(partition.topic())
                .setPartition(partition.partition())
                .build();
    }

    static TopicPartition partition(io.kq.v1.TopicPartition proto) {
        return new TopicPartition(proto.getTopic(), proto.getPartition());
    }

    private static SortedSet<TopicPartition> partitions(List<io.kq.v1.TopicPartition> proto) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        proto.forEach(one -> partitions.add(partition(one)));
        return partitions;
    }

    static GroupListing listing(GroupSummary summary) {
        return new GroupListing(
                summary.getGroup(),
                summary.getType(),
                state(summary.getState()),
                summary.getCoordinatorId(),
                summary.getMemberCount());
    }

    static String state(GroupState state) {
        return switch (state) {
            case GROUP_STATE_EMPTY -> "Empty";
            case GROUP_STATE_RECONCILING -> "Reconciling";
            case GROUP_STATE_STABLE -> "Stable";
            case GROUP_STATE_UNSPECIFIED, UNRECOGNIZED -> "Unknown";
        };
    }

    static GroupDescription description(GetGroupResponse proto) {
        SortedMap<TopicPartition, GroupDescription.Offset> offsets = new TreeMap<>();
        for (io.kq.v1.GroupOffset offset : proto.getOffsetsList()) {
            offsets.put(
                    new TopicPartition(offset.getTopic(), offset.getPartition()),
                    new GroupDescription.Offset(
                            offset.getOffset(),
                            offset.hasLeaderEpoch()
                                    ? OptionalInt.of(offset.getLeaderEpoch())
                                    : OptionalInt.empty(),
                            offset.getMetadata(),
                            Instant.ofEpochMilli(offset.getCommittedAtMs())));
        }
        return new GroupDescription(
                listing(proto.getSummary()),
                proto.getGroupEpoch(),
                proto.getReason(),
                proto.getAssignor(),
                proto.getMembersList().stream().map(GroupMapping::member).toList(),
                offsets);
    }

    private static GroupDescription.Member member(GroupMember proto) {
        return new GroupDescription.Member(
                proto.getMemberId(),
                proto.getInstanceId(),
                proto.getClientId(),
                proto.getClientHost(),
                proto.getMemberEpoch(),
                partitions(proto.getAssignedList()),
                partitions(proto.getRevokingList()),
                partitions(proto.getTargetList()),
                Set.copyOf(proto.getTopicsList()),
                proto.getTopicPattern());
    }
}
