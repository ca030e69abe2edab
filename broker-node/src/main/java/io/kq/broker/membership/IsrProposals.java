package io.kq.broker.membership;

import io.kq.metadata.decision.IsrProposal;
import io.kq.protocol.RejectedException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Brings what leaders of this node propose of their ISRs to the active controller. Implemented over
 * the node port. Any thread; never blocks.
 */
@FunctionalInterface
public interface IsrProposals {

    /**
     * Proposes once; repeating is the leaders' business, since a repetition needs the image that
     * shows what became of the first (rule 20).
     *
     * @param brokerEpoch of this node, by which the controller knows who asks
     * @return one answer for each proposal, in order, within about a second. Empty: taken, the
     *     image that shows it follows or is there already. A definite refusal: it was not taken and
     *     will not be. Any other one, or a failure of the whole that is not definite: nobody knows
     */
    CompletableFuture<List<Optional<RejectedException>>> propose(
            long brokerEpoch, List<IsrProposal> proposals);
}
