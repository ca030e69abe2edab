package io.kq.broker.partition.core;

import io.kq.broker.partition.core.LeaderEffect.AbandonWaiting;
import io.kq.broker.partition.core.LeaderEffect.AnswerCommitted;
import io.kq.broker.partition.core.LeaderEffect.AnswerLeaderAcks;
import io.kq.broker.partition.core.LeaderInput.Appended;
import io.kq.broker.partition.core.LeaderInput.BecameDurable;
import io.kq.broker.partition.core.LeaderInput.FollowerAcknowledged;
import io.kq.broker.partition.core.LeaderInput.IsrChanged;
import io.kq.broker.partition.core.LeaderInput.Resigned;
import java.util.List;

/**
 * Decides what a leader's events mean for acknowledgements and visibility. Pure: the same state and
 * input give the same step, on any thread.
 */
public final class PartitionCore {

    private final HighWatermark rule;

    /** A core with kq's rule. */
    public PartitionCore() {
        this(HighWatermark.MAXIMAL_ISR);
    }

    PartitionCore(HighWatermark rule) {
        this.rule = rule;
    }

    /** The state after a step, and what is to be done about it. */
    public record Step(LeaderState next, List<LeaderEffect> effects) {}

    /** One step. A resigned leader takes no step any more. */
    public Step step(LeaderState state, LeaderInput input) {
        if (state.resigned()) {
            return new Step(state, List.of());
        }
        if (input instanceof Appended appended) {
            return advanced(state, state.withLogEnd(appended.logEndOffset()));
        }
        if (input instanceof BecameDurable durable) {
            return advanced(state, state.withDurableEnd(durable.endOffset()));
        }
        if (input instanceof FollowerAcknowledged acknowledged) {
            return advanced(state, acknowledged(state, acknowledged));
        }
        if (input instanceof IsrChanged changed) {
            return advanced(state, isrChanged(state, changed.isr()));
        }
        if (input instanceof Resigned) {
            return new Step(state.withResigned(), List.of(new AbandonWaiting()));
        }
        throw new IllegalStateException("no rule for " + input);
    }

    private static LeaderState acknowledged(LeaderState state, FollowerAcknowledged input) {
        boolean counts =
                input.leaderEpoch() == state.leaderEpoch() && input.replica() != state.nodeId();
        return counts ? state.withFollowerEnd(input.replica(), input.endOffset()) : state;
    }

    /** An older view than the one known is late news. */
    private static LeaderState isrChanged(LeaderState state, IsrView isr) {
        return isr.partitionEpoch() < state.isr().partitionEpoch() ? state : state.withIsr(isr);
    }

    private Step advanced(LeaderState before, LeaderState changed) {
        long highWatermark = Math.max(changed.highWatermark(), rule.of(changed));
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
