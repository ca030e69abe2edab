package io.kq.log.slice;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Nothing to read.
 *
 * @param nextOffset the offset asked for
 */
public record EmptySlice(long nextOffset) implements LogSlice {

    @Override
    public int sizeBytes() {
        return 0;
    }

    @Override
    public long baseOffset() {
        return nextOffset;
    }

    @Override
    public boolean isHot() {
        return true;
    }

    @Override
    public void read(int position, ByteBuffer target) {
        if (position != 0 || target.hasRemaining()) {
            throw new IllegalArgumentException("an empty slice has no bytes to read");
        }
    }

    @Override
    public void verify() {}

    @Override
    public void writeTo(OutputStream out, byte[] scratch) {}

    @Override
    public void close() {}
}
