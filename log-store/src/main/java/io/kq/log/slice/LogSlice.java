package io.kq.log.slice;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A piece of a segment file that holds whole batches, handed out without reading it. It stays
 * readable until closed, also if its segment is deleted meanwhile. One owner at a time.
 */
public interface LogSlice extends AutoCloseable {

    /** Size of the piece; 0 if there was nothing to read. */
    int sizeBytes();

    /** Base offset of the first batch in it; meaningless when empty. */
    long baseOffset();

    /**
     * Offset after the last record in it: where a reader goes on. Equals the offset asked for when
     * empty.
     */
    long nextOffset();

    /**
     * Whether the bytes are very likely in the page cache, because they were appended a short while
     * ago: then they may be read on an event loop.
     */
    boolean isHot();

    /**
     * Fills {@code target} from {@code position} (relative to the piece). Blocking if not hot.
     *
     * @throws IllegalArgumentException if that reaches over the piece's end
     */
    void read(int position, ByteBuffer target) throws IOException;

    /**
     * Checks the CRC of every batch in it by reading it whole: for pieces that are not hot, before
     * they go out, since bad bytes must never be served. Blocking if not hot.
     *
     * @throws io.kq.protocol.RejectedException STORAGE_FAULT, naming file and position
     */
    void verify() throws IOException;

    /** Copies the whole piece to {@code out} through {@code scratch}. Blocking if not hot. */
    void writeTo(OutputStream out, byte[] scratch) throws IOException;

    @Override
    void close();
}
