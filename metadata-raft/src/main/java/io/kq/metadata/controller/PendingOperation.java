package io.kq.metadata.controller;

import io.kq.metadata.decision.Decision;
import io.kq.metadata.decision.Turn;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.MetadataImage.RequestResult;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.protocol.RejectedException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An operation in the controller's queue, with whoever waits for it. Loop thread only. */
final class PendingOperation<R> {

    private final Decision.Decider<R> decider;
    private final Optional<UUID> requestId;
    private final RequestReplies.@Nullable Kind<R> replyKind;
    private final Outcome<R> outcome;

    private PendingOperation(
            Decision.Decider<R> decider,
            Optional<UUID> requestId,
            RequestReplies.@Nullable Kind<R> replyKind,
            Outcome<R> outcome) {
        this.decider = decider;
        this.requestId = requestId;
        this.replyKind = replyKind;
        this.outcome = outcome;
    }

    /** Of the controller itself: never repeated by anybody. */
    static <R> PendingOperation<R> internal(Decision.Decider<R> decider, Outcome<R> outcome) {
        return new PendingOperation<>(decider, Optional.empty(), null, outcome);
    }

    /** Of a caller, who may repeat it with the same id. */
    static <R> PendingOperation<R> requested(
            Optional<UUID> requestId,
            RequestReplies.Kind<R> kind,
            Decision.Decider<R> decider,
            Outcome<R> outcome) {
        return new PendingOperation<>(decider, requestId, kind, outcome);
    }

    void refuse(RejectedException refusal) {
        outcome.onRefusal().accept(refusal);
    }

    Optional<UUID> requestId() {
        return requestId;
    }

    /**
     * Decides, or finds that it was done before (invariant M8).
     *
     * @throws RejectedException refused
     */
    Decided<R> decide(MetadataImage image, Turn turn) {
        RequestReplies.Kind<R> kind = replyKind;
        if (requestId.isEmpty() || kind == null) {
            return new Decided<>(this, decider.decide(image, turn));
        }
        UUID id = requestId.get();
        RequestResult known = image.requests().get(id);
        if (known != null) {
            return new Decided<>(this, Decision.nothing(kind.fromBytes(known.result(), image)));
        }
        Decision<R> decision = decider.decide(image, turn);
        if (decision.records().isEmpty() || !decision.finished()) {
            return new Decided<>(this, decision);
        }
        return new Decided<>(
                this,
                decision.and(
                        new RequestAnswered(id, kind.toBytes(decision.reply()), turn.nowMillis())));
    }

    /** The operation with what it was decided to be. */
    record Decided<R>(PendingOperation<R> operation, Decision<R> decision) {
        void answer() {
            operation.outcome.onReply().accept(decision.reply());
        }
    }
}
