package io.kq.broker.partition.core.leader;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the leader proposed on the present partition epoch and may have been taken. All of it ends
 * with the next partition epoch that the image shows: proposals are compare-and-set on it.
 *
 * @param inFlight not answered yet, or taken and not in the image yet; null: none
 * @param doubted members of earlier proposals whose outcome is not known: any of these may have
 *     been taken, so they count like those in flight (rule 20)
 * @param lastNumber number of the newest proposal
 * @param notBeforeNanos after a refusal: when to propose again
 */
record PendingIsr(
        @Nullable IsrProposal inFlight,
        List<Integer> doubted,
        long lastNumber,
        long notBeforeNanos) {

    static final PendingIsr NONE = new PendingIsr(null, List.of(), 0, Long.MIN_VALUE);

    PendingIsr {
        doubted = List.copyOf(doubted);
    }

    /** Whether the replica may be in the ISR by what was proposed. */
    boolean counts(int replica) {
        return (inFlight != null && inFlight.contains(replica)) || doubted.contains(replica);
    }

    boolean isEmpty() {
        return inFlight == null && doubted.isEmpty();
    }

    boolean mayPropose(long nowNanos) {
        return inFlight == null
                && (notBeforeNanos == Long.MIN_VALUE || nowNanos - notBeforeNanos >= 0);
    }

    PendingIsr proposed(IsrProposal proposal) {
        return new PendingIsr(proposal, doubted, proposal.number(), Long.MIN_VALUE);
    }

    PendingIsr refused(long againNanos) {
        return new PendingIsr(null, doubted, lastNumber, againNanos);
    }

    PendingIsr inDoubt(long againNanos) {
        List<Integer> all = new ArrayList<>(doubted);
        if (inFlight != null) {
            for (IsrProposal.Member member : inFlight.members()) {
                if (!all.contains(member.replica())) {
                    all.add(member.replica());
                }
            }
        }
        all.sort(null);
        return new PendingIsr(null, all, lastNumber, againNanos);
    }

    /** The image shows a higher partition epoch. */
    PendingIsr settled() {
        return new PendingIsr(null, List.of(), lastNumber, Long.MIN_VALUE);
    }
}
