package io.kq.client.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A partition's log with Kafka's rules of idempotence, written down as simply as possible: what the
 * producer is measured against. It is as careless as a broker may be: of a producer that it does
 * not know it takes any sequence.
 */
final class SimulatedLog {

    private record Remembered(int firstSequence, int lastSequence, long baseOffset) {}

    private static final class Producer {
        private short epoch;
        private final Deque<Remembered> lastFive = new ArrayDeque<>();
    }

    /** What an append did. */
    record Outcome(long baseOffset, boolean duplicate) {}

    private final List<String> values = new ArrayList<>();
    private final Map<Long, Producer> producers = new HashMap<>();

    List<String> values() {
        return values;
    }

    /** Forgets all producers, as after a retention that removed their last batches. */
    void forgetProducers() {
        producers.clear();
    }

    /**
     * @throws RejectedException OUT_OF_ORDER_SEQUENCE, FENCED_PRODUCER_EPOCH, CORRUPT_BATCH
     */
    Outcome append(ByteBuffer batch) {
        List<BatchRecord> records = RecordReader.readAll(batch, 64 << 20);
        RecordBatchHeader header = RecordBatchHeader.read(batch, batch.position());
        if (header.isIdempotent()) {
            Remembered again = check(header);
            if (again != null) {
                return new Outcome(again.baseOffset(), true);
            }
        }
        long baseOffset = values.size();
        for (BatchRecord record : records) {
            values.add(new String(Objects.requireNonNull(record.value()), UTF_8));
        }
        if (header.isIdempotent()) {
            remember(header, baseOffset);
        }
        return new Outcome(baseOffset, false);
    }

    private @Nullable Remembered check(RecordBatchHeader header) {
        Producer producer = producers.get(header.producerId());
        if (producer == null) {
            return null;
        }
        if (header.producerEpoch() < producer.epoch) {
            throw new RejectedException(ErrorCode.FENCED_PRODUCER_EPOCH, "old epoch");
        }
        for (Remembered each : producer.lastFive) {
            if (each.firstSequence() == header.baseSequence()
                    && each.lastSequence() == header.lastSequence()) {
                return each;
            }
        }
        Remembered last = producer.lastFive.getLast();
        int expected = last.lastSequence() == Integer.MAX_VALUE ? 0 : last.lastSequence() + 1;
        if (header.baseSequence() != expected) {
            throw new RejectedException(
                    ErrorCode.OUT_OF_ORDER_SEQUENCE,
                    "sequence " + header.baseSequence() + " after " + last.lastSequence());
        }
        return null;
    }

    private void remember(RecordBatchHeader header, long baseOffset) {
        Producer producer = producers.computeIfAbsent(header.producerId(), id -> new Producer());
        producer.epoch = header.producerEpoch();
        producer.lastFive.add(
                new Remembered(header.baseSequence(), header.lastSequence(), baseOffset));
        if (producer.lastFive.size() > 5) {
            producer.lastFive.removeFirst();
        }
    }
}
