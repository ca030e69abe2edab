package io.kq.broker.doubles;

import io.kq.log.slice.LogSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Bytes of a {@link MemoryLog}; counted while open, and closed exactly once. */
final class MemorySlice implements LogSlice {

    private final byte[] bytes;
    private final long baseOffset;
    private final long nextOffset;
    private final boolean hot;
    private final AtomicInteger open;
    private boolean closed;

    MemorySlice(byte[] bytes, long baseOffset, long nextOffset, boolean hot, AtomicInteger open) {
        this.bytes = bytes;
        this.baseOffset = baseOffset;
        this.nextOffset = nextOffset;
        this.hot = hot;
        this.open = open;
        open.incrementAndGet();
    }

    @Override
    public int sizeBytes() {
        return bytes.length;
    }

    @Override
    public long baseOffset() {
        return baseOffset;
    }

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    @Override
    public boolean isHot() {
        return hot;
    }

    @Override
    public void read(int position, ByteBuffer target) {
        check();
        target.put(bytes, position, target.remaining());
    }

    @Override
    public void verify() {
        check();
    }

    @Override
    public void writeTo(OutputStream out, byte[] scratch) throws IOException {
        check();
        out.write(bytes);
    }

    private void check() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }

    @Override
    public void close() {
        check();
        closed = true;
        open.decrementAndGet();
    }
}
