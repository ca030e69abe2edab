package io.kq.broker.partition.core.follower;

import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.AdvanceLogStart;
import io.kq.broker.partition.core.follower.FollowerEffect.Cut;
import io.kq.broker.partition.core.follower.FollowerEffect.Halt;
import io.kq.broker.partition.core.follower.FollowerEffect.Restart;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Take;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.WakeAt;
import io.kq.broker.partition.core.follower.FollowerInput.Appended;
import io.kq.broker.partition.core.follower.FollowerInput.BecameDurable;
import io.kq.broker.partition.core.follower.FollowerInput.Diverged;
import io.kq.broker.partition.core.follower.FollowerInput.FlushChanged;
import io.kq.broker.partition.core.follower.FollowerInput.LeaderChanged;
import io.kq.broker.partition.core.follower.FollowerInput.LogChanged;
import io.kq.broker.partition.core.follower.FollowerInput.PushRefused;
import io.kq.broker.partition.core.follower.FollowerInput.Pushed;
import io.kq.broker.partition.core.follower.FollowerInput.StorageHealth;
import io.kq.broker.partition.core.follower.FollowerInput.SubscriptionLost;
import io.kq.broker.partition.core.follower.FollowerInput.Ticked;
import io.kq.broker.partition.core.follower.FollowerState.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what a follower does about its leader's words. Pure: the same state, input and time give
 * the same step, on any thread.
 */
public final class FollowerCore {

    private final FollowerRules rules;
    private final long retryPauseNanos;

    /**
     * A core with kq's rules.
     *
     * @param retryPauseNanos between a subscription that was refused or lost and the next
     */
    public FollowerCore(long retryPauseNanos) {
        this(FollowerRules.STANDARD, retryPauseNanos);
    }

    /** A core with rules of its own. */
    public FollowerCore(FollowerRules rules, long retryPauseNanos) {
        this.rules = rules;
        this.retryPauseNanos = retryPauseNanos;
    }

    /** The state after a step, and what is to be done about it. */
    public record Step(FollowerState next, List<FollowerEffect> effects) {}

    /**
     * One step.
     *
     * @param nowNanos monotonic
     */
    public Step step(FollowerState state, FollowerInput input, long nowNanos) {
        if (input instanceof Pushed pushed) {
            return pushed(state, pushed, nowNanos);
        }
        if (input instanceof Appended appended) {
            return appended(state, appended);
        }
        if (input instanceof BecameDurable durable) {
            return durable(state, durable.endOffset());
        }
        if (input instanceof LeaderChanged changed) {
            return leaderChanged(state, changed.leader());
        }
        if (input instanceof Diverged diverged) {
            return diverged(state, diverged, nowNanos);
        }
        if (input instanceof LogChanged changed) {
            return logChanged(state, changed.log());
        }
        if (input instanceof SubscriptionLost lost) {
            return lost.generation() == state.generation() && state.isSubscribed()
                    ? pausing(state, List.of(), nowNanos)
                    : nothing(state);
        }
        if (input instanceof PushRefused) {
            return state.isSubscribed() ? givenUp(state, nowNanos) : nothing(state);
        }
        if (input instanceof StorageHealth health) {
            return storageHealth(state, health.failed());
        }
        if (input instanceof FlushChanged flush) {
            return reached(state, state.withDisk(flush.fsync(), state.storageFailed()));
        }
        if (input instanceof Ticked) {
            return state.phase() == Phase.PAUSING && nowNanos - state.retryNanos() >= 0
                    ? subscribing(state, List.of())
                    : nothing(state);
        }
        throw new IllegalStateException("no rule for " + input);
    }

    private static Step nothing(FollowerState state) {
        return new Step(state, List.of());
    }

    /** An older epoch is late news (M9). A new one gives a halted replica another chance. */
    private static Step leaderChanged(FollowerState state, FollowedLeader leader) {
        if (leader.leaderEpoch() < state.leader().leaderEpoch() || leader.equals(state.leader())) {
            return nothing(state);
        }
        if (leader.leaderEpoch() == state.leader().leaderEpoch()
                && leader.nodeId() == state.leader().nodeId()) {
            return nothing(state.withLeader(leader));
        }
        List<FollowerEffect> effects = new ArrayList<>();
        if (state.isSubscribed()) {
            effects.add(unsubscribe(state));
        }
        FollowerState next = state.withLeader(leader);
        return next.phase() == Phase.CUTTING ? new Step(next, effects) : subscribing(next, effects);
    }

    private static Step subscribing(FollowerState state, List<FollowerEffect> before) {
        if (!state.leader().exists()) {
            return new Step(state.with(Phase.IDLE), before);
        }
        FollowerState next = state.subscribing();
        List<FollowerEffect> effects = new ArrayList<>(before);
        effects.add(
                new Subscribe(
                        next.leader().nodeId(),
                        next.generation(),
                        next.leader().leaderEpoch(),
                        next.log().endOffset(),
                        next.log().lastEpoch()));
        return new Step(next, effects);
    }

    private Step pausing(FollowerState state, List<FollowerEffect> before, long nowNanos) {
        FollowerState next = state.pausing(nowNanos + retryPauseNanos);
        List<FollowerEffect> effects = new ArrayList<>(before);
        effects.add(new WakeAt(next.retryNanos()));
        return new Step(next, effects);
    }

