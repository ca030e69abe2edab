package io.kq.cli.groups;

import io.kq.cli.shell.Session;
import io.kq.client.KqConsumer.Position;
import io.kq.client.admin.GroupDescription;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** How far a group is behind, by partition. */
final class GroupLags {

    /**
     * One partition of a group.
     *
     * @param current committed; empty: nowhere yet
     * @param end where its log ends; empty: nobody can say now
     * @param metadata the committer's own words
     */
    record Row(
            TopicPartition partition,
            OptionalLong current,
            OptionalInt leaderEpoch,
            OptionalLong end,
            String metadata,
            Optional<GroupDescription.Member> member) {

        /** Records that are not read yet; empty: not known. */
        OptionalLong lag() {
            return current.isPresent() && end.isPresent()
                    ? OptionalLong.of(Math.max(0, end.getAsLong() - current.getAsLong()))
                    : OptionalLong.empty();
        }
    }

    private GroupLags() {}

    /** In the order of topics and partitions; those that somebody has, or that have an offset. */
    static List<Row> of(Session session, GroupDescription group) {
        Set<TopicPartition> partitions = group.partitions();
        Map<TopicPartition, Long> ends = ends(session, partitions);
        List<Row> rows = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            GroupDescription.Offset at = group.offsets().get(partition);
            Long end = ends.get(partition);
            rows.add(
                    new Row(
                            partition,
                            at == null ? OptionalLong.empty() : OptionalLong.of(at.offset()),
                            at == null ? OptionalInt.empty() : at.leaderEpoch(),
                            end == null ? OptionalLong.empty() : OptionalLong.of(end),
                            at == null ? "" : at.metadata(),
                            group.owner(partition)));
        }
        return rows;
    }

    /** Without those whose leader does not answer: the rest is worth to be seen. */
    private static Map<TopicPartition, Long> ends(Session session, Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        try {
            return latest(session, partitions);
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.UNREACHABLE) {
                throw e;
            }
            Map<TopicPartition, Long> known = new HashMap<>();
            for (TopicPartition partition : led(session, partitions)) {
                try {
                    known.putAll(latest(session, List.of(partition)));
                } catch (RejectedException one) {
                    session.trace("no end of " + partition + ": " + one.getMessage());
                }
            }
            return known;
        }
    }

    /** Those that have a leader: to ask for others costs the whole time of a request. */
    private static List<TopicPartition> led(Session session, Set<TopicPartition> partitions) {
        List<TopicPartition> led = new ArrayList<>();
        for (TopicDescription topic : session.await(session.admin().listTopics())) {
            topic.partitions().stream()
                    .filter(partition -> partition.leader() >= 0)
                    .map(partition -> new TopicPartition(topic.name(), partition.index()))
                    .filter(partitions::contains)
                    .forEach(led::add);
        }
        return led;
    }

    private static Map<TopicPartition, Long> latest(
            Session session, Iterable<TopicPartition> partitions) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        partitions.forEach(partition -> positions.put(partition, Position.LATEST));
        return session.await(session.admin().listOffsets(positions));
    }
}
