package io.kq.broker.partition;

import io.kq.broker.membership.IsrProposals;
import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.broker.partition.core.leader.IsrProposal.Outcome;
import io.kq.protocol.RejectedException;
import io.kq.runtime.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings what this node's leaders propose to the controller, one question at a time: what comes
 * meanwhile goes with the next. All state is the loop's.
 */
final class ProposalQueue implements Proposals {

    private final IsrProposals controller;
    private final LongSupplier brokerEpoch;
    private final EventLoop loop;

    private List<Waiting> waiting = new ArrayList<>();
    private boolean asking;

    private record Waiting(PartitionLeader leader, IsrProposal proposal) {

        void answer(Outcome outcome) {
            leader.proposalAnswered(proposal.number(), outcome);
        }

        io.kq.metadata.decision.IsrProposal asked() {
            return new io.kq.metadata.decision.IsrProposal(
                    leader.topicId(),
                    leader.partition().partition(),
                    proposal.leaderEpoch(),
                    proposal.partitionEpoch(),
                    proposal.members().stream()
                            .map(
                                    m ->
                                            new io.kq.metadata.decision.IsrProposal.Member(
                                                    m.replica(), m.brokerEpoch()))
                            .toList());
        }
    }

    /**
     * Nothing proposed yet.
     *
     * @param brokerEpoch of this node, negative before it is registered
     */
    ProposalQueue(IsrProposals controller, LongSupplier brokerEpoch, EventLoop loop) {
        this.controller = controller;
        this.brokerEpoch = brokerEpoch;
        this.loop = loop;
    }

    @Override
    public void propose(PartitionLeader leader, IsrProposal proposal) {
        loop.submit(
                () -> {
                    waiting.add(new Waiting(leader, proposal));
                    ask();
                });
    }

    private void ask() {
        if (asking || waiting.isEmpty()) {
            return;
        }
        List<Waiting> asked = waiting;
        waiting = new ArrayList<>();
        long epoch = brokerEpoch.getAsLong();
        if (epoch < 0) {
            asked.forEach(w -> w.answer(Outcome.REFUSED));
            return;
        }
        asking = true;
        var unused =
                controller
                        .propose(epoch, asked.stream().map(Waiting::asked).toList())
                        .whenComplete(
                                (answers, failure) ->
                                        loop.submit(() -> answered(asked, answers, failure)));
    }

    private void answered(
            List<Waiting> asked,
            @Nullable List<Optional<RejectedException>> answers,
            @Nullable Throwable failure) {
        asking = false;
        for (int i = 0; i < asked.size(); i++) {
            asked.get(i).answer(outcome(answers, i, failure));
        }
        ask();
    }

    private static Outcome outcome(
            @Nullable List<Optional<RejectedException>> answers,
            int index,
            @Nullable Throwable failure) {
        if (answers == null || index >= answers.size()) {
            return failure != null && Causes.rejection(failure).definite()
                    ? Outcome.REFUSED
                    : Outcome.UNKNOWN;
        }
        return answers.get(index)
                .map(reason -> reason.definite() ? Outcome.REFUSED : Outcome.UNKNOWN)
                .orElse(Outcome.TAKEN);
    }
}
