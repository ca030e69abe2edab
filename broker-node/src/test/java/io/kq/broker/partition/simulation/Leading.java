package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.leader.Admission;
import io.kq.broker.partition.core.leader.FollowerProgress;
import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.broker.partition.core.leader.LeaderEffect;
import io.kq.broker.partition.core.leader.LeaderEffect.AbandonWaiting;
import io.kq.broker.partition.core.leader.LeaderEffect.AnswerCommitted;
import io.kq.broker.partition.core.leader.LeaderEffect.AnswerLeaderAcks;
import io.kq.broker.partition.core.leader.LeaderEffect.Propose;
import io.kq.broker.partition.core.leader.LeaderEffect.Push;
import io.kq.broker.partition.core.leader.LeaderEffect.Refuse;
import io.kq.broker.partition.core.leader.LeaderEffect.TellDiverged;
import io.kq.broker.partition.core.leader.LeaderInput;
import io.kq.broker.partition.core.leader.LeaderState;
import io.kq.broker.partition.simulation.Message.Batches;
import io.kq.broker.partition.simulation.Message.Copied;
import io.kq.broker.partition.simulation.Message.Diverged;
import io.kq.broker.partition.simulation.Message.Progress;
import io.kq.broker.partition.simulation.Message.Refused;
import io.kq.broker.partition.simulation.Message.Subscribe;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shell around a {@link LeaderCore} in one leader epoch: writes, waiting producers, pushes to
 * followers. Decides nothing.
 */
final class Leading {

    /** How many records one push has at most. */
    private static final int PUSHED_MAX = 3;

    /** What a follower is pushed next, by whom it has been told so far. */
    private record Cursor(
            long brokerEpoch,
            long generation,
            int connection,
            long next,
            long toldHighWatermark,
            long toldStart) {}

    private final Replica replica;
    private final LeaderCore core;
    private final Map<Integer, Cursor> cursors;
    private LeaderState state;

    /** On which connection the subscription came that is being judged, -1: none is. */
    private int askedOn = -1;

    /** Whose it is. */
    private long askedBrokerEpoch = -1;

    Leading(Replica replica, LeaderCore core, LeaderState elected) {
        this(replica, core, elected, new TreeMap<>());
    }

    private Leading(
            Replica replica, LeaderCore core, LeaderState state, Map<Integer, Cursor> cursors) {
        this.replica = replica;
        this.core = core;
        this.state = state;
        this.cursors = cursors;
    }

    Leading copy(Replica owner) {
        return new Leading(owner, core, state, new TreeMap<>(cursors));
    }

    LeaderState state() {
        return state;
    }

    boolean isReadable() {
        return core.isReadable(state);
    }

    /** Takes a write, or says why not. */
    Admission append(long request, long value, boolean all) {
        Admission admission = Admission.of(state, all);
        if (admission != Admission.TAKEN) {
            return admission;
        }
        ReplicaLog log = replica.log();
        long offset = log.find(value);
        boolean duplicate = offset >= 0;
        if (!duplicate) {
            offset = log.end();
            log.append(epoch(), value);
        }
        if (request >= 0) {
            replica.waiting().add(new Waiting(request, value, offset, epoch(), all, duplicate));
        }
        step(new LeaderInput.Appended(log.end()));
        if (duplicate) {
            release(false, state.ownEndOffset());
            release(true, state.highWatermark());
        }
        if (replica.fsync()) {
            replica.ports().flush(replica);
        }
        pump();
        return admission;
    }

    void receive(int from, int connection, Message message) {
        if (message instanceof Subscribe asked) {
            ReplicaLog.EpochEnd own = replica.log().endOf(asked.lastEpoch());
            askedOn = connection;
            askedBrokerEpoch = asked.brokerEpoch();
            step(
                    new LeaderInput.Subscribed(
                            from,
                            asked.brokerEpoch(),
                            asked.generation(),
                            asked.leaderEpoch(),
                            asked.endOffset(),
                            asked.lastEpoch(),
                            own.epoch(),
                            own.endOffset(),
                            replica.log().start()));
            askedOn = -1;
        } else if (message instanceof Progress progress) {
            FollowerProgress before = state.follower(from);
            step(
                    new LeaderInput.Acknowledged(
                            from,
                            progress.brokerEpoch(),
                            progress.generation(),
                            progress.leaderEpoch(),
                            progress.endOffset(),
                            progress.failed()));
            if (!Objects.equals(before, state.follower(from))) {
                replica.ports().counted(replica, from, progress);
            }
        } else if (message instanceof Message.Unsubscribe gone) {
            Cursor cursor = cursors.get(from);
            // Two incarnations of a follower use the same numbers, not the same connection.
            if (cursor != null
                    && cursor.generation() == gone.generation()
                    && cursor.connection() == connection) {
                unsubscribed(from, cursors.remove(from));
            }
        }
        pump();
    }

