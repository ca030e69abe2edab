package io.kq.log.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One file as bytes at positions. Writes and truncation by one thread at a time, reads by any
 * beside them. The seam at which tests let a disk fail.
 */
public interface LogFile extends AutoCloseable {

    /**
     * Writes all remaining bytes of {@code parts}, in order, from {@code position} on: one
     * gathering write unless the operating system takes less. If it throws, any part of them may
     * have been written.
     */
    void write(ByteBuffer[] parts, long position) throws IOException;

    /**
     * Reads into {@code target} from {@code position} on until it is full or the file ends.
     *
     * @return bytes read, 0 at or behind the file's end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Makes the file's bytes and its size durable. After a failure nothing is known of them. */
    void force() throws IOException;

    /** Cuts the file to {@code sizeBytes}. */
    void truncate(long sizeBytes) throws IOException;

    /** The file's size now. */
    long sizeBytes() throws IOException;

    /** False once closed, also by an interrupt of a thread that used it. */
    boolean isOpen();

    @Override
    void close() throws IOException;
}
