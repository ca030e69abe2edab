package io.kq.client.fake;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A partition in memory: stamped batches, and the last sequence of each producer. */
final class FakeLog {

    @SuppressWarnings("ArrayRecordComponent")
    record Batch(long baseOffset, long nextOffset, byte[] bytes) {}

    private record Written(int firstSequence, int nextSequence, long baseOffset) {}

    private final List<Batch> batches = new ArrayList<>();
    private final Map<Long, List<Written>> producers = new HashMap<>();
    private long startOffset;
    private long endOffset;

    synchronized long startOffset() {
        return startOffset;
    }

    synchronized long deleteBefore(long offset) {
        if (offset > endOffset) {
            throw new RejectedException(ErrorCode.OFFSET_OUT_OF_RANGE, "above " + endOffset);
        }
        startOffset = Math.max(startOffset, offset);
        return startOffset;
    }

    synchronized long endOffset() {
        return endOffset;
    }

    /** The batch that holds the offset, or null at the end. */
    synchronized List<Batch> from(long offset) {
        List<Batch> found = new ArrayList<>();
        for (Batch batch : batches) {
            if (batch.nextOffset() > offset) {
                found.add(batch);
            }
        }
        return found;
    }

    /** Appends unless it did before; the base offset either way. */
    synchronized long append(byte[] packed) {
        ByteBuffer bytes = ByteBuffer.wrap(packed.clone());
        RecordBatchHeader header = RecordBatchHeader.read(bytes, 0);
        if (header.isIdempotent()) {
            List<Written> written =
                    producers.computeIfAbsent(header.producerId(), id -> new ArrayList<>());
            for (Written each : written) {
                if (each.firstSequence() == header.baseSequence()) {
                    return each.baseOffset();
                }
            }
            int expected = written.isEmpty() ? 0 : written.get(written.size() - 1).nextSequence();
            if (header.baseSequence() != expected) {
                throw new RejectedException(
                        ErrorCode.OUT_OF_ORDER_SEQUENCE,
                        header.baseSequence() + " where " + expected + " follows");
            }
            written.add(new Written(header.baseSequence(), header.lastSequence() + 1, endOffset));
        }
        long base = endOffset;
        bytes.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, base);
        endOffset = base + header.recordCount();
        batches.add(new Batch(base, endOffset, bytes.array()));
        return base;
    }
}
