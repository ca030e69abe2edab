package io.kq.broker.partition.follower;

import io.kq.broker.partition.ack.DurabilityWatch;
import io.kq.broker.partition.core.follower.FollowedLeader;
import io.kq.broker.partition.core.follower.FollowerCore;
import io.kq.broker.partition.core.follower.FollowerEffect;
import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.AdvanceLogStart;
import io.kq.broker.partition.core.follower.FollowerEffect.Cut;
import io.kq.broker.partition.core.follower.FollowerEffect.Halt;
import io.kq.broker.partition.core.follower.FollowerEffect.Restart;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Take;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.WakeAt;
import io.kq.broker.partition.core.follower.FollowerInput;
import io.kq.broker.partition.core.follower.FollowerInput.Pushed;
import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.follower.FollowerState.Phase;
import io.kq.broker.partition.core.follower.LogEnds;
import io.kq.log.PartitionLog;
import io.kq.log.PartitionLog.EpochEnd;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica that follows, over all its leaders until this node leads itself: appends what it is
 * pushed, says how far it has the log, cuts what its leader does not have. Any thread; nobody is
 * called back under the lock, which guards the log's tail and the core's state.
 */
public final class PartitionFollower implements Follower {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionFollower.class);

    /** Short, since a new leader may hear of its election a moment after its followers did. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private static final FollowerCore CORE = new FollowerCore(RETRY_PAUSE.toNanos());

    private final TopicPartition partition;
    private final LeaderLinks leaders;
    private final FollowerFiles files;
    private final Clock clock;
    private final EventLoop timers;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@link #lock}. */
    private FollowerState state;

    /** Another one after a restart. Written under {@link #lock}, not while appends are possible. */
    private volatile PartitionLog log;

    private volatile DurabilityWatch durability;

    /**
     * Follows nobody yet.
     *
     * @param begin of {@code log} as it is
     */
    public PartitionFollower(
            TopicPartition partition,
            PartitionLog log,
            FollowerState begin,
            LeaderLinks leaders,
            FollowerFiles files,
            Clock clock,
            EventLoop timers) {
        this.partition = partition;
        this.log = log;
        this.state = begin;
        this.leaders = leaders;
        this.files = files;
        this.clock = clock;
        this.timers = timers;
        this.durability = watch(log);
    }

    /** A log as the core sees it. */
    public static LogEnds endsOf(PartitionLog log) {
        return new LogEnds(
                log.logStartOffset(),
                log.logEndOffset(),
                log.durableEndOffset(),
                log.lastLeaderEpoch());
    }

    @Override
    public TopicPartition partition() {
        return partition;
    }

    @Override
    public TopicIdPartition id() {
        return log.partition();
    }

    /** What it knows now. */
    public FollowerState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** The log as it is now; another one after the replica began anew. */
    public PartitionLog log() {
        return log;
    }

    /** Whether its log is being changed, so that nobody else may. */
    public boolean isCutting() {
        return state().phase() == Phase.CUTTING;
    }

    /** The image shows this leader; {@link FollowedLeader#NOBODY}: it follows nobody any more. */
    public void follow(FollowedLeader leader) {
        step(new FollowerInput.LeaderChanged(leader));
    }

    /** Follows nobody any more, whatever the image says: the replica goes, or the node stops. */
    public void close() {
        int epoch = state().leader().leaderEpoch();
        follow(new FollowedLeader(FollowedLeader.NOBODY, epoch + 1, -1));
    }

    /** Whether only what is on the disk is acknowledged from now on. */
    public void flushChanged(boolean fsync) {
        step(new FollowerInput.FlushChanged(fsync));
        makeDurable();
    }

    /**
     * The disk may have failed or recovered, and what a cut let fail be asked of it again: nothing
     * may be appended any more that would.
     */
    public void tick() {
        boolean writable = log.isWritable();
        step(new FollowerInput.StorageHealth(!writable));
        if (writable) {
            makeDurable();
        }
    }

    @Override
    public void pushed(
            long generation,
            int leaderEpoch,
            long highWatermark,
            long logStartOffset,
            List<BatchBytes> batches) {
        List<FollowerEffect> effects = new ArrayList<>();
        lock.lock();
        try {
            long base = batches.isEmpty() ? Pushed.NO_DATA : beginning(batches.get(0).header());
            stepLocked(
                    new Pushed(generation, leaderEpoch, base, highWatermark, logStartOffset),
                    effects);
            if (effects.removeIf(effect -> effect instanceof Take)) {
                takeLocked(batches, leaderEpoch, effects);
            }
        } finally {
            lock.unlock();
        }
        run(effects);
        makeDurable();
    }

    /**
     * Where a batch goes on from this log. Where the leader has compacted, one batch stands for
     * offsets of which this log may have the first ones.
     */
    private long beginning(RecordBatchHeader header) {
        long end = log.logEndOffset();
        boolean reachesOver = header.baseOffset() < end && header.nextOffset() > end;
        return reachesOver && header.isPlaceholder() ? end : header.baseOffset();
    }

    private void takeLocked(
            List<BatchBytes> batches, int leaderEpoch, List<FollowerEffect> effects) {
        FollowerInput problem = null;
        long before = log.logEndOffset();
        try {
            for (BatchBytes batch : batches) {
                requireOfEpoch(batch, leaderEpoch);
                log.appendAsFollower(batch, clock.epochMillis());
            }
        } catch (RejectedException refused) {
            boolean disk =
                    refused.code() == ErrorCode.DISK_FULL
                            || refused.code() == ErrorCode.STORAGE_FAULT;
            LOG.warn(
                    "Did not take what the leader pushed partition={} reason={} message={}",
                    partition,
                    refused.code(),
                    refused.getMessage());
            problem =
                    disk ? new FollowerInput.StorageHealth(true) : new FollowerInput.PushRefused();
        }
        if (log.logEndOffset() > before) {
            stepLocked(
                    new FollowerInput.Appended(log.logEndOffset(), log.lastLeaderEpoch()), effects);
        }
        if (problem != null) {
            stepLocked(problem, effects);
        }
    }

    /**
     * A leader that was replaced may cut its log and go on as a follower while slices of its files
     * are on their way: what they hold then is the next leader's, and does not follow what was
     * pushed before.
     */
    private static void requireOfEpoch(BatchBytes batch, int leaderEpoch) {
        if (batch.header().leaderEpoch() > leaderEpoch) {
            throw new RejectedException(
                    ErrorCode.FENCED_LEADER_EPOCH,
                    "the leader of epoch "
                            + leaderEpoch
                            + " pushed a batch of epoch "
                            + batch.header().leaderEpoch());
        }
    }

    /** Looks into its own history of epochs where the files' work runs. */
    @Override
    public void diverged(long generation, int leaderEpoch, int epoch, long endOffset) {
        files.run(
                () -> {
                    EpochEnd own = log.endOffsetForEpoch(epoch);
                    step(
                            new FollowerInput.Diverged(
                                    generation,
                                    leaderEpoch,
                                    epoch,
                                    endOffset,
                                    own.leaderEpoch(),
                                    own.endOffset()));
                });
    }

    @Override
    public void lost(long generation) {
        step(new FollowerInput.SubscriptionLost(generation));
    }

    private void step(FollowerInput input) {
        List<FollowerEffect> effects = new ArrayList<>();
        lock.lock();
        try {
            stepLocked(input, effects);
        } finally {
            lock.unlock();
        }
        run(effects);
    }

    private void stepLocked(FollowerInput input, List<FollowerEffect> effects) {
        FollowerCore.Step step = CORE.step(state, input, clock.nanoTime());
        state = step.next();
        effects.addAll(step.effects());
    }

    private void run(List<FollowerEffect> effects) {
        for (FollowerEffect effect : effects) {
            run(effect);
        }
    }

    private void run(FollowerEffect effect) {
        if (effect instanceof Acknowledge said) {
            leaders.acknowledge(this, said);
        } else if (effect instanceof Subscribe asked) {
            leaders.subscribe(this, asked);
        } else if (effect instanceof Unsubscribe over) {
            leaders.unsubscribe(this, over);
        } else if (effect instanceof WakeAt wake) {
            long delay = Math.max(0, wake.nanos() - clock.nanoTime());
            timers.schedule(Duration.ofNanos(delay), () -> step(new FollowerInput.Ticked()));
        } else if (effect instanceof Cut cut) {
            change("cut", () -> log.truncateTo(cut.endOffset()));
        } else if (effect instanceof Restart restart) {
            change("begin anew", () -> restarted(files.restart(restart.startOffset())));
        } else if (effect instanceof AdvanceLogStart advance) {
            files.run(() -> advance(advance.startOffset()));
        } else if (effect instanceof Halt halt) {
            LOG.error(
                    "Replica stands still: its leader's log parts from it below what was committed"
                            + " partition={} at={} highWatermark={}",
                    partition,
                    halt.cutOffset(),
                    halt.highWatermark());
        }
    }

    /** Changes the log's files, and tells the core what it is then, also when that failed. */
    private void change(String what, Runnable work) {
        files.run(
                () -> {
                    try {
                        work.run();
                        LOG.info(
                                "Log is as the leader needs it change={} partition={} start={}"
                                        + " end={}",
                                what,
                                partition,
                                log.logStartOffset(),
                                log.logEndOffset());
                    } catch (RejectedException e) {
                        LOG.error(
                                "Could not {} the log partition={} reason={} message={}",
                                what,
                                partition,
                                e.code(),
                                e.getMessage());
                        step(new FollowerInput.StorageHealth(true));
                    }
                    step(new FollowerInput.LogChanged(endsOf(log)));
                });
    }

    private void restarted(PartitionLog begun) {
        lock.lock();
        try {
            log = begun;
            durability = watch(begun);
        } finally {
            lock.unlock();
        }
    }

    private void advance(long startOffset) {
        try {
            log.deleteRecords(Math.min(startOffset, log.logEndOffset()));
        } catch (RejectedException e) {
            LOG.warn(
                    "Could not delete what the leader has not any more partition={} reason={}"
                            + " message={}",
                    partition,
                    e.code(),
                    e.getMessage());
        }
    }

    private void makeDurable() {
        if (state().fsync()) {
            durability.onAppended();
        }
    }

    private DurabilityWatch watch(PartitionLog watched) {
        return new DurabilityWatch(
                watched,
                new DurabilityWatch.Listener() {
                    @Override
                    public void onDurable(long endOffset) {
                        if (log == watched) {
                            step(new FollowerInput.BecameDurable(endOffset));
                        }
                    }

                    @Override
                    public void onFailed(Throwable failure) {
                        LOG.debug("Not durable partition={}", partition, failure);
                        if (log == watched) {
                            step(new FollowerInput.StorageHealth(!watched.isWritable()));
                        }
                    }
                });
    }
}
