package io.kq.broker.fetch;

import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.RecordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks whole batches record by record, leaving out control batches and what lies before the
 * offset that was asked for. Holds the stored bytes and one decompressed batch. One owner.
 */
final class PlainCursor {

    /** Bound of one batch's records when decompressed. */
    static final int BATCH_BYTES_MAX = 32 << 20;

    /** From this on an unpacked batch is not kept while its reader does not read. */
    private static final int LARGE_BYTES = 1 << 20;

    /** What a record's fields cost on the wire beside key, value and headers, at most. */
    private static final int RECORD_OVERHEAD_BYTES = 48;

    private static final int HEADER_OVERHEAD_BYTES = 16;

    private final ByteBuffer batches;
    private final long fromOffset;
    private @Nullable RecordReader reader;

    /** Read but not taken. */
    private @Nullable BatchRecord pending;

    private long nextOffset;

    private long takenBytes;

    /** Takes whole batches over. */
    PlainCursor(ByteBuffer batches, long fromOffset) {
        this.batches = batches;
        this.fromOffset = fromOffset;
        this.nextOffset = fromOffset;
        advance();
    }

    /** Reads the slice and closes it. */
    static PlainCursor unpack(LogSlice slice, long fromOffset) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        try (slice) {
            slice.read(0, bytes);
        } catch (IOException e) {
            throw new RejectedException(
                    ErrorCode.STORAGE_FAULT, "cannot read the log: " + e.getMessage());
        }
        return new PlainCursor(bytes.flip(), fromOffset);
    }

    /** The next records, at most {@code bytesMax}, at least one unless at the end. */
    List<BatchRecord> take(int bytesMax) {
        List<BatchRecord> taken = new ArrayList<>();
        takenBytes = 0;
        for (BatchRecord next = pending; next != null; next = pending) {
            long bytes = wireBytes(next);
            if (!taken.isEmpty() && takenBytes + bytes > bytesMax) {
                return taken;
            }
            takenBytes += bytes;
            taken.add(next);
            nextOffset = next.offset() + 1;
            advance();
        }
        return taken;
    }

    /** An upper bound of what the last {@link #take} gave, as plain records on the wire. */
    long takenBytes() {
        return takenBytes;
    }

    /** Moves {@link #pending} on; at the end, {@link #nextOffset} is that of the last batch. */
    private void advance() {
        pending = null;
        while (pending == null) {
            if (reader != null && reader.advance()) {
                if (reader.offset() >= fromOffset && !reader.isControl()) {
                    pending = reader.record();
                }
            } else if (batches.hasRemaining()) {
                reader = RecordReader.openNext(batches, BATCH_BYTES_MAX);
            } else {
                if (reader != null) {
                    nextOffset = Math.max(nextOffset, reader.header().nextOffset());
                }
                return;
            }
        }
    }

    /** Whether it holds so much that it must not be kept for a reader that does not read. */
    boolean isLarge() {
        return batches.capacity() + (reader == null ? 0 : reader.heldBytes()) > LARGE_BYTES;
    }

    boolean isAtEnd() {
        return pending == null;
    }

    /** Where the reader goes on after what was taken. */
    long nextOffset() {
        return nextOffset;
    }

    private static long wireBytes(BatchRecord record) {
        long bytes =
                RECORD_OVERHEAD_BYTES + lengthOf(record.key()) + (long) lengthOf(record.value());
        List<BatchRecord.Header> headers = record.headers();
        for (int i = 0; i < headers.size(); i++) {
            BatchRecord.Header header = headers.get(i);
            bytes += HEADER_OVERHEAD_BYTES + 3L * header.key().length() + lengthOf(header.value());
        }
        return bytes;
    }

    private static int lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
