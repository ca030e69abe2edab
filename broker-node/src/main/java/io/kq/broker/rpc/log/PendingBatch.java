package io.kq.broker.rpc.log;

import io.kq.broker.partition.ack.AckListener;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.ProduceFrame;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.Acks;
import io.kq.v1.ProduceResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch between its arrival and its answer. Gets exactly one outcome, on any thread, and then
 * belongs to its call's {@link Completions}.
 */
final class PendingBatch implements AckListener {

    /** Takes the outcomes of a call's batches. Any thread, not under a lock; must not block. */
    interface Completions {

        /** The batch has its outcome. */
        void completed(PendingBatch batch);

        /** Outcomes were handed over: send what is there. */
        void send();
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(PendingBatch.class);

    private final Completions completions;
    private final long correlationId;
    private final String topic;
    private final int partition;
    private final long chargedBytes;

    /** Its asker wants no answer. */
    private final boolean silent;

    /** Where its answer must keep its place; null: nowhere. Set before it gets its outcome. */
    private @Nullable ProduceLane lane;

    private @Nullable ProduceResult result;

    /** Of the completions: it stands in its lane with its outcome. */
    private boolean done;

    /**
     * @param chargedBytes to be given back when it is answered
     */
    PendingBatch(Completions completions, ProduceFrame.Entry entry, long chargedBytes) {
        this.completions = completions;
        this.correlationId = entry.correlationId();
        this.topic = entry.topic();
        this.partition = entry.partition();
        this.chargedBytes = chargedBytes;
        this.silent = entry.acks() == Acks.ACKS_NONE;
    }

    void stand(ProduceLane its) {
        lane = its;
        its.add(this);
    }

    @Nullable ProduceLane lane() {
        return lane;
    }

    long chargedBytes() {
        return chargedBytes;
    }

    void markDone() {
        done = true;
    }

    boolean isDone() {
        return done;
    }

    /** The answer once it is completed; null if nobody wants one. */
    @Nullable ProduceResult result() {
        return silent ? null : result;
    }

    @Override
    public void onAcknowledged(long baseOffset, long logStartOffset, boolean duplicate) {
        result =
                head().setBaseOffset(baseOffset)
                        .setLogStartOffset(logStartOffset)
                        .setDuplicate(duplicate)
                        .build();
        completions.completed(this);
    }

    @Override
    public void onAbandoned(RejectedException reason) {
        fail(reason);
    }

    /** It failed. */
    void fail(RejectedException reason) {
        if (silent) {
            LOGGER.debug(
                    "Dropped a batch that was sent without acks partition={}-{} reason={} {}",
                    topic,
                    partition,
                    reason.code(),
                    reason.getMessage());
        }
        result = head().setError(RejectionCodec.toProto(reason)).build();
        completions.completed(this);
    }

    /** It was written, and its asker wants no answer. */
    void dismiss() {
        completions.completed(this);
    }

    /** Another node answered. */
    void answeredElsewhere(ProduceResult answer) {
        result = answer.toBuilder().setCorrelationId(correlationId).build();
        completions.completed(this);
    }

    private ProduceResult.Builder head() {
        return ProduceResult.newBuilder()
                .setCorrelationId(correlationId)
                .setTopic(topic)
                .setPartition(partition);
    }

    @Override
    public void onTurnEnd() {
        completions.send();
    }
}
