package io.kq.broker.partition;

import io.kq.broker.partition.ack.AckListener;
import io.kq.broker.partition.ack.AckQueue;
import io.kq.broker.partition.ack.AckTimer;
import io.kq.broker.partition.ack.Acks;
import io.kq.broker.partition.ack.DurabilityWatch;
import io.kq.broker.partition.ack.WaitingAck;
import io.kq.broker.partition.core.leader.Admission;
import io.kq.broker.partition.core.leader.FollowerProgress;
import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.broker.partition.core.leader.IsrView;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.broker.partition.core.leader.LeaderEffect;
import io.kq.broker.partition.core.leader.LeaderEffect.AbandonWaiting;
import io.kq.broker.partition.core.leader.LeaderEffect.AnswerCommitted;
import io.kq.broker.partition.core.leader.LeaderEffect.AnswerLeaderAcks;
import io.kq.broker.partition.core.leader.LeaderEffect.Propose;
import io.kq.broker.partition.core.leader.LeaderEffect.Refuse;
import io.kq.broker.partition.core.leader.LeaderInput;
import io.kq.broker.partition.core.leader.LeaderState;
import io.kq.broker.partition.isr.Proposals;
import io.kq.log.PartitionLog;
import io.kq.log.PartitionLog.AppendOutcome;
import io.kq.log.PartitionLog.EpochEnd;
import io.kq.metadata.decision.IsrProposal.Member;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchBytes;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The leader of one partition in one leader epoch: takes appends, says what may be read. Made by
 * {@link PartitionRegistry} when this node is elected, resigned by it once; the next epoch has
 * another one, so that nothing of an epoch is ever answered by another (R16).
 *
 * <p>Any thread. One lock guards the log's tail, the core's state and the waiting acknowledgements;
 * nobody is called back under it.
 */
public final class PartitionLeader implements PartitionRoute {

    private final TopicPartition partition;
    private final int leaderEpoch;
    private final PartitionLog log;
    private final LeaderCore core;
    private final Clock clock;
    private final AckTimer timer;

    /** Null with {@code flush=os}: then what is in the log counts. */
    private final @Nullable DurabilityWatch durability;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@link #lock}. */
    private LeaderState state;

    /** Guarded by {@link #lock}. */
    private final AckQueue acks = new AckQueue();

    private final LeaderLog reads;
    private final WatcherList watchers = new WatcherList();

    /** Changed under {@link #lock}. */
    private final ReplicaLinks followers;

    private final Proposals proposals;

    /** There is no other replica: nothing to be asked of a controller. */
    private volatile boolean alone;

    /** Set once, under the lock, when the epoch is over. */
    private volatile @Nullable RejectedException resigned;