    /** The connection is gone, and what was subscribed on it. */
    void disconnected(int connection) {
        for (Map.Entry<Integer, Cursor> entry : List.copyOf(cursors.entrySet())) {
            if (entry.getValue().connection() == connection) {
                unsubscribed(entry.getKey(), cursors.remove(entry.getKey()));
            }
        }
    }

    private void unsubscribed(int follower, @Nullable Cursor gone) {
        if (gone != null) {
            step(new LeaderInput.Unsubscribed(follower, gone.brokerEpoch(), gone.generation()));
        }
    }

    void input(LeaderInput input) {
        step(input);
        pump();
    }

    private int epoch() {
        return state.term().leaderEpoch();
    }

    private void step(LeaderInput input) {
        long before = state.highWatermark();
        LeaderCore.Step step = core.step(state, input, replica.ports().nowNanos());
        state = step.next();
        if (state.highWatermark() != before) {
            replica.ports().watermarkMoved(replica, before, state.highWatermark());
        }
        for (LeaderEffect effect : step.effects()) {
            perform(effect);
        }
    }

    private void perform(LeaderEffect effect) {
        ReplicaPorts ports = replica.ports();
        if (effect instanceof AnswerLeaderAcks answer) {
            release(false, answer.endOffset());
        } else if (effect instanceof AnswerCommitted answer) {
            release(true, answer.highWatermark());
        } else if (effect instanceof AbandonWaiting) {
            List<Waiting> all = new ArrayList<>(replica.waiting());
            replica.waiting().clear();
            all.forEach(waiting -> ports.abandoned(replica, waiting));
        } else if (effect instanceof Push push) {
            cursors.put(
                    push.replica(),
                    new Cursor(
                            askedBrokerEpoch,
                            push.generation(),
                            askedOn,
                            push.fromOffset(),
                            -1,
                            -1));
        } else if (effect instanceof TellDiverged told) {
            cursors.remove(told.replica());
            ports.send(
                    askedOn,
                    told.replica(),
                    new Diverged(
                            replica.partition(),
                            told.generation(),
                            epoch(),
                            told.epoch(),
                            told.endOffset()));
        } else if (effect instanceof Refuse refuse) {
            refuse(refuse);
        } else if (effect instanceof Propose propose) {
            ports.propose(replica, propose.proposal());
        }
    }

    /** Either what was asked just now, or a subscription that was pushed for. */
    private void refuse(Refuse refuse) {
        int connection = askedOn;
        if (connection < 0) {
            Cursor ended = cursors.remove(refuse.replica());
            connection = ended == null ? -1 : ended.connection();
        }
        replica.ports()
                .send(
                        connection,
                        refuse.replica(),
                        new Refused(replica.partition(), refuse.generation(), refuse.reason()));
    }

    /** Answers those at the head of a line that have what they wait for. */
    private void release(boolean all, long end) {
        for (Iterator<Waiting> i = replica.waiting().iterator(); i.hasNext(); ) {
            Waiting waiting = i.next();
            if (waiting.all() != all) {
                continue;
            }
            if (waiting.endOffset() > end) {
                return;
            }
            i.remove();
            replica.ports().acknowledged(replica, waiting);
        }
    }

    /** Pushes to each follower what it does not have, and the high watermark. */
    void pump() {
        for (Map.Entry<Integer, Cursor> entry : cursors.entrySet()) {
            Cursor cursor = push(entry.getKey(), entry.getValue());
            while (cursor != null) {
                entry.setValue(cursor);
                cursor = push(entry.getKey(), cursor);
            }
        }
    }

    /** Null: there is nothing to tell. */
    private @Nullable Cursor push(int follower, Cursor cursor) {
        ReplicaLog log = replica.log();
        long next = cursor.next();
        List<Copied> records = new ArrayList<>();
        if (next >= log.start()) {
            for (long o = next; o < log.end() && records.size() < PUSHED_MAX; o++) {
                records.add(new Copied(log.epochAt(o), log.valueAt(o)));
            }
        }
        if (records.isEmpty()
                && cursor.toldHighWatermark() == state.highWatermark()
                && cursor.toldStart() == log.start()) {
            return null;
        }
        replica.ports()
                .send(
                        cursor.connection(),
                        follower,
                        new Batches(
                                replica.partition(),
                                cursor.generation(),
                                epoch(),
                                state.highWatermark(),
                                log.start(),
                                records.isEmpty() ? LEADER_HAS_NO_DATA : next,
                                records,
                                false));
        return new Cursor(
                cursor.brokerEpoch(),
                cursor.generation(),
                cursor.connection(),
                next + records.size(),
                state.highWatermark(),
                log.start());
    }

    private static final long LEADER_HAS_NO_DATA = -1;

    void answered(long number, IsrProposal.Outcome outcome) {
        input(new LeaderInput.ProposalAnswered(number, outcome));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Leading that
                && state.equals(that.state)
                && cursors.equals(that.cursors);
    }

    @Override
    public int hashCode() {
        return 31 * state.hashCode() + cursors.hashCode();
    }
}
