package io.kq.log;

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
     * Copies {@code length} bytes from {@code position} (relative to the piece) into {@code
     * target}. Blocking if not hot.
     */
    void read(int position, ByteBuffer target) throws IOException;

    /** Copies the whole piece to {@code out} through {@code scratch}. Blocking if not hot. */
    void writeTo(OutputStream out, byte[] scratch) throws IOException;

    @Override
    void close();
}