    /** Ends the subscription from this side, to begin another one. */
    private Step givenUp(FollowerState state, long nowNanos) {
        return pausing(state, List.of(unsubscribe(state)), nowNanos);
    }

    private Step pushed(FollowerState state, Pushed input, long nowNanos) {
        if (!rules.responses().accepts(state, input.generation(), input.leaderEpoch())) {
            return nothing(state);
        }
        if (state.storageFailed()) {
            return failed(state);
        }
        if (input.leaderLogStart() > state.log().endOffset()) {
            return new Step(
                    state.with(Phase.CUTTING),
                    List.of(unsubscribe(state), new Restart(input.leaderLogStart())));
        }
        List<FollowerEffect> effects = new ArrayList<>(2);
        FollowerState next = trimmed(told(state, input), input, effects);
        if (state.phase() == Phase.SUBSCRIBING) {
            next = next.with(Phase.FOLLOWING);
            effects.add(acknowledge(next));
        }
        if (input.hasData() && input.baseOffset() > next.log().endOffset()) {
            return givenUp(next, nowNanos);
        }
        if (input.hasData() && input.baseOffset() == next.log().endOffset()) {
            effects.add(new Take());
        }
        return new Step(next, effects);
    }

    private static FollowerState told(FollowerState state, Pushed input) {
        return state.with(
                state.log(),
                state.watermark()
                        .raised(
                                input.leaderHighWatermark(),
                                state.leader().leaderEpoch(),
                                state.log().endOffset()));
    }

    /** The log start follows the leader's, as far as is known to be committed (rule 11). */
    private static FollowerState trimmed(
            FollowerState state, Pushed input, List<FollowerEffect> effects) {
        long start = Math.min(input.leaderLogStart(), state.highWatermark());
        if (start <= state.log().startOffset()) {
            return state;
        }
        effects.add(new AdvanceLogStart(start));
        return state.with(state.log().startingAt(start), state.watermark());
    }

    private static Unsubscribe unsubscribe(FollowerState state) {
        return new Unsubscribe(state.leader().nodeId(), state.generation());
    }

    private static Acknowledge acknowledge(FollowerState state) {
        return new Acknowledge(
                state.leader().nodeId(),
                state.generation(),
                state.leader().leaderEpoch(),
                state.acknowledgedEnd(),
                state.storageFailed());
    }

    private static Step appended(FollowerState state, Appended input) {
        LogEnds log = state.log().appended(input.endOffset(), input.lastEpoch());
        KnownWatermark watermark = state.watermark();
        FollowerState next =
                state.with(
                        log,
                        watermark.raised(
                                watermark.told(), state.leader().leaderEpoch(), log.endOffset()));
        return !next.fsync() && next.phase() == Phase.FOLLOWING
                ? new Step(next, List.of(acknowledge(next)))
                : nothing(next);
    }

    private static Step durable(FollowerState state, long endOffset) {
        FollowerState next = state.with(state.log().durable(endOffset), state.watermark());
        return reached(state, next);
    }

    /** Acknowledges if there is more to acknowledge than before. */
    private static Step reached(FollowerState before, FollowerState next) {
        boolean more = next.acknowledgedEnd() > before.acknowledgedEnd();
        return more && next.phase() == Phase.FOLLOWING
                ? new Step(next, List.of(acknowledge(next)))
                : nothing(next);
    }

    private Step diverged(FollowerState state, Diverged input, long nowNanos) {
        if (!rules.responses().accepts(state, input.generation(), input.leaderEpoch())) {
            return nothing(state);
        }
        if (state.storageFailed()) {
            return nothing(state.with(Phase.IDLE));
        }
        long point = rules.truncation().point(input, state);
        if (point >= state.log().endOffset()) {
            // Nothing of this log is in the way: ask again.
            return pausing(state, List.of(), nowNanos);
        }
        boolean allowed =
                point >= state.highWatermark()
                        || state.log().isEmpty()
                        || state.leader().uncleanEpoch() > state.watermark().epoch()
                        || rules.cutsCommitted();
        if (!allowed) {
            return new Step(
                    state.with(Phase.HALTED), List.of(new Halt(point, state.highWatermark())));
        }
        FollowerEffect cut =
                point < state.log().startOffset() ? new Restart(point) : new Cut(point);
        return new Step(state.with(Phase.CUTTING), List.of(cut));
    }

    private static Step logChanged(FollowerState state, LogEnds log) {
        FollowerState next = state.with(log, state.watermark().within(log));
        if (next.phase() != Phase.CUTTING) {
            return nothing(next);
        }
        return next.storageFailed() ? nothing(next.with(Phase.IDLE)) : subscribing(next, List.of());
    }

    /** Tells the leader, which takes a member that cannot write out of the ISR (rule 17). */
    private static Step failed(FollowerState state) {
        FollowerState next = state.with(Phase.IDLE);
        return new Step(next, List.of(acknowledge(next), unsubscribe(next)));
    }

    private static Step storageHealth(FollowerState state, boolean failed) {
        if (failed == state.storageFailed()) {
            return nothing(state);
        }
        FollowerState next = state.withDisk(state.fsync(), failed);
        if (failed) {
            return next.phase() == Phase.FOLLOWING ? failed(next) : nothing(next);
        }
        return next.phase() == Phase.IDLE ? subscribing(next, List.of()) : nothing(next);
    }
}
