package io.kq.broker.partition.core.leader;

import io.kq.broker.partition.core.leader.IsrProposal.Outcome;
import io.kq.broker.partition.core.leader.LeaderEffect.AbandonWaiting;
import io.kq.broker.partition.core.leader.LeaderEffect.AnswerCommitted;
import io.kq.broker.partition.core.leader.LeaderEffect.AnswerLeaderAcks;
import io.kq.broker.partition.core.leader.LeaderEffect.Propose;
import io.kq.broker.partition.core.leader.LeaderEffect.Push;
import io.kq.broker.partition.core.leader.LeaderEffect.Refuse;
import io.kq.broker.partition.core.leader.LeaderEffect.TellDiverged;
import io.kq.broker.partition.core.leader.LeaderInput.Acknowledged;
import io.kq.broker.partition.core.leader.LeaderInput.Appended;
import io.kq.broker.partition.core.leader.LeaderInput.BecameDurable;
import io.kq.broker.partition.core.leader.LeaderInput.ControllerReach;
import io.kq.broker.partition.core.leader.LeaderInput.ProposalAnswered;
import io.kq.broker.partition.core.leader.LeaderInput.Resigned;
import io.kq.broker.partition.core.leader.LeaderInput.StorageHealth;
import io.kq.broker.partition.core.leader.LeaderInput.Subscribed;
import io.kq.broker.partition.core.leader.LeaderInput.Ticked;
import io.kq.broker.partition.core.leader.LeaderInput.Unsubscribed;
import io.kq.broker.partition.core.leader.LeaderInput.ViewChanged;
import io.kq.broker.partition.core.leader.LeaderRules.EpochEnd;
import io.kq.broker.partition.core.leader.LeaderRules.Readers;
import io.kq.broker.partition.core.leader.LeaderRules.UnknownOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a leader's events mean for acknowledgements, visibility, followers and the ISR.
 * Pure: the same state, input and time give the same step, on any thread.
 */
public final class LeaderCore {

    private static final Duration PROPOSAL_PAUSE = Duration.ofMillis(500);

    private final LeaderRules rules;
    private final IsrPolicy isrPolicy;
    private final long proposalPauseNanos;

    /**
     * A core with kq's rules.
     *
     * @param bounds a member that is behind for longer should leave the ISR
     */
    public LeaderCore(LagBounds bounds) {
        this(LeaderRules.STANDARD, bounds, PROPOSAL_PAUSE.toNanos());
    }

    /**
     * A core with rules of its own.
     *
     * @param proposalPauseNanos between a proposal that was not taken and the next
     */
    public LeaderCore(LeaderRules rules, LagBounds bounds, long proposalPauseNanos) {
        this.rules = rules;
        this.isrPolicy = new IsrPolicy(rules.join(), bounds);
        this.proposalPauseNanos = proposalPauseNanos;
    }

    /** The state after a step, and what is to be done about it. */
    public record Step(LeaderState next, List<LeaderEffect> effects) {}

    /** Whether readers may be told the high watermark (R5). */
    public boolean isReadable(LeaderState state) {
        return rules.readers() == Readers.ALWAYS
                || state.highWatermark() >= state.term().epochStartOffset();
    }

    /**
     * One step. A resigned leader takes no step any more.
     *
     * @param nowNanos monotonic
     */
    public Step step(LeaderState state, LeaderInput input, long nowNanos) {
        if (state.resigned()) {
            return input instanceof Subscribed subscribed
                    ? refused(state, subscribed, Refusal.OLDER_EPOCH)
                    : new Step(state, List.of());
        }
        if (input instanceof Appended appended) {
            return advanced(state, appended(state, appended.logEndOffset(), nowNanos));
        }
        if (input instanceof BecameDurable durable) {
            return advanced(state, state.withDurableEnd(durable.endOffset()));
        }
        if (input instanceof Acknowledged acknowledged) {
            return acknowledged(state, acknowledged, nowNanos);
        }
        if (input instanceof Subscribed subscribed) {
            return subscribed(state, subscribed);
        }
        if (input instanceof Unsubscribed gone) {
            return unsubscribed(state, gone, nowNanos);
        }
        if (input instanceof ViewChanged changed) {
            return viewChanged(state, changed.isr(), nowNanos);
        }
        if (input instanceof ProposalAnswered answered) {
            return proposing(state, answered(state, answered, nowNanos), nowNanos);
        }
        if (input instanceof ControllerReach reach) {
            return proposing(state, state.withControllerLost(reach.lost()), nowNanos);
        }
        if (input instanceof StorageHealth health) {
            return proposing(state, state.withStorageFailed(health.failed()), nowNanos);
        }
        if (input instanceof Ticked) {
            return proposing(state, state, nowNanos);
        }
        if (input instanceof Resigned) {
            return new Step(
                    state.withResigned(),
                    rules.epochEnd() == EpochEnd.KEEPS ? List.of() : List.of(new AbandonWaiting()));
        }
        throw new IllegalStateException("no rule for " + input);
    }

