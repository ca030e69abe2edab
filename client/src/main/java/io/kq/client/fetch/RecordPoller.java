package io.kq.client.fetch;

import io.kq.client.metadata.ClusterView;
import io.kq.client.metadata.NodeRoutes;
import io.kq.client.metadata.StallVisitor;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.RecordReader;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The positions of a consumer, and the records at them. One thread at a time, except {@link
 * #wakeup} and where a method says "on the loop".
 */
public final class RecordPoller {

    /** Records of one poll: enough to make a poll cheap, few enough to come back soon. */
    private static final int RECORDS_MAX = 1000;

    /** Bound of one batch when decompressed: many times what a broker takes. */
    private static final int PLAIN_BYTES_MAX = 64 * 1024 * 1024;

    /** Given each record; the reader stands on it and moves on afterwards. */
    @FunctionalInterface
    public interface RecordVisitor {
        void onRecord(TopicPartition partition, RecordReader record);
    }

    /** A partition that is read. */
    private static final class Assigned {
        private final TopicPartition partition;

        /** Offset of the next record for the application. */
        private long position;

        /** Counts the seeks: what was fetched for an older one is thrown away. */
        private long generation;

        private boolean paused;
        private @Nullable RejectedException failure;

        Assigned(TopicPartition partition, long position, long generation) {
            this.partition = partition;
            this.position = position;
            this.generation = generation;
        }
    }

    private final EventLoop loop;
    private final Clock clock;
    private final FetchBuffer buffer = new FetchBuffer();
    private final Stalls stalls;
    private final Fetcher fetcher;
    private final Map<TopicPartition, Assigned> assigned = new HashMap<>();

    /** Set when the loop has met a bug. */
    private volatile @Nullable RejectedException broken;

    private long generations = 1;
    private FetchItem.@Nullable Batches current;
    private @Nullable RecordReader reader;

    public RecordPoller(EventLoop loop, Clock clock, FetchSettings settings, Ports ports) {
        this.loop = loop;
        this.clock = clock;
        this.stalls = new Stalls(clock);
        this.fetcher =
                new Fetcher(
                        loop,
                        settings,
                        new Fetcher.Ports(
                                ports.view(), ports.routes(), ports.links(), ports.offsets()),
                        buffer,
                        stalls);
        ports.view().addListener(fetcher);
    }

    /**
     * The ports through which a consumer reaches the cluster.
     *
     * @param routes over the same view
     */
    public record Ports(
            ClusterView view, NodeRoutes routes, FetchLinks links, OffsetLookup offsets) {}

    // ---- positions

    /** Reads these partitions from these offsets, and no others. Their topics are in the view. */
    public void assign(Map<TopicPartition, Long> offsets) {
        Set<TopicPartition> others = new HashSet<>(assigned.keySet());
        others.removeAll(offsets.keySet());
        remove(others);
        add(offsets);
    }

    /** Reads these partitions no more; all others go on. */
    public void remove(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (assigned.remove(partition) != null) {
                loop.submit(() -> fetcher.stop(partition));
            }
        }
    }

    /** Reads these partitions too, from these offsets. Their topics are in the view. */
    public void add(Map<TopicPartition, Long> offsets) {
        offsets.forEach(
                (partition, offset) -> {
                    Assigned now = new Assigned(partition, offset, generations++);
                    assigned.put(partition, now);
                    start(now);
                });
    }

    private void start(Assigned each) {
        long generation = each.generation;
        long position = each.position;
        TopicPartition partition = each.partition;
        loop.submit(() -> fetcher.start(partition, generation, position));
    }

    public Set<TopicPartition> assignment() {
        return Set.copyOf(assigned.keySet());
    }

    /** Goes on at another offset. */
    public void seek(TopicPartition partition, long offset) {
        Assigned each = known(partition);
        each.position = offset;
        restart(each);
    }

    /** Goes on from the position: all that was fetched ahead of it is fetched again. */
    private void restart(Assigned each) {
        each.generation = generations++;
        each.failure = null;
        if (!each.paused) {
            start(each);
        }
    }

    public void pause(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Assigned each = known(partition);
            if (!each.paused) {
                each.paused = true;
                each.generation = generations++;
                loop.submit(() -> fetcher.stop(partition));
            }
        }
    }

    public void resume(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Assigned each = known(partition);
            if (each.paused) {
                each.paused = false;
                restart(each);
            }
        }
    }

    /** Offset of the next record that {@link #poll} gives. */
    public long position(TopicPartition partition) {
        return known(partition).position;
    }

    /** Gives each partition that cannot be read now: all that {@link #poll} is silent about. */
    public void stalls(StallVisitor visitor) {
        stalls.visit(visitor);
    }

    private Assigned known(TopicPartition partition) {
        Assigned each = assigned.get(partition);
        if (each == null) {
            throw new IllegalStateException(partition + " is not assigned");
        }
        return each;
    }

    // ---- records

    /**
     * Gives records that have arrived; waits for the first one, at most {@code timeout}.
     *
     * @throws RejectedException what ended the reading of a partition, after all records before it
     *     were given; again each time, until it is sought, paused or no longer assigned
     */
    public void poll(Duration timeout, RecordVisitor visitor) {
        long deadlineNanos = clock.nanoTime() + timeout.toNanos();
        int count = 0;
        while (count < RECORDS_MAX) {
            if (current == null && !takeNext()) {
                if (count > 0) {
                    return;
                }
                throwFailure();
                if (buffer.takeWakeup()) {
                    return;
                }
                if (!await(deadlineNanos - clock.nanoTime())) {
                    return;
                }
                continue;
            }
            count += read(RECORDS_MAX - count, visitor);
        }
    }

    private boolean await(long leftNanos) {
        if (leftNanos <= 0) {
            return false;
        }
        try {
            buffer.await(leftNanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void throwFailure() {
        RejectedException bug = broken;
        if (bug != null) {
            throw bug;
        }
        for (Assigned each : assigned.values()) {
            if (each.failure != null && !each.paused) {
                throw each.failure;
            }
        }
    }

    /** Takes items until one has records; false if there is none. */
    private boolean takeNext() {
        for (FetchItem item = buffer.poll(); item != null; item = buffer.poll()) {
            Assigned each = assigned.get(item.partition());
            if (each == null || each.generation != item.generation()) {
                if (item instanceof FetchItem.Batches old) {
                    old.from().giveBack(old.sizeBytes());
                }
            } else if (item instanceof FetchItem.Batches batches) {
                current = batches;
                return true;
            } else if (item instanceof FetchItem.Jump jump) {
                each.position = jump.offset();
            } else if (item instanceof FetchItem.Failure failure) {
                each.failure = located(failure.why(), each);
            }
        }
        return false;
    }

    private static RejectedException located(RejectedException why, Assigned each) {
        return why.with("partition", each.partition.toString())
                .with("offset", Long.toString(each.position));
    }

    /** Reads on in the current batches. */
    private int read(int max, RecordVisitor visitor) {
        FetchItem.Batches batches = current;
        Assigned each = batches == null ? null : assigned.get(batches.partition());
        if (batches == null || each == null || each.generation != batches.generation()) {
            drop();
            return 0;
        }
        int count = 0;
        try {
            while (count < max && moveToRecord(batches.bytes(), each)) {
                RecordReader record = reader;
                if (record != null && record.offset() >= each.position) {
                    visitor.onRecord(each.partition, record);
                    each.position = record.offset() + 1;
                    count++;
                }
            }
            if (reader == null && !batches.bytes().hasRemaining()) {
                each.position = Math.max(each.position, batches.nextOffset());
                drop();
            }
        } catch (RejectedException corrupt) {
            each.failure = located(corrupt, each);
            each.generation = generations++;
            TopicPartition partition = each.partition;
            loop.submit(() -> fetcher.stop(partition));
            drop();
        }
        return count;
    }

    /** Moves to the next record of data; false at the end of the batches. */
    private boolean moveToRecord(ByteBuffer bytes, Assigned each) {
        while (true) {
            RecordReader open = reader;
            if (open == null) {
                if (!bytes.hasRemaining()) {
                    return false;
                }
                open = RecordReader.openNext(bytes, PLAIN_BYTES_MAX);
                reader = open;
            }
            if (!open.isControl() && open.advance()) {
                return true;
            }
            each.position = Math.max(each.position, open.header().nextOffset());
            reader = null;
        }
    }

    private void drop() {
        FetchItem.Batches batches = current;
        current = null;
        reader = null;
        if (batches != null) {
            batches.from().giveBack(batches.sizeBytes());
        }
    }

    /** Makes the current or next {@link #poll} return at once. Any thread. */
    public void wakeup() {
        buffer.wakeup();
    }

    /** Nothing can be read any more: each poll fails with this. Any thread. */
    public void fail(RejectedException why) {
        broken = why;
        buffer.wakeup();
    }

    /** Ends all streams. On the loop. */
    public void close() {
        fetcher.close();
    }
}
