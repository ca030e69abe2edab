package io.kq.protocol.rpc;

import java.io.IOException;
import java.io.OutputStream;

/** Bytes that exist until closed, usually a slice of a segment file. */
public interface FrameBody extends AutoCloseable {

    /** Known beforehand and exact. */
    int sizeBytes();

    /**
     * Writes all bytes. Called at most once, before {@link #close}, on the thread that sends.
     *
     * @param scratch for the callee's use during the call
     */
    void writeTo(OutputStream out, byte[] scratch) throws IOException;

    @Override
    void close();
}
