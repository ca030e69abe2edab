package io.kq.cli.fake;

import io.kq.client.admin.GroupDescription;
import io.kq.client.admin.GroupListing;
import io.kq.client.group.GroupOffset;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The consumer groups of a {@link FakeCluster}. */
public final class FakeGroups {

    private final SortedMap<String, GroupDescription> groups = new TreeMap<>();

    /** A group as it is from now on. */
    public void put(
            String name,
            List<GroupDescription.Member> members,
            Map<TopicPartition, Long> committed) {
        SortedMap<TopicPartition, GroupDescription.Offset> offsets = new TreeMap<>();
        committed.forEach(
                (partition, offset) ->
                        offsets.put(
                                partition,
                                new GroupDescription.Offset(
                                        offset, OptionalInt.empty(), "", Instant.EPOCH)));
        groups.put(
                name,
                new GroupDescription(
                        new GroupListing(
                                name,
                                "consumer",
                                members.isEmpty() ? "Empty" : "Stable",
                                0,
                                members.size()),
                        members.size(),
                        members.isEmpty() ? "m1 left" : "m1 joined",
                        "uniform",
                        members,
                        offsets));
    }

    List<GroupListing> list() {
        return groups.values().stream().map(GroupDescription::listing).toList();
    }

    GroupDescription describe(String name) {
        GroupDescription known = groups.get(name);
        if (known == null) {
            throw new RejectedException(
                    ErrorCode.GROUP_NOT_FOUND, "Consumer group '" + name + "' does not exist.");
        }
        return known;
    }

    void delete(String name) {
        requireEmpty(describe(name));
        groups.remove(name);
    }

    private static void requireEmpty(GroupDescription group) {
        if (!group.members().isEmpty()) {
            throw new RejectedException(
                    ErrorCode.GROUP_NOT_EMPTY,
                    "Group '" + group.listing().group() + "' has 1 active member(s).");
        }
    }

    Set<TopicPartition> deleteOffsets(String name, Set<TopicPartition> partitions) {
        GroupDescription group = describe(name);
        requireEmpty(group);
        Set<TopicPartition> deleted = new TreeSet<>(group.offsets().keySet());
        deleted.retainAll(partitions);
        Map<TopicPartition, Long> left = group.committed();
        left.keySet().removeAll(partitions);
        put(name, List.of(), left);
        return deleted;
    }

    void set(String name, Map<TopicPartition, GroupOffset> offsets, boolean validateOnly) {
        Map<TopicPartition, Long> all = new TreeMap<>();
        GroupDescription known = groups.get(name);
        if (known != null) {
            requireEmpty(known);
            all.putAll(known.committed());
        }
        offsets.forEach((partition, offset) -> all.put(partition, offset.offset()));
        if (!validateOnly) {
            put(name, List.of(), all);
        }
    }
}
