package io.kq.log.producer;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.RecordBatchHeader;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The idempotent producers of one partition and what they sent last (KIP-98). Belongs to whoever
 * holds the log's lock.
 *
 * <p>A producer that is not known here must begin with sequence 0, so that a first batch that was
 * refused cannot be overtaken by its second one. Only where something may have been forgotten (a
 * producer expired, or the records that would tell were deleted before a snapshot told it) any
 * first sequence is taken, as Kafka does since KIP-360.
 */
public final class ProducerTable {

    private final Map<Long, ProducerState> producers = new HashMap<>();

    /** Some producer may have been forgotten. Never goes back to false. */
    private boolean forgetful;

    /** The state in a snapshot. */
    public static ProducerTable from(ProducerSnapshot snapshot) {
        ProducerTable table = new ProducerTable();
        table.producers.putAll(snapshot.producers());
        table.forgetful = snapshot.forgetful();
        return table;
    }

    /**
     * Judges a client's batch against what its producer sent before.
     *
     * @return the earlier batch that this one repeats; empty if it is new and may be appended
     * @throws RejectedException OUT_OF_ORDER_SEQUENCE, FENCED_PRODUCER_EPOCH
     */
    public Optional<SequencedBatch> judge(RecordBatchHeader header) {
        if (!header.isIdempotent()) {
            return Optional.empty();
        }
        ProducerState known = producers.get(header.producerId());
        if (known == null) {
            requireFirst(header, header.baseSequence() == 0 || forgetful, "a first batch with 0");
            return Optional.empty();
        }
        if (header.producerEpoch() < known.epoch()) {
            throw new RejectedException(
                    ErrorCode.FENCED_PRODUCER_EPOCH,
                    "producer "
                            + header.producerId()
                            + " epoch "
                            + header.producerEpoch()
                            + " was replaced by epoch "
                            + known.epoch());
        }
        if (header.producerEpoch() > known.epoch()) {
            requireFirst(header, header.baseSequence() == 0, "a new epoch to begin with 0");
            return Optional.empty();
        }
        return judgeNext(header, known);
    }

    private static Optional<SequencedBatch> judgeNext(
            RecordBatchHeader header, ProducerState known) {
        int expected = Sequence.after(known.last().lastSequence());
        if (header.baseSequence() == expected) {
            return Optional.empty();
        }
        for (SequencedBatch batch : known.lastBatches()) {
            if (batch.baseSequence() == header.baseSequence()
                    && batch.lastSequence() == header.lastSequence()) {
                return Optional.of(batch);
            }
        }
        requireFirst(header, false, String.valueOf(expected));
        return Optional.empty();
    }

    private static void requireFirst(RecordBatchHeader header, boolean holds, String expected) {
        if (!holds) {
            throw new RejectedException(
                    ErrorCode.OUT_OF_ORDER_SEQUENCE,
                    "producer "
                            + header.producerId()
                            + " epoch "
                            + header.producerEpoch()
                            + ": expected "
                            + expected
                            + ", got sequence "
                            + header.baseSequence());
        }
    }

    /** Remembers a batch that was appended: judged before, or found in the log, or replicated. */
    public void appended(RecordBatchHeader header, long nowMillis) {
        if (!header.isIdempotent() || header.isControl()) {
            return;
        }
        SequencedBatch batch =
                new SequencedBatch(
                        header.baseSequence(),
                        header.lastSequence(),
                        header.baseOffset(),
                        header.nextOffset());
        producers.merge(
                header.producerId(),
                new ProducerState(header.producerEpoch(), List.of(batch), nowMillis),
                (known, fresh) ->
                        known.epoch() == fresh.epoch() ? known.plus(batch, nowMillis) : fresh);
    }

    /** Forgets producers that were silent for {@code expiry}. */
    public void expire(long nowMillis, Duration expiry) {
        long oldest = nowMillis - expiry.toMillis();
        if (producers.values().removeIf(state -> state.lastAppendMillis() < oldest)) {
            forgetful = true;
        }
    }

    /** Takes note that producers may exist that it knows nothing of. */
    public void mayHaveForgotten() {
        forgetful = true;
    }

    /** There is nothing that a snapshot would have to keep. */
    public boolean isBlank() {
        return producers.isEmpty() && !forgetful;
    }

    /** Base offsets of all batches that it would know again. */
    public Set<Long> rememberedBatches() {
        Set<Long> offsets = new HashSet<>();
        for (ProducerState state : producers.values()) {
            state.lastBatches().forEach(batch -> offsets.add(batch.baseOffset()));
        }
        return offsets;
    }

    /** The state as a value. */
    public ProducerSnapshot snapshot(long offset) {
        return new ProducerSnapshot(offset, forgetful, producers);
    }
}
