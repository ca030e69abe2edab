package io.kq.client.batch;

import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that are sent together, from the first append to the answer. While open
 * it belongs to its queue and that queue's lock; once taken from the queue, to the client's loop.
 */
final class ProducerBatch {

    private static final int UNNUMBERED = -1;
    private static final int CALLBACKS_MIN = 4;

    private final RecordBatchBuilder builder;
    private final long createdNanos;
    private SendCallback[] callbacks = new SendCallback[CALLBACKS_MIN];
    private long reservedBytes;

    private @Nullable ByteBuffer bytes;

    /** Whether {@link #bytes} carry the present number. */
    private boolean stamped;

    private List<Runnable> endListeners = List.of();
    private boolean ended;
    private int attempts;

    /** Under which identity it is numbered; null: not yet, or without idempotence. */
    private @Nullable ProducerIdentity identity;

    /** Sequence of the first record, counted by {@link #identity}. */
    private int sequence = UNNUMBERED;

    private long ordinal;

    /** Whether an attempt is under way; its name is {@link #correlationId}. */
    private boolean sent;

    private long correlationId;

    /** Whether an attempt ended without a word: the batch may be in the log. */
    private boolean unresolved;

    /**
     * Whether a batch that was numbered before this one is known not to be in the log: then the
     * broker cannot have taken this one under its present number.
     */
    private boolean afterGap;

    ProducerBatch(RecordBatchBuilder builder, long createdNanos) {
        this.builder = builder;
        this.createdNanos = createdNanos;
    }

    // ---- open: under the queue's lock

    void append(
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<BatchRecord.Header> headers,
            SendCallback callback,
            long reserved) {
        int index = builder.recordCount();
        builder.append(timestampMillis, key, value, headers);
        if (index == callbacks.length) {
            callbacks = Arrays.copyOf(callbacks, index * 2);
        }
        callbacks[index] = callback;
        reservedBytes += reserved;
    }

    int sizeBytes() {
        return builder.sizeBytes();
    }

    int recordCount() {
        return builder.recordCount();
    }

    long createdNanos() {
        return createdNanos;
    }

    // ---- on its way: on the loop

    /** The batch's bytes under its present number. */
    ByteBuffer bytes(CompressionCodec codec) {
        ByteBuffer built = bytes;
        ProducerIdentity writer = identity;
        if (built == null) {
            built =
                    writer == null
                            ? builder.build(codec)
                            : builder.build(codec, writer.producerId(), writer.epoch(), sequence);
            bytes = built;
        } else if (!stamped && writer != null) {
            RecordBatchBuilder.stampProducer(built, writer.producerId(), writer.epoch(), sequence);
        }
        stamped = true;
        return built;
    }

    boolean isNumbered() {
        return identity != null;
    }

    /** Whether it is numbered under just this identity. */
    boolean isNumberedBy(@Nullable ProducerIdentity writer) {
        return writer != null && writer.equals(identity);
    }

    int sequence() {
        return sequence;
    }

    /** How many batches of the partition were numbered before this one. */
    long ordinal() {
        return ordinal;
    }

    void number(ProducerIdentity writer, int newSequence, long newOrdinal) {
        ordinal = newOrdinal;
        identity = writer;
        sequence = newSequence;
        stamped = false;
    }

    boolean isSent() {
        return sent;
    }

    long correlationId() {
        return correlationId;
    }

    void sending(long newCorrelationId) {
        sent = true;
        correlationId = newCorrelationId;
        attempts++;
    }

    /** The attempt is over; {@code definitelyNot}: the broker said that it did not take it. */
    void attemptEnded(boolean definitelyNot) {
        sent = false;
        unresolved |= !definitelyNot;
        if (afterGap) {
            unnumber();
        }
    }

    /** A batch before this one is not in the log. */
    void gapBefore() {
        afterGap = true;
        if (!sent) {
            unnumber();
        }
    }

    private void unnumber() {
        identity = null;
        sequence = UNNUMBERED;
        unresolved = false;
        afterGap = false;
    }

    /** Whether it may be in the log although no broker said so. */
    boolean maybeWritten() {
        return !afterGap && (sent || unresolved);
    }

    boolean isAfterGap() {
        return afterGap;
    }

    /** The same records in two batches; this one is left to whoever drops it. */
    List<ProducerBatch> halves() {
        ByteBuffer built = bytes;
        if (built == null) {
            throw new IllegalStateException("a batch is split after it was sent");
        }
        int count = recordCount();
        int half = count / 2;
        RecordReader records = RecordReader.open(built, Integer.MAX_VALUE);
        ProducerBatch first = part(records, 0, half, reservedBytes / 2);
        ProducerBatch second = part(records, half, count, reservedBytes - reservedBytes / 2);
        int[] left = {2};
        Runnable endBoth =
                () -> {
                    if (--left[0] == 0) {
                        end();
                    }
                };
        first.onEnd(endBoth);
        second.onEnd(endBoth);
        return List.of(first, second);
    }

    private ProducerBatch part(RecordReader records, int from, int to, long reserved) {
        ProducerBatch part =
                new ProducerBatch(new RecordBatchBuilder(sizeBytes() / 2), createdNanos);
        for (int i = from; i < to && records.advance(); i++) {
            part.append(
                    records.timestampMillis(),
                    records.key(),
                    records.value(),
                    records.headers(),
                    callbacks[i],
                    i == from ? reserved : 0);
        }
        return part;
    }

    // ---- ended

    void onEnd(Runnable listener) {
        if (ended) {
            listener.run();
            return;
        }
        if (endListeners.isEmpty()) {
            endListeners = new ArrayList<>();
        }
        endListeners.add(listener);
    }

    /** Tells all; the memory is free again. */
    void acknowledge(int partition, long baseOffset, BufferBudget budget, BuilderPool pool) {
        int count = recordCount();
        SendCallback[] told = callbacks;
        if (attempts == 1) {
            pool.give(builder);
        }
        budget.release(reservedBytes);
        for (int i = 0; i < count; i++) {
            told[i].onAcknowledged(partition, baseOffset < 0 ? -1 : baseOffset + i);
        }
        end();
    }

    void fail(RejectedException why, BufferBudget budget) {
        budget.release(reservedBytes);
        int count = recordCount();
        for (int i = 0; i < count; i++) {
            callbacks[i].onFailed(why);
        }
        end();
    }

    private void end() {
        ended = true;
        endListeners.forEach(Runnable::run);
        endListeners = List.of();
    }
}