    /** A follower that had all begins to lag now, not when it was last heard of. */
    private static LeaderState appended(LeaderState state, long logEnd, long nowNanos) {
        List<FollowerProgress> followers = state.followers();
        List<FollowerProgress> changed = followers;
        for (int i = 0; i < followers.size(); i++) {
            FollowerProgress follower = followers.get(i);
            if (follower.endOffset() >= state.logEndOffset() && logEnd > state.logEndOffset()) {
                if (changed == followers) {
                    changed = new ArrayList<>(followers);
                }
                changed.set(i, follower.leftBehindAt(logEnd, nowNanos));
            }
        }
        return state.withLogEnd(logEnd, changed);
    }

    private Step acknowledged(LeaderState state, Acknowledged input, long nowNanos) {
        FollowerProgress progress = state.follower(input.replica());
        if (progress == null || !rules.acks().counts(input, progress, state)) {
            return new Step(state, List.of());
        }
        FollowerProgress next =
                progress.acknowledged(input.endOffset(), state.logEndOffset(), nowNanos);
        return proposing(
                state, state.withFollower(input.failed() ? next.withFailure() : next), nowNanos);
    }

    private Step subscribed(LeaderState state, Subscribed input) {
        Refusal refusal = refusal(state, input);
        if (refusal != null) {
            return refused(state, input, refusal);
        }
        FollowerProgress progress = Objects.requireNonNull(state.follower(input.replica()));
        LeaderState next = state.withFollower(progress.subscribed(input.generation()));
        LeaderEffect effect =
                rules.match().contains(input, state)
                        ? new Push(
                                input.replica(),
                                input.generation(),
                                Math.max(input.endOffset(), input.logStartOffset()))
                        : diverged(input);
        return new Step(next, List.of(effect));
    }

    /** The late end of an older subscription says nothing of the one there is (rule 37). */
    private Step unsubscribed(LeaderState state, Unsubscribed input, long nowNanos) {
        FollowerProgress progress = state.follower(input.replica());
        if (progress == null
                || progress.brokerEpoch() != input.brokerEpoch()
                || progress.generation() != input.generation()) {
            return new Step(state, List.of());
        }
        return proposing(state, state.withFollower(progress.unsubscribed()), nowNanos);
    }

    /** An empty log has no epoch, and nothing to lose: it begins anew where the leader's does. */
    private static LeaderEffect diverged(Subscribed input) {
        long end = input.lastEpoch() < 0 ? input.logStartOffset() : input.ownEpochEnd();
        return new TellDiverged(input.replica(), input.generation(), input.ownEpoch(), end);
    }

    private static @Nullable Refusal refusal(LeaderState state, Subscribed input) {
        if (input.leaderEpoch() < state.term().leaderEpoch()) {
            return Refusal.OLDER_EPOCH;
        }
        if (input.leaderEpoch() > state.term().leaderEpoch()) {
            return Refusal.NEWER_EPOCH;
        }
        FollowerProgress progress = state.follower(input.replica());
        if (progress == null) {
            return Refusal.NO_REPLICA;
        }
        if (progress.brokerEpoch() != input.brokerEpoch()) {
            return Refusal.OTHER_INCARNATION;
        }
        return input.generation() <= progress.generation() ? Refusal.OLDER_GENERATION : null;
    }

    private static Step refused(LeaderState state, Subscribed input, Refusal reason) {
        return new Step(state, List.of(new Refuse(input.replica(), input.generation(), reason)));
    }

