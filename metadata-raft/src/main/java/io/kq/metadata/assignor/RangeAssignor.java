package io.kq.metadata.assignor;

import io.kq.metadata.assignor.GroupSpec.MemberSpec;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Each member gets neighbouring partitions of each topic, the first ones one more where they do not
 * divide. Members that subscribe to the same topics get the same numbers of each, so that records
 * with the same key in topics of equal size meet in one member. Which ones does not depend on what
 * was before.
 */
public final class RangeAssignor implements Assignor {

    @Override
    public Shares assign(GroupSpec group) {
        Map<String, Set<TopicIdPartition>> shares = new TreeMap<>();
        group.members().keySet().forEach(member -> shares.put(member, new LinkedHashSet<>()));
        for (UUID topic : group.topics()) {
            List<String> members = subscribers(group, topic);
            List<TopicIdPartition> partitions = group.partitions(topic);
            int least = partitions.size() / members.size();
            int oneMore = partitions.size() % members.size();
            int next = 0;
            for (int i = 0; i < members.size(); i++) {
                int end = next + least + (i < oneMore ? 1 : 0);
                shares.computeIfAbsent(members.get(i), id -> new LinkedHashSet<>())
                        .addAll(partitions.subList(next, end));
                next = end;
            }
        }
        return new Shares(shares);
    }

    /** Static members first and by their names: those stay when their processes are replaced. */
    private static List<String> subscribers(GroupSpec group, UUID topic) {
        List<String> members = new ArrayList<>();
        group.members()
                .forEach(
                        (id, member) -> {
                            if (member.topics().contains(topic)) {
                                members.add(id);
                            }
                        });
        members.sort(
                Comparator.comparing((String id) -> of(group, id).instanceId().isEmpty())
                        .thenComparing(id -> of(group, id).instanceId())
                        .thenComparing(Comparator.naturalOrder()));
        return members;
    }

    private static MemberSpec of(GroupSpec group, String member) {
        MemberSpec spec = group.members().get(member);
        if (spec == null) {
            throw new IllegalStateException(member + " is no member");
        }
        return spec;
    }
}
