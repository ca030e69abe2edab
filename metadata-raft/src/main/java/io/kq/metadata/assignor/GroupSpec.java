package io.kq.metadata.assignor;

import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A group as an assignor sees it.
 *
 * @param members by member id
 * @param partitionCounts of the topics that exist; others that members subscribe to are passed over
 */
public record GroupSpec(SortedMap<String, MemberSpec> members, Map<UUID, Integer> partitionCounts) {

    public GroupSpec {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        partitionCounts = Map.copyOf(partitionCounts);
    }

    /**
     * What a member wants and has.
     *
     * @param instanceId of a static member, by which it is known again; empty: it has none
     * @param topics it subscribes to
     * @param share its share so far, of an earlier assignment
     */
    public record MemberSpec(String instanceId, Set<UUID> topics, Set<TopicIdPartition> share) {
        public MemberSpec {
            topics = Set.copyOf(topics);
            share = Set.copyOf(share);
        }
    }

    /** Topics that exist and that somebody subscribes to, in order. */
    Set<UUID> topics() {
        Set<UUID> wanted = new TreeSet<>();
        members.values().forEach(member -> wanted.addAll(member.topics()));
        wanted.retainAll(partitionCounts.keySet());
        return wanted;
    }

    /** All partitions of a topic, in order. */
    List<TopicIdPartition> partitions(UUID topic) {
        List<TopicIdPartition> all = new ArrayList<>();
        for (int p = 0; p < partitionCounts.getOrDefault(topic, 0); p++) {
            all.add(new TopicIdPartition(topic, p));
        }
        return all;
    }
}
