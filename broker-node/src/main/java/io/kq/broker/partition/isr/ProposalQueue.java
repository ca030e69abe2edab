package io.kq.broker.partition.isr;

import io.kq.broker.membership.IsrProposals;
import io.kq.broker.partition.core.leader.IsrProposal.Outcome;
import io.kq.metadata.decision.IsrProposal;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.runtime.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings what this node's leaders propose to the controller, one question at a time: what comes
 * meanwhile goes with the next. All state is the loop's.
 */
public final class ProposalQueue implements Proposals {

    private final IsrProposals controller;
    private final LongSupplier brokerEpoch;
    private final EventLoop loop;

    private List<Waiting> waiting = new ArrayList<>();
    private boolean asking;

    private record Waiting(IsrProposal asked, Consumer<Outcome> answer) {}

    /**
     * Nothing proposed yet.
     *
     * @param brokerEpoch of this node, negative before it is registered
     */
    public ProposalQueue(IsrProposals controller, LongSupplier brokerEpoch, EventLoop loop) {
        this.controller = controller;
        this.brokerEpoch = brokerEpoch;
        this.loop = loop;
    }

    /** {@code answer} runs on the loop. */
    @Override
    public void propose(IsrProposal asked, Consumer<Outcome> answer) {
        loop.submit(
                () -> {
                    waiting.add(new Waiting(asked, answer));
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
            asked.forEach(w -> w.answer().accept(Outcome.REFUSED));
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
            asked.get(i).answer().accept(outcome(answers, i, failure));
        }
        ask();
    }

    private static Outcome outcome(
            @Nullable List<Optional<RejectedException>> answers,
            int index,
            @Nullable Throwable failure) {
        if (answers == null || index >= answers.size()) {
            return failure != null && RejectionCodec.fromThrowable(failure).definite()
                    ? Outcome.REFUSED
                    : Outcome.UNKNOWN;
        }
        return answers.get(index)
                .map(reason -> reason.definite() ? Outcome.REFUSED : Outcome.UNKNOWN)
                .orElse(Outcome.TAKEN);
    }
}
