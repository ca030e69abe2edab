package io.kq.protocol.rpc;

import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One received message as buffers: the transport's own, taken over from gRPC, or a copy on the heap
 * where the transport has none to give (compressed calls, in-process calls, messages that came in
 * tiny pieces) or where the message is so small that a copy is cheaper. One owner.
 */
final class TransportMessage implements AutoCloseable {

    /** Below it a copy costs less than keeping track of the transport's buffers. */
    static final int COPY_BELOW_BYTES = 2048;

    private final ByteBuffer[] parts;
    private final int sizeBytes;
    private @Nullable InputStream owned;

    private TransportMessage(ByteBuffer[] parts, int sizeBytes, @Nullable InputStream owned) {
        this.parts = parts;
        this.sizeBytes = sizeBytes;
        this.owned = owned;
    }

    /** Takes the whole message out of {@code stream}, which gRPC closes. */
    static TransportMessage take(InputStream stream) throws IOException {
        if (stream instanceof Detachable detachable
                && stream instanceof HasByteBuffer buffers
                && buffers.byteBufferSupported()
                && stream.markSupported()
                && stream.available() >= COPY_BELOW_BYTES) {
            return walk(detachable.detach());
        }
        return copy(stream);
    }

    private static TransportMessage copy(InputStream stream) throws IOException {
        byte[] bytes;
        if (stream instanceof KnownLength) {
            bytes = new byte[stream.available()];
            if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                throw new IOException("the message ended before its length");
            }
        } else {
            bytes = stream.readAllBytes();
        }
        return new TransportMessage(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, bytes.length, null);
    }

    /**
     * Collects the buffers behind a detached stream. They are released as they are skipped over,
     * unless the stream was marked before; after the reset they live until it is closed.
     */
    private static TransportMessage walk(InputStream owned) throws IOException {
        try {
            int size = owned.available();
            List<ByteBuffer> parts = new ArrayList<>();
            owned.mark(size);
            while (owned.available() > 0) {
                ByteBuffer part = ((HasByteBuffer) owned).getByteBuffer();
                if (part == null) {
                    throw new IOException("the transport's buffers ended before the message");
                }
                if (part.hasRemaining()) {
                    parts.add(part);
                }
                skip(owned, part.remaining());
            }
            owned.reset();
            return new TransportMessage(parts.toArray(new ByteBuffer[0]), size, owned);
        } catch (IOException | RuntimeException e) {
            closeQuietly(owned);
            throw e;
        }
    }

    /** Skips within one buffer; by 0 bytes too, which drops a buffer that is empty. */
    private static void skip(InputStream owned, int length) throws IOException {
        if (owned.skip(length) != length) {
            throw new IOException("the transport's buffers ended before the message");
        }
    }

    /** The message's bytes in order; valid until {@link #close} unless {@link #isOnHeap}. */
    ByteBuffer[] parts() {
        return parts;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** Whether the bytes are a copy that nobody has to free. */
    boolean isOnHeap() {
        return owned == null;
    }

    /** Gives the buffers back to the transport. Idempotent. */
    @Override
    public void close() {
        InputStream once = owned;
        owned = null;
        if (once != null) {
            closeQuietly(once);
        }
    }

    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException freed) {
            // Buffers in memory: whatever it says, there is nothing left to free.
        }
    }
}
