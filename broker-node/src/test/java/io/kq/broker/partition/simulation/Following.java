package io.kq.broker.partition.simulation;

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
import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.simulation.Message.Batches;
import io.kq.broker.partition.simulation.Message.Copied;
import io.kq.broker.partition.simulation.Message.Diverged;
import io.kq.broker.partition.simulation.Message.Refused;
import java.util.List;

/** The shell around a {@link FollowerCore}: reads, writes and sends. Decides nothing. */
final class Following {

    private final Replica replica;
    private final FollowerCore core;
    private FollowerState state;

    /** Of the present subscription, or of the last. */
    private int connection = -1;

    /** The epoch after which a leader said that its log is another one. */
    private int divergedAfter = -1;

    Following(Replica replica, FollowerCore core, FollowerState state) {
        this.replica = replica;
        this.core = core;
        this.state = state;
    }

    Following copy(Replica owner) {
        Following copy = new Following(owner, core, state);
        copy.connection = connection;
        return copy;
    }

    FollowerState state() {
        return state;
    }

    void receive(int from, int on, Message message) {
        if (message instanceof Batches batches) {
            step(
                    new FollowerInput.Pushed(
                            batches.generation(),
                            batches.leaderEpoch(),
                            batches.baseOffset(),
                            batches.highWatermark(),
                            batches.logStart()),
                    batches);
        } else if (message instanceof Diverged diverged) {
            ReplicaLog.EpochEnd own = replica.log().endOf(diverged.epoch());
            divergedAfter = diverged.epoch();
            input(
                    new FollowerInput.Diverged(
                            diverged.generation(),
                            diverged.leaderEpoch(),
                            diverged.epoch(),
                            diverged.endOffset(),
                            own.epoch(),
                            own.endOffset()));
        } else if (message instanceof Refused refused) {
            input(new FollowerInput.SubscriptionLost(refused.generation()));
        }
    }

    void disconnected(int broken) {
        if (connection == broken) {
            input(new FollowerInput.SubscriptionLost(state.generation()));
        }
    }

    /** Nobody is followed from now on: another role begins. */
    void leave(int leaderEpoch, int uncleanEpoch) {
        input(
                new FollowerInput.LeaderChanged(
                        new FollowedLeader(FollowedLeader.NOBODY, leaderEpoch, uncleanEpoch)));
    }

    void input(FollowerInput input) {
        step(input, NOTHING);
    }

    private static final Batches NOTHING = new Batches(0, 0, 0, 0, 0, -1, List.of(), false);

    private void step(FollowerInput input, Batches pushed) {
        long before = state.highWatermark();
        FollowerCore.Step step = core.step(state, input, replica.ports().nowNanos());
        if (!step.effects().isEmpty() || !step.next().equals(state)) {
            if (input instanceof FollowerInput.Pushed said) {
                replica.ports().believed(replica, said.generation(), said.leaderEpoch());
            } else if (input instanceof FollowerInput.Diverged said) {
                replica.ports().believed(replica, said.generation(), said.leaderEpoch());
            }
        }
        state = step.next();
        boolean cut =
                step.effects().stream().anyMatch(e -> e instanceof Cut || e instanceof Restart);
        if (state.highWatermark() != before && !cut) {
            replica.ports().watermarkMoved(replica, before, state.highWatermark());
        }
        for (FollowerEffect effect : step.effects()) {
            perform(effect, pushed);
        }
    }

    private void perform(FollowerEffect effect, Batches pushed) {
        ReplicaPorts ports = replica.ports();
        if (effect instanceof Subscribe subscribe) {
            subscribe(subscribe);
        } else if (effect instanceof Unsubscribe gone) {
            ports.send(
                    connection,
                    gone.leader(),
                    new Message.Unsubscribe(replica.partition(), gone.generation()));
        } else if (effect instanceof Acknowledge acknowledge) {
            ports.send(
                    connection,
                    acknowledge.leader(),
                    new Message.Progress(
                            replica.partition(),
                            acknowledge.leaderEpoch(),
                            ports.brokerEpoch(),
                            acknowledge.generation(),
                            replica.acknowledged(acknowledge.endOffset()),
                            acknowledge.failed()));
        } else if (effect instanceof Take) {
            take(pushed);
        } else if (effect instanceof Cut cut) {
            ports.cutting(replica, cut.endOffset(), divergedAfter);
            replica.log().cut(cut.endOffset());
            changed();
        } else if (effect instanceof Restart restart) {
            replica.log().restart(restart.startOffset());
            changed();
        } else if (effect instanceof AdvanceLogStart advance) {
            replica.log().trim(advance.startOffset());
        } else if (effect instanceof WakeAt wake) {
            ports.wakeAt(replica, wake.nanos());
        } else if (effect instanceof Halt halt) {
            ports.halted(replica, halt.cutOffset(), halt.highWatermark());
        }
    }

    private void subscribe(Subscribe asked) {
        connection = replica.ports().connect(asked.leader());
        replica.ports()
                .send(
                        connection,
                        asked.leader(),
                        new Message.Subscribe(
                                replica.partition(),
                                asked.leaderEpoch(),
                                replica.ports().brokerEpoch(),
                                asked.generation(),
                                asked.endOffset(),
                                asked.lastEpoch()));
    }

    private void changed() {
        replica.ports().logChanged(replica);
        input(new FollowerInput.LogChanged(replica.log().ends()));
    }

    private void take(Batches pushed) {
        ReplicaPorts ports = replica.ports();
        if (pushed.damaged()) {
            input(new FollowerInput.PushRefused());
            return;
        }
        if (!ports.takesWrites()) {
            input(new FollowerInput.StorageHealth(true));
            return;
        }
        for (Copied record : pushed.records()) {
            replica.log().append(record.epoch(), record.value());
        }
        input(new FollowerInput.Appended(replica.log().end(), replica.log().lastEpoch()));
        if (replica.fsync()) {
            ports.flush(replica);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Following that
                && state.equals(that.state)
                && connection == that.connection;
    }

    @Override
    public int hashCode() {
        return 31 * state.hashCode() + connection;
    }
}
