package io.kq.metadata.assignor;

import io.kq.protocol.TopicIdPartition;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who gets what.
 *
 * @param byMember a share for each member, perhaps empty; no partition is in two
 */
public record Shares(Map<String, Set<TopicIdPartition>> byMember) {

    public Shares {
        Map<String, Set<TopicIdPartition>> copy = new TreeMap<>();
        byMember.forEach(
                (member, share) ->
                        copy.put(member, Collections.unmodifiableSet(new LinkedHashSet<>(share))));
        byMember = Collections.unmodifiableMap(copy);
    }

    /** The share of a member; empty also for one that is not in the group. */
    public Set<TopicIdPartition> of(String member) {
        return byMember.getOrDefault(member, Set.of());
    }
}
