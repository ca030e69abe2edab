package io.kq.metadata.group;

import io.kq.metadata.assignor.Assignors;
import io.kq.metadata.assignor.Shares;
import io.kq.protocol.TopicIdPartition;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A consumer group. Immutable.
 *
 * @param epoch grows whenever the target is made anew
 * @param reason why it was the last time, for people
 * @param partitionCounts of the topics that the target was made for
 * @param members by member id
 * @param target who should have what, once everybody has released what is not theirs any more
 */
public record ConsumerGroup(
        String id,
        int epoch,
        String reason,
        Map<UUID, Integer> partitionCounts,
        SortedMap<String, GroupMember> members,
        Shares target) {

    public ConsumerGroup {
        partitionCounts = Map.copyOf(partitionCounts);
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    /** Without members. */
    public static ConsumerGroup empty(String id) {
        return new ConsumerGroup(id, 0, "", Map.of(), new TreeMap<>(), new Shares(Map.of()));
    }

    /** How a group is, for people: as Kafka names it. */
    public enum State {
        /** It has no members. */
        EMPTY,
        /** Somebody has to release something, or waits for it. */
        RECONCILING,
        /** Each has its share. */
        STABLE
    }

    public State state() {
        if (members.isEmpty()) {
            return State.EMPTY;
        }
        boolean settled = members.values().stream().allMatch(m -> m.has(target.of(m.id()), epoch));
        return settled ? State.STABLE : State.RECONCILING;
    }

    /** The name of the assignor that most members want. */
    public String assignor() {
        return Assignors.chosen(members.values().stream().map(m -> m.info().assignor()).toList());
    }

    public Optional<GroupMember> member(String memberId) {
        return Optional.ofNullable(members.get(memberId));
    }

    /** Whose a partition is; nobody else may be given it. */
    public Optional<GroupMember> owner(TopicIdPartition partition) {
        return members.values().stream()
                .filter(
                        m ->
                                m.assigned().containsKey(partition)
                                        || m.revoking().containsKey(partition))
                .findFirst();
    }
}
