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
import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord;
import io.kq.metadata.shard.ShardRecord.GroupRemoved;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.metadata.shard.ShardRecord.OffsetsRemoved;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

    /** Topics as they are now. */
    TopicIndex topics() {
        return topics.get();
    }

    /** The group after all that happened to it. */
    ConsumerGroup after(GroupChange change) {
        return change.done(topics.get(), HandOver.STRICT);
    }

    /** A member joins, or says something else of itself; told what it is. */
    public GroupOperation<GroupMember> join(Membership membership) {
        return new GroupOperation<>() {
            @Override
            public String groupId() {
                return membership.groupId();
            }

            @Override
            public void addTo(GroupChange change) {
                if (membership.known() && !change.has(membership.memberId())) {
                    throw CoordinatorRefusals.gone(
                            change.before(), membership.memberId(), membership.info().instanceId());
                }
                change.join(membership.memberId(), membership.info());
            }

            @Override
            public GroupMember reply(ConsumerGroup after) {
                return after.member(membership.memberId())
                        .orElseThrow(
                                () ->
                                        CoordinatorRefusals.gone(
                                                after,
                                                membership.memberId(),
                                                membership.info().instanceId()));
            }
        };
    }

    /**
     * Members have left, or are taken for dead (rule 2). Those that are gone already are passed
     * over.
     *
     * @param how for people
     */
    public GroupOperation<Boolean> leave(String groupId, Set<String> memberIds, String how) {
        return change(groupId, change -> memberIds.forEach(id -> change.leave(id, how)));
    }

    /** A member reads no more of what it was told to release in {@code version} (rule 6). */
    public GroupOperation<Boolean> released(String groupId, String memberId, int version) {
        return change(
                groupId,
                change -> {
                    if (!change.has(memberId)) {
                        throw CoordinatorRefusals.unknownMember(groupId, memberId);
                    }
                    change.released(memberId, version);
                });
    }

    private static GroupOperation<Boolean> change(String groupId, Consumer<GroupChange> what) {
        return new GroupOperation<>() {
            @Override
            public String groupId() {
                return groupId;
            }

            @Override
            public void addTo(GroupChange change) {
                what.accept(change);
            }

            @Override
            public Boolean reply(ConsumerGroup after) {
                return true;
            }
        };
    }

    /**
     * Topics have come, grown or gone (rule 10); offsets of those that are gone go too (rule 13).
     */
    public GroupOperation<Boolean> topicsChanged(String groupId, Set<UUID> gone) {
        return new GroupOperation<>() {
            @Override
            public String groupId() {
                return groupId;
            }

            @Override
            public void addTo(GroupChange change) {
                // The topics are looked at whenever a change is decided.
            }

            @Override
            public List<ShardRecord> besides(GroupImage known) {
                List<TopicIdPartition> lost =
                        known.offsets().keySet().stream()
                                .filter(partition -> gone.contains(partition.topicId()))
                                .toList();
                return lost.isEmpty()
                        ? List.of()
                        : List.of(new OffsetsRemoved(groupId, Set.copyOf(lost)));
            }

            @Override
            public Boolean reply(ConsumerGroup after) {
                return true;
            }
        };
    }

    /**
     * A member commits (rule 11). Each partition has an outcome of its own: empty, it was taken.
     */
    public ShardOperation<Map<TopicIdPartition, Optional<RejectedException>>> commit(
            String groupId, String memberId, int epoch, Map<TopicIdPartition, Commit> commits) {
        return ShardOperation.beside(
                (image, nowMillis) -> {
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
                });
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
