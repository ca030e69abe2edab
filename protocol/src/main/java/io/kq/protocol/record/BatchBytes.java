package io.kq.protocol.record;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One RecordBatch v2 whose bytes lie in one or several buffers that someone else owns: valid only
 * as long as its owner keeps them, and never written to. The header is copied out, so that the
 * leader can stamp offset and epoch without touching the owner's bytes. Single thread.
 */
public final class BatchBytes {

    private final ByteBuffer[] parts;
    private final int sizeBytes;
    private final RecordBatchHeader header;

    private BatchBytes(ByteBuffer[] parts, int sizeBytes, RecordBatchHeader header) {
        this.parts = parts;
        this.sizeBytes = sizeBytes;
        this.header = header;
    }

    /**
     * Takes the remaining bytes of {@code parts}, in order, as one batch. Positions of the given
     * buffers stay.
     *
     * @throws IllegalArgumentException if they are fewer than a header
     */
    public static BatchBytes of(ByteBuffer... parts) {
        ByteBuffer[] views = new ByteBuffer[parts.length];
        int size = 0;
        for (int i = 0; i < parts.length; i++) {
            views[i] = parts[i].duplicate();
            size += views[i].remaining();
        }
        if (size < RecordBatchHeader.SIZE_BYTES) {
            throw new IllegalArgumentException(
                    "a record batch has at least 61 bytes, these are " + size);
        }
        return new BatchBytes(views, size, readHeader(views));
    }

    /**
     * Takes the remaining bytes of {@code parts} as batches one behind the other, each of the size
     * that it claims. Nothing else of them is checked.
     *
     * @throws IllegalArgumentException if the last one is not whole, or a size cannot be
     */
    public static List<BatchBytes> split(ByteBuffer... parts) {
        return new BatchSplit(parts).all();
    }

    private static RecordBatchHeader readHeader(ByteBuffer[] parts) {
        ByteBuffer first = parts[0];
        if (first.remaining() >= RecordBatchHeader.SIZE_BYTES) {
            return RecordBatchHeader.read(first, first.position());
        }
        ByteBuffer joined = ByteBuffer.allocate(RecordBatchHeader.SIZE_BYTES);
        for (ByteBuffer part : parts) {
            ByteBuffer rest = part.duplicate();
            if (rest.remaining() > joined.remaining()) {
                rest.limit(rest.position() + joined.remaining());
            }
            joined.put(rest);
        }
        return RecordBatchHeader.read(joined, 0);
    }

    /** As it came: base offset and leader epoch are the sender's. */
    public RecordBatchHeader header() {
        return header;
    }

    /** Bytes in all parts; equals {@code header().sizeBytes()} only for a well-formed batch. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Whether the CRC in the header is that of the bytes. */
    public boolean crcMatches() {
        CRC32C crc = new CRC32C();
        int skip = RecordBatchHeader.ATTRIBUTES_POSITION;
        for (ByteBuffer part : parts) {
            ByteBuffer rest = part.duplicate();
            int skipped = Math.min(skip, rest.remaining());
            rest.position(rest.position() + skipped);
            skip -= skipped;
            crc.update(rest);
        }
        return (int) crc.getValue() == header.crc();
    }

    /**
     * The batch as it is stored: {@code stamped} in place of the first 61 bytes, then the owner's
     * bytes, for one gathering write. The header must differ from {@link #header} in base offset
     * and leader epoch only, or carry a CRC of its own.
     */
    public ByteBuffer[] stampedWith(RecordBatchHeader stamped) {
        ByteBuffer[] result = new ByteBuffer[parts.length + 1];
        ByteBuffer head = ByteBuffer.allocate(RecordBatchHeader.SIZE_BYTES);
        stamped.write(head, 0);
        result[0] = head;
        int skip = RecordBatchHeader.SIZE_BYTES;
        for (int i = 0; i < parts.length; i++) {
            ByteBuffer rest = parts[i].duplicate();
            int skipped = Math.min(skip, rest.remaining());
            rest.position(rest.position() + skipped);
            skip -= skipped;
            result[i + 1] = rest;
        }
        return result;
    }

    /** A copy of all bytes in one heap buffer, for those who read the records. */
    public ByteBuffer toContiguous() {
        ByteBuffer copy = ByteBuffer.allocate(sizeBytes);
        for (ByteBuffer part : parts) {
            copy.put(part.duplicate());
        }
        return copy.flip();
    }
}