    PartitionLeader(
            TopicPartition partition,
            PartitionLog log,
            LeaderCore core,
            LeaderState elected,
            Proposals proposals,
            Clock clock,
            EventLoop timers) {
        this.partition = partition;
        this.log = log;
        this.core = core;
        this.proposals = proposals;
        this.clock = clock;
        this.state = elected;
        this.followers = new ReplicaLinks(partition, elected.term().leaderEpoch());
        this.reads =
                new LeaderLog(
                        partition,
                        log,
                        elected.highWatermark(),
                        () -> {
                            wakeReaders();
                            wakeFollowers();
                        });
        this.leaderEpoch = elected.term().leaderEpoch();
        this.timer = new AckTimer(timers, this::expire);
        this.durability =
                elected.term().fsync() ? new DurabilityWatch(log, new Durability()) : null;
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The topic by its id: a topic made anew under the same name has another one. */
    public UUID topicId() {
        return log.partition().topicId();
    }

    /** The log, for those who read it. */
    public LeaderLog reads() {
        return reads;
    }

    /** Whether the epoch is not over. A caller that kept this leader asks for the route anew. */
    public boolean isLeading() {
        return resigned == null;
    }

    /**
     * Appends a batch on behalf of a producer, on the receiving event loop. What the append sets
     * free is answered before this returns, and woken when the turn ends.
     *
     * @param batch valid during the call only
     * @param timeoutNanos how long {@code listener} may wait for its acknowledgement
     * @param listener null if nobody waits ({@link Acks#NONE})
     * @throws RejectedException NOT_LEADER, NOT_ENOUGH_REPLICAS, and what {@link
     *     PartitionLog#append} refuses; nothing was appended and the listener is not called
     */
    public void append(
            BatchBytes batch,
            Acks wanted,
            long timeoutNanos,
            @Nullable AckListener listener,
            Turn turn) {
        long deadlineNanos = turn.nowNanos() + timeoutNanos;
        boolean waits;
        lock.lock();
        try {
            checkMayAppend(wanted);
            AppendOutcome done = log.append(batch, leaderEpoch, turn.nowMillis());
            if (listener != null) {
                WaitingAck waiting =
                        new WaitingAck(
                                done.baseOffset(),
                                done.nextOffset(),
                                done.duplicate(),
                                deadlineNanos,
                                listener);
                acks.add(wanted, waiting);
            }
            stepLocked(new LeaderInput.Appended(log.logEndOffset()), turn);
            if (!followers.isEmpty()) {
                turn.appended(this);
            }
            if (done.duplicate()) {
                releaseLocked(turn);
            }
            waits = !acks.isEmpty();
        } finally {
            lock.unlock();
        }
        turn.answerReleased(log.logStartOffset());
        makeDurable();
        if (waits) {
            timer.arm(deadlineNanos, turn.nowNanos());
        }
    }

    private void checkMayAppend(Acks wanted) {
        RejectedException over = resigned;
        if (over != null) {
            throw over;
        }
        switch (Admission.of(state, wanted == Acks.ALL)) {
            case TAKEN -> {}
            case NOT_LEADING -> throw new IllegalStateException("resigned without a reason");
            case NOT_ENOUGH_REPLICAS -> throw notEnoughReplicas(state.isr());
            case CONTROLLER_LOST ->
                    throw new RejectedException(
                            ErrorCode.QUORUM_LOST,
                            "the leader of "
                                    + partition
                                    + " has not heard of a controller for a session's length:"
                                    + " until it does it takes only acks=all");
        }
    }

    private RejectedException notEnoughReplicas(IsrView isr) {
        return new RejectedException(
                ErrorCode.NOT_ENOUGH_REPLICAS,
                partition + " has fewer in-sync replicas than min.insync.replicas",
                true,
                Map.of(
                        "isr", Integer.toString(isr.committed().size()),
                        "min_isr", Integer.toString(isr.minimum())));
    }

    /** With {@code flush=fsync}: has what is in the log written to the disk. */
    void makeDurable() {
        if (durability != null) {
            durability.onAppended();
        }
    }

    /** The log's flusher says how far the disk has it, or that it failed. */
    private final class Durability implements DurabilityWatch.Listener {
        @Override
        public void onDurable(long endOffset) {
            step(new LeaderInput.BecameDurable(endOffset));
        }

        @Override
        public void onFailed(Throwable failure) {
            abandonAll(Causes.rejection(failure));
        }
    }

    /** Takes the metadata quorum's newest word on who is in sync. Registry's loop. */
    void isrChanged(IsrView isr) {
        alone = isr.replicas().size() == 1;
        step(new LeaderInput.ViewChanged(isr));
    }

    /** Ends the epoch: those that wait are told that the outcome is unknown. Idempotent. */
    void resign(RejectedException reason) {
        List<PartitionWatcher> readers;
        List<ReplicaLink> subscribers;
        Turn turn = new Turn(clock);
        turn.begin();
        lock.lock();
        try {
            if (resigned != null) {
                return;
            }
            resigned = reason;
            reads.end(reason);
            stepLocked(new LeaderInput.Resigned(), turn);
            readers = watchers.close();
            subscribers = followers.close();
        } finally {
            lock.unlock();
        }
        timer.cancel();
        turn.abandonReleased(reason);
        turn.end();
        for (PartitionWatcher reader : readers) {
            reader.onResigned(reason);
        }
        for (ReplicaLink subscriber : subscribers) {
            subscriber.onEnded(reason);
        }
    }

    /**
     * Takes a follower's subscription, or says why not; {@code link} is told which. Blocking: looks
     * into the history of epochs.
     *
     * @throws RejectedException NOT_LEADER, STORAGE_FAULT; the link is not told then
     */
    public void subscribe(ReplicaSubscription asked, ReplicaLink link) {
        EpochEnd own = log.endOffsetForEpoch(asked.lastEpoch());
        LeaderInput input =
                new LeaderInput.Subscribed(
                        asked.replica(),
                        asked.brokerEpoch(),
                        asked.generation(),
                        asked.leaderEpoch(),
                        asked.endOffset(),
                        asked.lastEpoch(),
                        own.leaderEpoch(),
                        own.endOffset(),
                        log.logStartOffset());
        Turn turn = new Turn(clock);
        turn.begin();
        lock.lock();
        try {
            checkLeading();
            LeaderCore.Step step = core.step(state, input, turn.nowNanos());
            state = step.next();
            for (LeaderEffect effect : step.effects()) {
                followers.answer(effect, asked, link, turn);
            }
        } finally {
            lock.unlock();
        }
        turn.end();
    }

    /**
     * The follower wants no more, or cannot be reached. By the very subscription: another
     * incarnation's may have the same generation (rule 37).
     */
    public void unsubscribe(ReplicaLink link) {
        LeaderInput.Unsubscribed gone;
        lock.lock();
        try {
            gone = followers.remove(link);
        } finally {
            lock.unlock();
        }
        if (gone != null) {
            step(gone);
        }
    }

    /**
     * A follower says how far it has the log. What that commits is answered before this returns.
     */
    public void acknowledged(LeaderInput.Acknowledged said) {
        step(said);
    }

    private void propose(IsrProposal wanted) {
        proposals.propose(
                new io.kq.metadata.decision.IsrProposal(
                        topicId(),
                        partition.partition(),
                        wanted.leaderEpoch(),
                        wanted.partitionEpoch(),
                        wanted.members().stream()
                                .map(m -> new Member(m.replica(), m.brokerEpoch()))
                                .toList()),
                outcome -> step(new LeaderInput.ProposalAnswered(wanted.number(), outcome)));
    }

    /** Time has passed, and the disk may have failed or recovered. */
    void tick() {
        if (alone) {
            return;
        }
        step(new LeaderInput.StorageHealth(!log.isWritable()));
        step(new LeaderInput.Ticked());
    }

    /** Whether a controller has answered within a session's length. */
    void controllerReach(boolean lost) {
        if (alone) {
            return;
        }
        step(new LeaderInput.ControllerReach(lost));
    }

    /** Tells those that wait that the outcome is unknown; the epoch goes on. */
    private void abandonAll(RejectedException reason) {
        Turn turn = new Turn(clock);
        turn.begin();
        lock.lock();
        try {
            acks.releaseAll(turn.released());
        } finally {
            lock.unlock();
        }
        turn.abandonReleased(reason);
        turn.end();
    }

    private void step(LeaderInput input) {
        Turn turn = new Turn(clock);
        turn.begin();
        lock.lock();
        try {
            stepLocked(input, turn);
        } finally {
            lock.unlock();
        }
        turn.answerReleased(log.logStartOffset());
        turn.end();
    }

    /** Steps the core; collects what its effects set free, to be run without the lock. */
    private void stepLocked(LeaderInput input, Turn turn) {
        LeaderCore.Step step = core.step(state, input, turn.nowNanos());
        state = step.next();
        List<LeaderEffect> effects = step.effects();
        for (int i = 0; i < effects.size(); i++) {
            LeaderEffect effect = effects.get(i);
            if (effect instanceof AnswerLeaderAcks leaderAcks) {
                acks.releaseLeaderAcks(leaderAcks.endOffset(), turn.released());
            } else if (effect instanceof AnswerCommitted committed) {
                acks.releaseCommitted(committed.highWatermark(), turn.released());
                turn.advanced(this);
            } else if (effect instanceof AbandonWaiting) {
                acks.releaseAll(turn.released());
            } else if (effect instanceof Refuse refuse) {
                followers.end(refuse, turn);
            } else if (effect instanceof Propose propose) {
                turn.then(() -> propose(propose.proposal()));
            }
        }
        reads.publish(state.highWatermark(), core.isReadable(state));
    }

    /** A duplicate may have been satisfied before it came: no step says so. */
    private void releaseLocked(Turn turn) {
        acks.releaseLeaderAcks(state.ownEndOffset(), turn.released());
        acks.releaseCommitted(state.highWatermark(), turn.released());
    }

    /** Timer's loop. */
    private void expire() {
        Turn turn = new Turn(clock);
        turn.begin();
        long next = 0;
        boolean waits;
        lock.lock();
        try {
            acks.releaseExpired(turn.nowNanos(), turn.released());
            waits = !acks.isEmpty();
            if (waits) {
                next = acks.nearestDeadlineNanos();
            }
        } finally {
            lock.unlock();
        }
        turn.abandonReleased(
                new RejectedException(
                        ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                        "written by the leader of " + partition + ", not acknowledged in time"));
        turn.end();
        if (waits) {
            timer.arm(next, turn.nowNanos());
        }
    }

    /** Wakes those that wait for committed data. Not under the lock. */
    void wakeReaders() {
        watchers.onAdvanced();
    }

    /** Has followers pushed what is new. Not under the lock. */
    void wakeFollowers() {
        followers.onAdvanced();
    }

    /** The epoch in which this node leads. */
    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** By follower, how many records it has not acknowledged in this epoch. Any thread. */
    public Map<Integer, Long> lags() {
        LeaderState now;
        lock.lock();
        try {
            now = state;
        } finally {
            lock.unlock();
        }
        long start = log.logStartOffset();
        Map<Integer, Long> lags = new TreeMap<>();
        for (FollowerProgress follower : now.followers()) {
            long end = follower.hasAcknowledged() ? follower.endOffset() : start;
            lags.put(follower.replica(), Math.max(0, now.logEndOffset() - end));
        }
        return lags;
    }

    private void checkLeading() {
        RejectedException over = resigned;
        if (over != null) {
            throw over;
        }
    }

    /**
     * Tells {@code watcher} of data and of the end, until it is removed.
     *
     * @throws RejectedException the reason of the resignation, if that was before
     */
    public void addWatcher(PartitionWatcher watcher) {
        lock.lock();
        try {
            checkLeading();
            watchers.add(watcher);
        } finally {
            lock.unlock();
        }
    }

    /** Idempotent. */
    public void removeWatcher(PartitionWatcher watcher) {
        watchers.remove(watcher);
    }
}
