package io.kq.cli.groups;

import io.kq.cli.files.OffsetLines;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Moment;
import io.kq.cli.shell.Quantity;
import io.kq.cli.shell.Session;
import io.kq.client.KqConsumer.Position;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which offset each partition is reset to. */
final class ResetPlan {

    private final Session session;
    private final Map<TopicPartition, Long> committed;
    private final SortedSet<TopicPartition> partitions;

    /**
     * @param committed of the group, perhaps of other partitions too
     * @param partitions that are to be reset
     */
    ResetPlan(
            Session session,
            Map<TopicPartition, Long> committed,
            SortedSet<TopicPartition> partitions) {
        this.session = session;
        this.committed = committed;
        this.partitions = partitions;
    }

    /** What a file says; the partitions need not be named otherwise. */
    static SortedMap<TopicPartition, Long> ofFile(Session session, OffsetLines lines) {
        SortedMap<TopicPartition, Long> wanted = lines.offsets();
        return new ResetPlan(session, Map.of(), new TreeSet<>(wanted.keySet())).within(wanted);
    }

    SortedMap<TopicPartition, Long> make(ResetOptions options) {
        if (options.toEarliest) {
            return at(Position.EARLIEST);
        }
        if (options.toLatest) {
            return at(Position.LATEST);
        }
        if (options.toCurrent) {
            return current();
        }
        Long offset = options.toOffset;
        if (offset != null) {
            SortedMap<TopicPartition, Long> wanted = new TreeMap<>();
            partitions.forEach(partition -> wanted.put(partition, offset));
            return within(wanted);
        }
        Long shift = options.shiftBy;
        if (shift != null) {
            return shifted(shift);
        }
        return at(Position.timestamp(moment(options)));
    }

    private long moment(ResetOptions options) {
        String datetime = options.toDatetime;
        if (datetime != null) {
            return Moment.parse("--to-datetime", datetime);
        }
        return session.terminal().clock().epochMillis() - duration(options.byDuration).toMillis();
    }

    /** As Kafka writes it, or as kq does. */
    private static Duration duration(@Nullable String text) {
        String typed = String.valueOf(text);
        if (typed.startsWith("P") || typed.startsWith("-P")) {
            try {
                return Duration.parse(typed);
            } catch (DateTimeParseException e) {
                throw CommandFailure.usage("--by-duration: '" + typed + "' is not like P1DT2H3M4S");
            }
        }
        return Quantity.duration("--by-duration", typed);
    }

    /** A moment after the last record: the end. */
    private SortedMap<TopicPartition, Long> at(Position position) {
        SortedMap<TopicPartition, Long> found = new TreeMap<>(ask(position));
        if (found.containsValue(-1L)) {
            Map<TopicPartition, Long> ends = ask(Position.LATEST);
            found.replaceAll((partition, at) -> at < 0 ? ends.getOrDefault(partition, 0L) : at);
        }
        return found;
    }

    private Map<TopicPartition, Long> ask(Position position) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        partitions.forEach(partition -> positions.put(partition, position));
        return session.await(session.admin().listOffsets(positions));
    }

    private SortedMap<TopicPartition, Long> current() {
        Map<TopicPartition, Long> ends = ask(Position.LATEST);
        SortedMap<TopicPartition, Long> wanted = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            Long at = committed.get(partition);
            wanted.put(partition, at == null ? ends.getOrDefault(partition, 0L) : at);
        }
        return within(wanted);
    }

    private SortedMap<TopicPartition, Long> shifted(long shift) {
        SortedMap<TopicPartition, Long> wanted = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            Long at = committed.get(partition);
            if (at == null) {
                throw CommandFailure.usage("--shift-by: the group has no offset of " + partition)
                        .next("choose where it begins: --to-earliest, --to-latest, --to-offset N");
            }
            wanted.put(partition, saturated(at, shift));
        }
        return within(wanted);
    }

    private static long saturated(long at, long shift) {
        long sum = at + shift;
        boolean overflow = ((at ^ sum) & (shift ^ sum)) < 0;
        return overflow ? (shift < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }

    /** Offsets that do not exist become the nearest ones that do, in Kafka's words. */
    private SortedMap<TopicPartition, Long> within(SortedMap<TopicPartition, Long> wanted) {
        Map<TopicPartition, Long> starts = ask(Position.EARLIEST);
        Map<TopicPartition, Long> ends = ask(Position.LATEST);
        SortedMap<TopicPartition, Long> plan = new TreeMap<>();
        wanted.forEach(
                (partition, offset) -> {
                    long start = starts.getOrDefault(partition, 0L);
                    long end = Math.max(start, ends.getOrDefault(partition, start));
                    if (offset > end) {
                        warn(offset, "higher than latest offset", partition, end);
                    } else if (offset < start) {
                        warn(offset, "lower than earliest offset", partition, start);
                    }
                    plan.put(partition, Math.max(start, Math.min(end, offset)));
                });
        return plan;
    }

    private void warn(long offset, String how, TopicPartition partition, long value) {
        session.notice(
                "WARNING: New offset ("
                        + offset
                        + ") is "
                        + how
                        + " for topic partition "
                        + partition
                        + ". Value will be set to "
                        + value);
    }
}
