package io.kq.broker.compaction;

import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionReport;
import io.kq.log.compaction.DirtyRange;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the logs of a node, leaders and followers alike, one at a time, the dirtiest first, on a
 * thread of its own and at a bounded pace. Appends and reads go on meanwhile.
 */
public final class LogCleaner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogCleaner.class);

    private final Supplier<List<CompactedPartition>> partitions;
    private final CleanerSettings settings;
    private final Clock clock;
    private final EventLoop loop;
    private final Pace pace;

    /** Set when the node stops; whoever waits for the pace is woken. Guarded by this. */
    private boolean closed;

    /** A partition and what there is to do. */
    private record Candidate(CompactedPartition partition, DirtyRange range) {}

    /**
     * Begins after the first backoff.
     *
     * @param partitions what there is now; asked again before each pass
     * @param faults told of bugs only
     */
    public LogCleaner(
            Supplier<List<CompactedPartition>> partitions,
            CleanerSettings settings,
            Clock clock,
            FaultHandler faults) {
        this.partitions = partitions;
        this.settings = settings;
        this.clock = clock;
        this.pace = new Pace(settings.bytesPerSecond());
        this.loop = EventLoop.start("kq-log-cleaner", faults);
        loop.schedule(settings.backoff(), this::round);
    }

    /** Compacts whatever is due, until nothing is. */
    private void round() {
        Set<TopicPartition> leftAlone = new HashSet<>();
        Candidate next = dirtiest(leftAlone);
        while (next != null && !isClosed()) {
            if (!compact(next.partition())) {
                leftAlone.add(next.partition().name());
            }
            next = dirtiest(leftAlone);
        }
        loop.schedule(settings.backoff(), this::round);
    }

    private @Nullable Candidate dirtiest(Set<TopicPartition> leftAlone) {
        Candidate dirtiest = null;
        for (CompactedPartition partition : partitions.get()) {
            Optional<DirtyRange> range =
                    leftAlone.contains(partition.name()) ? Optional.empty() : rangeOf(partition);
            if (range.isPresent()
                    && (dirtiest == null || range.get().ratio() > dirtiest.range().ratio())) {
                dirtiest = new Candidate(partition, range.get());
            }
        }
        return dirtiest;
    }

    private Optional<DirtyRange> rangeOf(CompactedPartition partition) {
        try {
            return partition
                    .log()
                    .dirtyRange(partition.policy(), partition.committedEnd(), clock.epochMillis());
        } catch (RejectedException refused) {
            LOG.debug("Not compacted partition={}", partition.name(), refused);
            return Optional.empty();
        }
    }

    /** Whether it came on. */
    private boolean compact(CompactedPartition partition) {
        try {
            Optional<CompactionReport> report =
                    partition
                            .log()
                            .compact(
                                    partition.policy(),
                                    new CompactionMeans(settings.keyMapBytes(), this::took),
                                    partition.committedEnd(),
                                    clock.epochMillis());
            return report.filter(r -> r.toOffset() > r.fromOffset()).isPresent();
        } catch (RejectedException refused) {
            if (!isClosed()) {
                LOG.warn(
                        "Could not compact, trying again in {} s partition={} reason={}",
                        settings.backoff().toSeconds(),
                        partition.name(),
                        refused.getMessage());
            }
            return false;
        }
    }

    /** Holds the pass back, and breaks it off when the node stops. */
    private synchronized void took(long bytes) {
        long until = clock.nanoTime();
        until += pace.waitNanos(bytes, until);
        try {
            while (!closed && until - clock.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, until - clock.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closed) {
            throw new RejectedException(ErrorCode.NOT_READY, "the node is stopping");
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Breaks off the pass that is under way: what it has not put in place is as if never begun. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        loop.close();
    }
}
