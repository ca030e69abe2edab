package io.kq.metadata.group;

import io.kq.protocol.TopicIdPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Brings what members have towards the group's target, as far as can be now: each is told to
 * release what is not its share any more, and given what nobody else has (rules 6 and 7). A
 * partition is never two members'.
 */
@FunctionalInterface
public interface HandOver {

    /** Changes members in place; those for whom nothing changes stay the same objects. */
    void proceed(ConsumerGroup group, SortedMap<String, GroupMember> members);

    /** First released, then given. */
    HandOver STRICT =
            (group, members) -> {
                members.replaceAll((id, member) -> releasing(member, group));
                Set<TopicIdPartition> owned = new HashSet<>();
                members.values().forEach(member -> owned.addAll(member.owned().keySet()));
                members.replaceAll((id, member) -> getting(member, group, owned));
            };

    /** What is being released stays so, even if it is the member's share again. */
    private static GroupMember releasing(GroupMember member, ConsumerGroup group) {
        Set<TopicIdPartition> share = group.target().of(member.id());
        Map<TopicIdPartition, Integer> kept = new HashMap<>();
        Map<TopicIdPartition, Integer> back = new HashMap<>(member.revoking());
        member.assigned()
                .forEach(
                        (partition, since) ->
                                (share.contains(partition) ? kept : back).put(partition, since));
        return member.with(member.epoch(), kept, back);
    }

    private static GroupMember getting(
            GroupMember member, ConsumerGroup group, Set<TopicIdPartition> owned) {
        if (!member.revoking().isEmpty()) {
            return member;
        }
        Map<TopicIdPartition, Integer> next = new HashMap<>(member.assigned());
        for (TopicIdPartition partition : group.target().of(member.id())) {
            if (!owned.contains(partition)) {
                next.put(partition, group.epoch());
            }
        }
        return member.with(group.epoch(), next, Map.of());
    }
}