    /** An older view than the one known is late news. */
    private Step viewChanged(LeaderState state, IsrView isr, long nowNanos) {
        if (isr.partitionEpoch() < state.isr().partitionEpoch()) {
            return new Step(state, List.of());
        }
        List<FollowerProgress> followers = new ArrayList<>();
        List<LeaderEffect> effects = new ArrayList<>();
        for (ReplicaView view : isr.replicas()) {
            if (view.replica() == state.term().nodeId()) {
                continue;
            }
            FollowerProgress known = state.follower(view.replica());
            if (known != null && known.brokerEpoch() == view.brokerEpoch()) {
                followers.add(known);
            } else {
                followers.add(
                        FollowerProgress.unheard(
                                view.replica(),
                                view.brokerEpoch(),
                                state.logEndOffset(),
                                nowNanos));
                endSubscription(known, Refusal.OTHER_INCARNATION, effects);
            }
        }
        for (FollowerProgress known : state.followers()) {
            if (isr.replica(known.replica()) == null) {
                endSubscription(known, Refusal.NO_REPLICA, effects);
            }
        }
        boolean settled = isr.partitionEpoch() > state.isr().partitionEpoch();
        PendingIsr pending = settled ? state.pending().settled() : state.pending();
        Step step = proposing(state, state.withIsr(isr, followers, pending), nowNanos);
        effects.addAll(step.effects());
        return new Step(step.next(), effects);
    }

    private static void endSubscription(
            @Nullable FollowerProgress known, Refusal reason, List<LeaderEffect> effects) {
        if (known != null && known.generation() > 0) {
            effects.add(new Refuse(known.replica(), known.generation(), reason));
        }
    }

    private LeaderState answered(LeaderState state, ProposalAnswered input, long nowNanos) {
        PendingIsr pending = state.pending();
        IsrProposal inFlight = pending.inFlight();
        if (inFlight == null || inFlight.number() != input.number()) {
            return state;
        }
        long again = nowNanos + proposalPauseNanos;
        if (input.outcome() == Outcome.TAKEN) {
            return state;
        }
        boolean forgotten =
                input.outcome() == Outcome.REFUSED
                        || rules.unknownOutcome() == UnknownOutcome.FORGOTTEN;
        return state.withPending(forgotten ? pending.refused(again) : pending.inDoubt(again));
    }

    /** Moves the high watermark, then looks whether another ISR should be asked for. */
    private Step proposing(LeaderState before, LeaderState changed, long nowNanos) {
        Step moved = advanced(before, changed);
        IsrProposal proposal = proposal(moved.next(), nowNanos);
        if (proposal == null) {
            return moved;
        }
        List<LeaderEffect> effects = new ArrayList<>(moved.effects());
        effects.add(new Propose(proposal));
        PendingIsr pending = moved.next().pending().proposed(proposal);
        return new Step(moved.next().withPending(pending), effects);
    }

    /**
     * What to ask for, or null. While an earlier outcome is not known the same members are asked
     * for again if no others are wanted: once that is taken, the partition epoch says that nothing
     * of before can be taken any more.
     */
    private @Nullable IsrProposal proposal(LeaderState state, long nowNanos) {
        PendingIsr pending = state.pending();
        if (state.controllerLost() || !pending.mayPropose(nowNanos)) {
            return null;
        }
        List<Integer> wanted = isrPolicy.wanted(state, nowNanos);
        if (wanted.equals(state.isr().committed()) && pending.isEmpty()) {
            return null;
        }
        List<IsrProposal.Member> members = new ArrayList<>();
        for (int replica : wanted) {
            ReplicaView view = state.isr().replica(replica);
            if (view != null) {
                members.add(new IsrProposal.Member(replica, view.brokerEpoch()));
            }
        }
        return new IsrProposal(
                pending.lastNumber() + 1,
                state.term().leaderEpoch(),
                state.isr().partitionEpoch(),
                members);
    }

    private Step advanced(LeaderState before, LeaderState changed) {
        long highWatermark = Math.max(changed.highWatermark(), rules.highWatermark().of(changed));
        boolean moved = highWatermark > changed.highWatermark();
        LeaderState next = moved ? changed.withHighWatermark(highWatermark) : changed;
        boolean own = next.ownEndOffset() > before.ownEndOffset();
        if (own && moved) {
            return new Step(
                    next,
                    List.of(
                            new AnswerLeaderAcks(next.ownEndOffset()),
                            new AnswerCommitted(highWatermark)));
        }
        if (own) {
            return new Step(next, List.of(new AnswerLeaderAcks(next.ownEndOffset())));
        }
        return new Step(next, moved ? List.of(new AnswerCommitted(highWatermark)) : List.of());
    }
}
