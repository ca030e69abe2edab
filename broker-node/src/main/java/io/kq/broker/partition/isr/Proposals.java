package io.kq.broker.partition.isr;

import io.kq.broker.partition.core.leader.IsrProposal.Outcome;
import io.kq.metadata.decision.IsrProposal;
import java.util.function.Consumer;

/**
 * Where leaders bring the ISR that they want. Any thread, not under a partition's lock; never
 * blocks.
 */
@FunctionalInterface
public interface Proposals {

    /** Proposes once; {@code answer} is told what became of it, later. */
    void propose(IsrProposal asked, Consumer<Outcome> answer);
}
