package io.kq.log.segment;

import io.kq.log.io.LogFile;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the batches of a segment file by their headers, and over their bytes where the CRC is
 * asked for. Stops at the first place where no batch can be. Single thread, blocking.
 */
public final class BatchScanner {

    /** Reads little per seek: for a few headers. */
    public static final int SHORT_READ_BYTES = 4 << 10;

    /** Reads much per call: for whole files. */
    public static final int LONG_READ_BYTES = 128 << 10;

    private final LogFile file;
    private final long limit;
    private final ByteBuffer buffer;

    /** Position in the file of the buffer's first byte. */
    private long bufferPosition;

    private long expectedOffset;
    private int lastLeaderEpoch;
    private long position;
    private long endPosition;
    private @Nullable RecordBatchHeader header;
    private @Nullable String problem;

    /**
     * Starts before the batch at {@code position}.
     *
     * @param limit no batch ends after it
     * @param expectedOffset base offset of the first batch, or {@link BatchRules#ANY_OFFSET}
     * @param lastLeaderEpoch of the batch before it, -1 if unknown
     * @param bufferBytes {@link #SHORT_READ_BYTES} or {@link #LONG_READ_BYTES}
     */
    public BatchScanner(
            LogFile file,
            long position,
            long limit,
            long expectedOffset,
            int lastLeaderEpoch,
            int bufferBytes) {
        this.file = file;
        this.limit = limit;
        this.expectedOffset = expectedOffset;
        this.lastLeaderEpoch = lastLeaderEpoch;
        this.position = position;
        this.endPosition = position;
        this.buffer = ByteBuffer.allocate(bufferBytes).limit(0);
        this.bufferPosition = position;
    }

    /**
     * Goes on to the next batch.
     *
     * @return false at the limit, or where no batch can be: then {@link #problem} says why, and
     *     {@link #endPosition} is where it should start
     */
    public boolean next() throws IOException {
        if (problem != null || endPosition == limit) {
            return false;
        }
        position = endPosition;
        long left = limit - position;
        if (left < RecordBatchHeader.SIZE_BYTES || !fill(RecordBatchHeader.SIZE_BYTES)) {
            problem = "expected the 61 bytes of a batch's header, found " + Math.max(left, 0);
            return false;
        }
        RecordBatchHeader found = RecordBatchHeader.read(buffer, (int) (position - bufferPosition));
        problem = BatchRules.shapeProblem(found, left);
        if (problem == null) {
            problem = BatchRules.successionProblem(found, expectedOffset, lastLeaderEpoch);
        }
        if (problem != null) {
            return false;
        }
        header = found;
        endPosition = position + found.sizeBytes();
        expectedOffset = found.nextOffset();
        lastLeaderEpoch = found.leaderEpoch();
        return true;
    }

    /** The batch that {@link #next} found. */
    public RecordBatchHeader header() {
        if (header == null) {
            throw new IllegalStateException("no batch has been found yet");
        }
        return header;
    }

    /** Where the batch starts. */
    public long position() {
        return position;
    }

    /** Where the batch ends, and the next one should start. */
    public long endPosition() {
        return endPosition;
    }

    /** Offset that the next batch should begin with. */
    public long nextOffset() {
        return expectedOffset;
    }

    /** Why the scan ended before the limit; null if it did not. */
    public @Nullable String problem() {
        return problem;
    }

    /** Reads the batch's bytes and tells whether the CRC in its header is theirs. */
    public boolean crcMatches() throws IOException {
        CRC32C crc = new CRC32C();
        long at = position + RecordBatchHeader.ATTRIBUTES_POSITION;
        while (at < endPosition) {
            if (at < bufferPosition || at >= bufferPosition + buffer.limit()) {
                if (!load(at)) {
                    return false;
                }
            }
            int from = (int) (at - bufferPosition);
            int count = (int) Math.min(endPosition - at, buffer.limit() - from);
            crc.update(buffer.array(), from, count);
            at += count;
        }
        return (int) crc.getValue() == header().crc();
    }

    private boolean fill(int bytes) throws IOException {
        boolean buffered =
                position >= bufferPosition && position + bytes <= bufferPosition + buffer.limit();
        return buffered || (load(position) && buffer.limit() >= bytes);
    }

    private boolean load(long at) throws IOException {
        buffer.clear();
        buffer.limit((int) Math.min(buffer.capacity(), limit - at));
        int count = file.read(buffer, at);
        buffer.flip();
        bufferPosition = at;
        return count > 0;
    }
}
