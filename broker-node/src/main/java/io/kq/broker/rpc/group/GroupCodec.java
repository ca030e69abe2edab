package io.kq.broker.rpc.group;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.metadata.assignor.Shares;
import io.kq.metadata.coordinator.GroupDecisions.Commit;
import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.GroupImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.rpc.TopicIds;
import io.kq.v1.AssignedPartition;
import io.kq.v1.Assignment;
import io.kq.v1.GetGroupResponse;
import io.kq.v1.GroupOffset;
import io.kq.v1.GroupState;
import io.kq.v1.GroupSummary;
import io.kq.v1.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Between the groups' words on the wire and those of the coordinators. Any thread. */
final class GroupCodec {

    private static final int NOT_KNOWN = -1;

    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::getTopic)
                    .thenComparing(TopicPartition::getPartition);

    private final Supplier<MetadataImage> image;

    /**
     * @param image by which topics have names and ids
     */
    GroupCodec(Supplier<MetadataImage> image) {
        this.image = image;
    }

    /**
     * The partition that is meant.
     *
     * @throws RejectedException TOPIC_NOT_FOUND, PARTITION_NOT_FOUND
     */
    TopicIdPartition partition(String topic, int partition) {
        TopicImage known = topic(topic);
        if (partition < 0 || partition >= known.partitions().size()) {
            throw new RejectedException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "Topic '" + topic + "' has no partition " + partition + ".");
        }
        return new TopicIdPartition(known.id(), partition);
    }

    private TopicImage topic(String name) {
        return image.get()
                .topic(name)
                .orElseThrow(
                        () ->
                                new RejectedException(
                                        ErrorCode.TOPIC_NOT_FOUND,
                                        "Topic '" + name + "' does not exist."));
    }

    /** The partition of an offset that is to be committed; throws as {@link #partition}. */
    TopicIdPartition partition(GroupOffset offset) {
        TopicIdPartition partition = partition(offset.getTopic(), offset.getPartition());
        boolean another =
                !offset.getTopicId().isEmpty()
                        && !TopicIds.toBytes(partition.topicId()).equals(offset.getTopicId());
        if (another) {
            throw new RejectedException(
                    ErrorCode.TOPIC_NOT_FOUND,
                    "Topic '" + offset.getTopic() + "' was deleted and made anew.");
        }
        return partition;
    }

    /**
     * What is to be committed.
     *
     * @throws RejectedException INVALID_ARGUMENT
     */
    static Commit commit(GroupOffset offset) {
        if (offset.getOffset() < 0) {
            throw GroupChecks.invalid("offset", "an offset is not negative: " + offset.getOffset());
        }
        if (offset.getMetadata().getBytes(UTF_8).length > GroupChecks.COMMIT_METADATA_MAX) {
            throw GroupChecks.invalid(
                    "metadata",
                    "metadata of a commit has at most "
                            + GroupChecks.COMMIT_METADATA_MAX
                            + " bytes");
        }
        return new Commit(
                offset.getOffset(),
                offset.hasLeaderEpoch() ? Math.max(NOT_KNOWN, offset.getLeaderEpoch()) : NOT_KNOWN,
                offset.getMetadata());
    }

    /** What a member is told that it may read. Topics that are gone have no name any more. */
    Assignment assignment(GroupMember member, Map<TopicIdPartition, CommittedOffset> committed) {
        Assignment.Builder assignment =
                Assignment.newBuilder()
                        .setVersion(member.version())
                        .setMemberEpoch(member.epoch())
                        .setAwaitsRelease(!member.revoking().isEmpty());
        for (TopicIdPartition partition : member.assigned().keySet()) {
            name(partition)
                    .ifPresent(
                            name ->
                                    assignment.addAssigned(
                                            assigned(name, partition, committed.get(partition))));
        }
        return assignment.build();
    }

    private static AssignedPartition assigned(
            String name, TopicIdPartition partition, @Nullable CommittedOffset at) {
        AssignedPartition.Builder assigned =
                AssignedPartition.newBuilder()
                        .setTopic(name)
                        .setPartition(partition.partition())
                        .setTopicId(TopicIds.toBytes(partition.topicId()));
        return at == null
                ? assigned.setCommittedOffset(-1).setLeaderEpoch(NOT_KNOWN).build()
                : assigned.setCommittedOffset(at.offset())
                        .setLeaderEpoch(at.leaderEpoch())
                        .setMetadata(at.metadata())
                        .build();
    }

    private Optional<String> name(TopicIdPartition partition) {
        return image.get().topic(partition.topicId()).map(TopicImage::name);
    }

    /** By name; those of topics that are gone are left out. */
    List<TopicPartition> named(Collection<TopicIdPartition> partitions) {
        List<TopicPartition> named = new ArrayList<>();
        for (TopicIdPartition partition : partitions) {
            name(partition)
                    .ifPresent(
                            name ->
                                    named.add(
                                            TopicPartition.newBuilder()
                                                    .setTopic(name)
                                                    .setPartition(partition.partition())
                                                    .build()));
        }
        named.sort(BY_NAME);
        return named;
    }

    /** By name; those of topics that are gone are left out. */
    List<GroupOffset> offsets(Map<TopicIdPartition, CommittedOffset> offsets) {
        List<GroupOffset> named = new ArrayList<>();
        offsets.forEach(
                (partition, at) ->
                        name(partition).ifPresent(name -> named.add(offset(name, partition, at))));
        named.sort(
                Comparator.comparing(GroupOffset::getTopic)
                        .thenComparing(GroupOffset::getPartition));
        return named;
    }

    private static GroupOffset offset(String name, TopicIdPartition partition, CommittedOffset at) {
        GroupOffset.Builder offset =
                GroupOffset.newBuilder()
                        .setTopic(name)
                        .setPartition(partition.partition())
                        .setTopicId(TopicIds.toBytes(partition.topicId()))
                        .setOffset(at.offset())
                        .setMetadata(at.metadata())
                        .setCommittedAtMs(at.atMillis());
        if (at.leaderEpoch() != NOT_KNOWN) {
            offset.setLeaderEpoch(at.leaderEpoch());
        }
        return offset.build();
    }

    static GroupSummary summary(ConsumerGroup group, int coordinatorId) {
        return GroupSummary.newBuilder()
                .setGroup(group.id())
                .setState(state(group.state()))
                .setCoordinatorId(coordinatorId)
                .setMemberCount(group.members().size())
                .setType("consumer")
                .build();
    }

    static GroupState state(ConsumerGroup.State state) {
        return switch (state) {
            case EMPTY -> GroupState.GROUP_STATE_EMPTY;
            case RECONCILING -> GroupState.GROUP_STATE_RECONCILING;
            case STABLE -> GroupState.GROUP_STATE_STABLE;
        };
    }

    GetGroupResponse description(GroupImage known, int coordinatorId) {
        ConsumerGroup group = known.group();
        GetGroupResponse.Builder answer =
                GetGroupResponse.newBuilder()
                        .setSummary(summary(group, coordinatorId))
                        .setGroupEpoch(group.epoch())
                        .setReason(group.reason())
                        .setAssignor(group.assignor())
                        .addAllOffsets(offsets(known.offsets()));
        group.members().values().forEach(m -> answer.addMembers(member(m, group.target())));
        return answer.build();
    }

    private io.kq.v1.GroupMember member(GroupMember member, Shares target) {
        return io.kq.v1.GroupMember.newBuilder()
                .setMemberId(member.id())
                .setInstanceId(member.info().instanceId())
                .setClientId(member.info().clientId())
                .setClientHost(member.info().clientHost())
                .setMemberEpoch(member.epoch())
                .addAllAssigned(named(member.assigned().keySet()))
                .addAllRevoking(named(member.revoking().keySet()))
                .addAllTarget(named(target.of(member.id())))
                .addAllTopics(member.info().subscription().topicNames())
                .setTopicPattern(member.info().subscription().topicPattern())
                .build();
    }
}
