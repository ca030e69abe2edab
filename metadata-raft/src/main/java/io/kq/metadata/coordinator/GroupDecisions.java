package io.kq.metadata.coordinator;

import io.kq.metadata.coordinator.ShardOperation.Decided;
import io.kq.metadata.group.CommitRule;
import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupChange;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.group.HandOver;
import io.kq.metadata.group.TopicIndex;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.GroupImage;
import io.kq.metadata.shard.GroupRecords;
import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord;
import io.kq.metadata.shard.ShardRecord.GroupRemoved;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.metadata.shard.ShardRecord.OffsetsRemoved;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What a coordinator does about its groups (docs/internals/groups.md). Pure but for the topics. */
public final class GroupDecisions {

    private final Supplier<TopicIndex> topics;

    /**
     * Decisions over all groups of a shard.
     *
     * @param topics as they are when something is decided
     */
    public GroupDecisions(Supplier<TopicIndex> topics) {
        this.topics = topics;
    }

    private static ConsumerGroup group(ShardImage image, String id) {
        return image.group(id).map(GroupImage::group).orElseGet(() -> ConsumerGroup.empty(id));
    }

    private static GroupImage existing(ShardImage image, String id) {
        return image.group(id).orElseThrow(() -> CoordinatorRefusals.groupNotFound(id));
    }

    private ConsumerGroup changed(ConsumerGroup group, UnaryOperator<GroupChange> change) {
        return change.apply(new GroupChange(group)).done(topics.get(), HandOver.STRICT);
    }

    /** Topics as they are now. */
    TopicIndex topics() {
        return topics.get();
    }

    /** A member joins, or says something else of itself; told what it may read. */
    public ShardOperation<GroupMember> join(Membership membership) {
        String groupId = membership.groupId();
        String memberId = membership.memberId();
        return (image, nowMillis) -> {
            ConsumerGroup before = group(image, groupId);
            if (membership.known() && before.member(memberId).isEmpty()) {
                throw CoordinatorRefusals.gone(before, memberId, membership.info().instanceId());
            }
            ConsumerGroup after =
                    changed(before, change -> change.join(memberId, membership.info()));
            return new Decided<>(
                    GroupRecords.between(before, after),
                    after.member(memberId).orElseThrow(),
                    true);
        };
    }

    /**
     * Members have left, or are taken for dead (rule 2). Those that are gone already are passed
     * over.
     *
     * @param how for people
     */
    public ShardOperation<Boolean> leave(String groupId, Set<String> memberIds, String how) {
        return (image, nowMillis) -> {
            ConsumerGroup before = group(image, groupId);
            ConsumerGroup after =
                    changed(
                            before,
                            change -> {
                                memberIds.forEach(id -> change.leave(id, how));
                                return change;
                            });
            List<ShardRecord> records = GroupRecords.between(before, after);
            return new Decided<>(records, !records.isEmpty());
        };
    }

    /** A member reads no more of what it was told to release in {@code version} (rule 6). */
    public ShardOperation<Boolean> released(String groupId, String memberId, int version) {
        return (image, nowMillis) -> {
            ConsumerGroup before = group(image, groupId);
            if (before.member(memberId).isEmpty()) {
                throw CoordinatorRefusals.unknownMember(groupId, memberId);
            }
            List<ShardRecord> records =
                    GroupRecords.between(
                            before, changed(before, change -> change.released(memberId, version)));
            return new Decided<>(records, !records.isEmpty());
        };
    }

    /**
     * Topics have come, grown or gone (rule 10); offsets of those that are gone go too (rule 13).
     */
    public ShardOperation<Boolean> topicsChanged(String groupId, Set<UUID> gone) {
        return (image, nowMillis) -> {
            Optional<GroupImage> known = image.group(groupId);
            if (known.isEmpty()) {
                return new Decided<>(List.of(), false);
            }
            ConsumerGroup before = known.get().group();
            List<ShardRecord> records =
                    new ArrayList<>(
                            GroupRecords.between(before, changed(before, change -> change)));
            List<TopicIdPartition> lost =
                    known.get().offsets().keySet().stream()
                            .filter(partition -> gone.contains(partition.topicId()))
                            .toList();
            if (!lost.isEmpty()) {
                records.add(new OffsetsRemoved(groupId, Set.copyOf(lost)));
            }
            return new Decided<>(records, !records.isEmpty());
        };
    }

