package io.kq.protocol.record;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Bytes {@code [from, from + length)} of an array, not to be written to.
 *
 * @param array the owner's, or a copy where the buffer had none to show
 */
@SuppressWarnings("ArrayRecordComponent")
record HeapBytes(byte[] array, int from, int length) {

    /** The remaining bytes of {@code buffer}, copied only if they are not on the heap. */
    static HeapBytes of(ByteBuffer buffer) {
        if (buffer.hasArray()) {
            return new HeapBytes(
                    buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return new HeapBytes(copy, 0, copy.length);
    }

    InputStream stream() {
        return new ByteArrayInputStream(array, from, length);
    }

    /**
     * Everything that {@code in} gives.
     *
     * @throws io.kq.protocol.RejectedException CORRUPT_BATCH beyond {@code bytesMax}, having held
     *     little more than that
     */
    static ByteBuffer drain(InputStream in, int sizeHint, int bytesMax) throws IOException {
        ByteAppender out = new ByteAppender(Math.max(64, Math.min(sizeHint, bytesMax)));
        while (true) {
            if (out.size() == out.array().length) {
                out.ensure(1);
            }
            int read = in.read(out.array(), out.size(), out.array().length - out.size());
            if (read < 0) {
                return out.toBuffer();
            }
            if (read > bytesMax - out.size()) {
                throw CompressionCodec.overBound(bytesMax);
            }
            out.setSize(out.size() + read);
        }
    }

    /** What a stream of this compressed size usually becomes. */
    int sizeHint() {
        return (int) Math.min(ByteAppender.CAPACITY_MAX, 4L * length);
    }
}
