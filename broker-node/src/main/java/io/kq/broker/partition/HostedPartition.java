package io.kq.broker.partition;

import io.kq.broker.partition.core.leader.IsrView;
import io.kq.broker.partition.core.leader.LeaderState;
import io.kq.broker.partition.core.leader.LeaderTerm;
import io.kq.log.LogConfig;
import io.kq.log.LogConfig.Flush;
import io.kq.log.PartitionLog;
import io.kq.log.retention.RetentionPolicy;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica that this node stores, and the role it has. Changed on the registry's loop only;
 * {@link #leader} and {@link #unavailable} are for any thread.
 */
final class HostedPartition {

    private static final Logger LOGGER = LoggerFactory.getLogger(HostedPartition.class);

    private final int nodeId;
    private final TopicPartition name;
    private final Clock clock;
    private final EventLoop timers;

    /** Done when no blocking work on this partition's files is under way: the next follows it. */
    private CompletableFuture<?> files;

    /** Null until it is open. */
    private @Nullable PartitionLog log;

    private Flush flush = Flush.OS;

    /** What the leader of the last epoch here knew: the next one does not start below it. */
    private long highWatermark;

    private volatile @Nullable PartitionLeader leader;
    private volatile RejectedException unavailable;

    HostedPartition(
            int nodeId,
            TopicPartition name,
            Clock clock,
            EventLoop timers,
            CompletableFuture<?> files) {
        this.nodeId = nodeId;
        this.name = name;
        this.clock = clock;
        this.timers = timers;
        this.files = files;
        this.unavailable = notReady("is opening its log of ");
    }

    private RejectedException notReady(String what) {
        return new RejectedException(ErrorCode.NOT_READY, "node " + nodeId + " " + what + name);
    }

    TopicPartition name() {
        return name;
    }

    /** The leader, if this node leads now. Any thread. */
    @Nullable PartitionLeader leader() {
        return leader;
    }

    /** Why nobody leads here. Any thread. */
    RejectedException unavailable() {
        return unavailable;
    }

    /** Runs {@code next} when the work on the files that was asked for before is done. */
    CompletableFuture<?> files() {
        return files;
    }

    void filesBusyUntil(CompletableFuture<?> done) {
        files = done;
    }

    void opened(PartitionLog opened, LogConfig config) {
        log = opened;
        flush = config.flush();
        unavailable = notReady("is taking over ");
    }

    void openFailed(RejectedException reason) {
        unavailable = reason;
    }

    /** New settings of the topic; {@code flush} holds from the next leader epoch on. */
    void configure(LogConfig config) {
        if (log != null) {
            log.configure(config);
            flush = config.flush();
        }
    }

    /** Leads from {@code leaderEpoch} on; in the epoch it leads already, takes the ISR. */
    void lead(int leaderEpoch, IsrView isr, RejectedException superseded) {
        PartitionLog opened = log;
        if (opened == null) {
            return;
        }
        PartitionLeader current = leader;
        if (current != null && current.leaderEpoch() != leaderEpoch) {
            resign(superseded);
            current = null;
        }
        if (current == null) {
            current = elected(opened, leaderEpoch, isr);
            LOGGER.info(
                    "Became leader partition={} leaderEpoch={} logEndOffset={}",
                    name,
                    leaderEpoch,
                    opened.logEndOffset());
        }
        current.isrChanged(isr);
        current.makeDurable();
        leader = current;
    }

    private PartitionLeader elected(PartitionLog opened, int leaderEpoch, IsrView isr) {
        LeaderTerm term =
                new LeaderTerm(nodeId, leaderEpoch, opened.logEndOffset(), flush == Flush.FSYNC);
        LeaderState state =
                LeaderState.elected(
                        term,
                        opened.durableEndOffset(),
                        Math.max(highWatermark, opened.logStartOffset()),
                        isr,
                        clock.nanoTime());
        return new PartitionLeader(name, opened, state, clock, timers);
    }

    /**
     * Deletes what {@code policy} lets go of, when run; where it may block. Empty while the log is
     * not open.
     */
    Optional<Runnable> retention(RetentionPolicy policy) {
        PartitionLog opened = log;
        if (opened == null) {
            return Optional.empty();
        }
        PartitionLeader leading = leader;
        long committed = leading == null ? highWatermark : leading.highWatermark();
        return Optional.of(
                () -> {
                    long before = opened.logStartOffset();
                    long start = opened.retain(policy, committed, clock.epochMillis());
                    if (leading != null && start > before) {
                        leading.wakeReaders();
                    }
                });
    }

    /** Ends the leadership, if there is one. */
    void resign(RejectedException reason) {
        PartitionLeader current = leader;
        if (current != null) {
            leader = null;
            current.resign(reason);
            highWatermark = current.highWatermark();
            LOGGER.info(
                    "Resigned partition={} leaderEpoch={} reason={}",
                    name,
                    current.leaderEpoch(),
                    reason.code());
        }
    }
}
