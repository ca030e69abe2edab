package io.kq.client.admin;

import io.kq.protocol.TopicPartition;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A consumer group.
 *
 * @param epoch grows whenever partitions are shared anew
 * @param reason why they were the last time
 * @param offsets that are committed
 */
public record GroupDescription(
        GroupListing listing,
        int epoch,
        String reason,
        String assignor,
        List<Member> members,
        SortedMap<TopicPartition, Offset> offsets) {

    public GroupDescription {
        members = List.copyOf(members);
        offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
    }

    /**
     * A member.
     *
     * @param instanceId empty: it is not known again when it comes back
     * @param assigned what it may read
     * @param revoking what it was told to let go
     * @param target what it will have
     */
    public record Member(
            String memberId,
            String instanceId,
            String clientId,
            String host,
            int epoch,
            SortedSet<TopicPartition> assigned,
            SortedSet<TopicPartition> revoking,
            SortedSet<TopicPartition> target,
            Set<String> topics,
            String topicPattern) {
        public Member {
            assigned = Collections.unmodifiableSortedSet(new TreeSet<>(assigned));
            revoking = Collections.unmodifiableSortedSet(new TreeSet<>(revoking));
            target = Collections.unmodifiableSortedSet(new TreeSet<>(target));
            topics = Collections.unmodifiableSet(new TreeSet<>(topics));
        }
    }

    /**
     * A committed offset.
     *
     * @param offset of the next record to be read
     */
    public record Offset(
            long offset, OptionalInt leaderEpoch, String metadata, Instant committedAt) {}

    /** The member that has the partition, or is about to let it go. */
    public Optional<Member> owner(TopicPartition partition) {
        return members.stream()
                .filter(
                        member ->
                                member.assigned().contains(partition)
                                        || member.revoking().contains(partition))
                .findFirst();
    }

    /** All partitions that are someone's or have an offset. */
    public SortedSet<TopicPartition> partitions() {
        SortedSet<TopicPartition> all = new TreeSet<>(offsets.keySet());
        for (Member member : members) {
            all.addAll(member.assigned());
            all.addAll(member.revoking());
        }
        return all;
    }

    /** Offsets alone. */
    public Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new TreeMap<>();
        offsets.forEach((partition, at) -> committed.put(partition, at.offset()));
        return committed;
    }
}
