package io.kq.metadata.group;

import io.kq.protocol.TopicIdPartition;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One member of a group. Immutable.
 *
 * @param epoch of the newest assignment that it may know; grows. A member that has something to
 *     release stays in its epoch until it has
 * @param version counts the changes of what follows: by it a word about an older state is known
 * @param assigned what it may read, and the member epoch in which it got it
 * @param revoking what it has to release, and the same; its own until it says that it reads it no
 *     more
 */
public record GroupMember(
        String id,
        MemberInfo info,
        int epoch,
        int version,
        SortedMap<TopicIdPartition, Integer> assigned,
        SortedMap<TopicIdPartition, Integer> revoking) {

    private static final Comparator<TopicIdPartition> ORDER =
            Comparator.comparing(TopicIdPartition::topicId)
                    .thenComparing(TopicIdPartition::partition);

    public GroupMember {
        assigned = sorted(assigned);
        revoking = sorted(revoking);
    }

    private static SortedMap<TopicIdPartition, Integer> sorted(Map<TopicIdPartition, Integer> map) {
        SortedMap<TopicIdPartition, Integer> copy = new TreeMap<>(ORDER);
        copy.putAll(map);
        return Collections.unmodifiableSortedMap(copy);
    }

    /** One with all that is known of it, in any order. */
    public static GroupMember of(
            String id,
            MemberInfo info,
            int epoch,
            int version,
            Map<TopicIdPartition, Integer> assigned,
            Map<TopicIdPartition, Integer> revoking) {
        return new GroupMember(id, info, epoch, version, sorted(assigned), sorted(revoking));
    }

    /** One that has just come, with nothing. */
    static GroupMember joining(String id, MemberInfo info) {
        return new GroupMember(id, info, 0, 0, new TreeMap<>(ORDER), new TreeMap<>(ORDER));
    }

    GroupMember with(MemberInfo said) {
        return new GroupMember(id, said, epoch, version, assigned, revoking);
    }

    /**
     * Another process in the place of a static member, with what that had, from {@code since} on.
     */
    GroupMember replacedBy(String newId, MemberInfo said, int since) {
        Map<TopicIdPartition, Integer> taken = new HashMap<>();
        owned().keySet().forEach(partition -> taken.put(partition, since));
        return new GroupMember(newId, said, since, 0, sorted(taken), new TreeMap<>(ORDER));
    }

    /** The same with another assignment; the same one if nothing is different. */
    GroupMember with(
            int nextEpoch,
            Map<TopicIdPartition, Integer> nextAssigned,
            Map<TopicIdPartition, Integer> nextRevoking) {
        return nextEpoch == epoch && nextAssigned.equals(assigned) && nextRevoking.equals(revoking)
                ? this
                : new GroupMember(
                        id,
                        info,
                        nextEpoch,
                        version + 1,
                        sorted(nextAssigned),
                        sorted(nextRevoking));
    }

    /** All that nobody else may be given, and since which member epoch it is this one's. */
    public Map<TopicIdPartition, Integer> owned() {
        Map<TopicIdPartition, Integer> all = new HashMap<>(assigned);
        all.putAll(revoking);
        return all;
    }

    /** Whether it has all that it should have by {@code share}, and nothing else. */
    boolean has(Set<TopicIdPartition> share, int groupEpoch) {
        return epoch == groupEpoch && revoking.isEmpty() && assigned.keySet().equals(share);
    }
}
