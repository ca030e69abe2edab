package io.kq.broker.fetch;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.partition.PartitionRoute;
import io.kq.broker.partition.RemoteLeader;
import io.kq.broker.stream.CreditedSession;
import io.kq.broker.stream.CreditedSource;
import io.kq.log.PartitionLog.TimestampAndOffset;
import io.kq.runtime.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * All ways to read the partitions of this node, and the background threads for what may have to
 * come from the disk. Any thread; never blocks.
 */
public final class PartitionReads implements AutoCloseable {

    /** Of one client's stream. */
    public static final int SUBSCRIPTIONS_MAX = 10_000;

    private static final int THREADS = 4;
    private static final int QUEUE_MAX = 10_000;

    private final PartitionRegistry registry;
    private final ExecutorService background;

    public PartitionReads(PartitionRegistry registry) {
        this.registry = registry;
        this.background = Threads.bounded("kq-cold-read", THREADS, QUEUE_MAX);
    }

    /** A stream for one reader. The caller closes it. */
    public CreditedSession<FetchTarget> open(FetchSink sink) {
        return new CreditedSession<>(
                (target, wake) -> source(target, sink, wake), sink, SUBSCRIPTIONS_MAX, background);
    }

    private CreditedSource source(FetchTarget target, FetchSink sink, Runnable wake) {
        PartitionRoute route = registry.route(target.topic(), target.partition(), target.topicId());
        return route instanceof PartitionLeader leader
                ? LocalFetchSource.open(leader, target, sink, wake, background)
                : sink.remote(target, (RemoteLeader) route, wake);
    }

    /**
     * One answer with all of {@code reads}, in their order, as soon as one of them has data or an
     * error, at the latest after {@code waitMax}. Cancelling it ends the wait.
     *
     * @param bytesMax over all; the first that has any gives at least one batch
     */
    public CompletableFuture<List<PartitionRead>> poll(
            List<LocalRead> reads, long bytesMax, Duration waitMax) {
        return new LongPoll(reads, bytesMax, background).start(waitMax, registry.timers());
    }

    /** The first committed record of a partition that is at least as young. */
    public CompletableFuture<Optional<TimestampAndOffset>> findByTimestamp(
            PartitionLeader leader, long timestampMillis) {
        return CompletableFuture.supplyAsync(
                () -> leader.reads().findByTimestamp(timestampMillis), background);
    }

    /** Deletes a partition's records before an offset, -1: all committed; answers the new start. */
    public CompletableFuture<Long> deleteRecords(PartitionLeader leader, long beforeOffset) {
        return CompletableFuture.supplyAsync(
                () -> leader.reads().deleteRecords(beforeOffset), background);
    }

    /** Ends the background threads. Streams that are still open get no cold data any more. */
    @Override
    public void close() {
        background.shutdown();
    }
}