    /**
     * A member commits (rule 11). Each partition has an outcome of its own: empty, it was taken.
     */
    public ShardOperation<Map<TopicIdPartition, Optional<RejectedException>>> commit(
            String groupId, String memberId, int epoch, Map<TopicIdPartition, Commit> commits) {
        return (image, nowMillis) -> {
            ConsumerGroup group = group(image, groupId);
            Map<TopicIdPartition, Optional<RejectedException>> outcomes = new HashMap<>();
            Map<TopicIdPartition, CommittedOffset> taken = new HashMap<>();
            commits.forEach(
                    (partition, said) -> {
                        Optional<RejectedException> refusal =
                                refusal(group, memberId, epoch, partition);
                        outcomes.put(partition, refusal);
                        if (refusal.isEmpty()) {
                            taken.put(partition, said.at(nowMillis));
                        }
                    });
            return new Decided<>(committed(groupId, taken), outcomes);
        };
    }

    private static List<ShardRecord> committed(
            String groupId, Map<TopicIdPartition, CommittedOffset> taken) {
        return taken.isEmpty() ? List.of() : List.of(new OffsetsCommitted(groupId, taken));
    }

    private static Optional<RejectedException> refusal(
            ConsumerGroup group, String memberId, int epoch, TopicIdPartition partition) {
        return switch (CommitRule.STRICT.judge(group, memberId, epoch, partition)) {
            case TAKEN -> Optional.empty();
            case UNKNOWN_MEMBER ->
                    Optional.of(CoordinatorRefusals.unknownMember(group.id(), memberId));
            case OTHER_EPOCH ->
                    Optional.of(
                            new RejectedException(
                                    ErrorCode.FENCED_MEMBER_EPOCH,
                                    partition + " was not the member's in its epoch " + epoch));
            case NOT_OWNED ->
                    Optional.of(
                            new RejectedException(
                                    ErrorCode.FENCED_MEMBER_EPOCH,
                                    partition + " is not the member's"));
        };
    }

    /**
     * What is committed, without the time.
     *
     * @param leaderEpoch of the record before the offset, -1: not known
     */
    public record Commit(long offset, int leaderEpoch, String metadata) {
        public Commit {
            if (offset < 0 || leaderEpoch < -1) {
                throw new IllegalArgumentException(
                        "offset " + offset + ", leader epoch " + leaderEpoch);
            }
        }

        CommittedOffset at(long nowMillis) {
            return new CommittedOffset(offset, leaderEpoch, metadata, nowMillis);
        }
    }

    /**
     * Sets offsets from outside; a group that is not there yet is made (rules 1 and 13).
     *
     * @param validateOnly changes nothing
     */
    public ShardOperation<Boolean> setOffsets(
            String groupId, Map<TopicIdPartition, Commit> offsets, boolean validateOnly) {
        return (image, nowMillis) -> {
            requireEmpty(group(image, groupId));
            if (validateOnly) {
                return new Decided<>(List.of(), false);
            }
            Map<TopicIdPartition, CommittedOffset> set = new HashMap<>();
            offsets.forEach((partition, said) -> set.put(partition, said.at(nowMillis)));
            return new Decided<>(committed(groupId, set), !set.isEmpty());
        };
    }

    /** Forgets offsets; told of which there were some (rule 13). */
    public ShardOperation<Set<TopicIdPartition>> deleteOffsets(
            String groupId, Set<TopicIdPartition> partitions) {
        return (image, nowMillis) -> {
            GroupImage known = existing(image, groupId);
            requireEmpty(known.group());
            Set<TopicIdPartition> there =
                    Set.copyOf(partitions.stream().filter(known.offsets()::containsKey).toList());
            return new Decided<>(
                    there.isEmpty() ? List.of() : List.of(new OffsetsRemoved(groupId, there)),
                    there);
        };
    }

    /** A group goes, with its offsets (rules 13 and 14). */
    public ShardOperation<Boolean> delete(String groupId) {
        return (image, nowMillis) -> {
            requireEmpty(existing(image, groupId).group());
            return new Decided<>(List.of(new GroupRemoved(groupId)), true);
        };
    }

    private static void requireEmpty(ConsumerGroup group) {
        if (!group.members().isEmpty()) {
            GroupMember one = group.members().values().iterator().next();
            throw new RejectedException(
                            ErrorCode.GROUP_NOT_EMPTY,
                            "Group '"
                                    + group.id()
                                    + "' has "
                                    + group.members().size()
                                    + " active member(s), such as "
                                    + one.info().clientId()
                                    + " on "
                                    + one.info().clientHost()
                                    + ".")
                    .with("members", Integer.toString(group.members().size()));
        }
    }
}
