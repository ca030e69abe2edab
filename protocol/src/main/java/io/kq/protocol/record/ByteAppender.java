package io.kq.protocol.record;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that are appended to one growing array, which is handed out without a copy. One owner. */
final class ByteAppender extends OutputStream {

    /** Largest array that every JVM can make. */
    static final int CAPACITY_MAX = Integer.MAX_VALUE - 8;

    private byte[] bytes;

    /** Invariant: {@code 0 <= size <= bytes.length}. */
    private int size;

    ByteAppender(int capacity) {
        this.bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** The array behind; another one after it had to grow. */
    byte[] array() {
        return bytes;
    }

    /** Continues at {@code size}, which may leave a gap of undefined bytes or drop some. */
    void setSize(int size) {
        if (size > this.size) {
            ensure(size - this.size);
        }
        this.size = size;
    }

    /**
     * Makes room for {@code count} more bytes.
     *
     * @throws RejectedException MESSAGE_TOO_LARGE if no array can hold them
     */
    void ensure(long count) {
        long needed = size + count;
        if (needed > bytes.length) {
            grow(needed);
        }
    }

    private void grow(long needed) {
        if (needed > CAPACITY_MAX) {
            throw new RejectedException(
                    ErrorCode.MESSAGE_TOO_LARGE, "a batch cannot have " + needed + " bytes");
        }
        long doubled = Math.min(CAPACITY_MAX, bytes.length * 2L);
        bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
    }

    @Override
    public void write(int b) {
        ensure(1);
        bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int from, int length) {
        ensure(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** Without a check of the room: {@link #ensure} went before. */
    void putByte(int b) {
        bytes[size++] = (byte) b;
    }

    /** Without a check of the room: {@link #ensure} went before. */
    void putBytes(byte[] source) {
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    /** Zigzag, then base 128; without a check of the room: {@link #ensure} went before. */
    void putVarint(int value) {
        size = Varint.write(bytes, size, value);
    }

    /** Zigzag, then base 128; without a check of the room: {@link #ensure} went before. */
    void putVarlong(long value) {
        size = Varint.write(bytes, size, value);
    }

    /** What was appended, not copied: valid until the next append. */
    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }
}
