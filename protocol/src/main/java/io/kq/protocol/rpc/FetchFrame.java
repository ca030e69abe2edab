package io.kq.protocol.rpc;

import io.kq.v1.FetchData;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code kq.v1.FetchResponse} as a node sends it: packed data is written to the transport
 * straight from where it is stored. Handing the frame to a call passes its ownership on: every body
 * is closed exactly once, written or not. A frame that is never handed over must be closed by its
 * maker.
 */
public final class FetchFrame implements AutoCloseable {

    private final List<Part> parts;
    private boolean closed;

    public FetchFrame(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    public List<Part> parts() {
        return parts;
    }

    /** What is sent; closing it closes this frame. */
    OutboundStream wireForm() {
        List<OutboundStream.Item> items = new ArrayList<>(parts.size());
        for (Part part : parts) {
            Body body = part.body();
            items.add(new OutboundStream.Item(part.head(), body == null ? null : new Bytes(body)));
        }
        return new OutboundStream(items, this::close);
    }

    /** Closes all bodies. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Part part : parts) {
            Body body = part.body();
            if (body != null) {
                body.close();
            }
        }
    }

    /**
     * Data or an error of one subscription.
     *
     * @param head all fields but {@code packed}
     * @param body the packed batches, or null if there are none or {@code head} has them plain
     */
    public record Part(FetchData head, @Nullable Body body) {

        public Part {
            if (head.hasPacked() || (head.hasPlain() && body != null)) {
                throw new IllegalArgumentException("data has one payload");
            }
        }
    }

    /** Bytes that exist until closed, usually a slice of a segment file. */
    public interface Body extends AutoCloseable {

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

    private record Bytes(Body body) implements OutboundStream.Payload {

        @Override
        public int sizeBytes() {
            return body.sizeBytes();
        }

        @Override
        public void writeTo(OutputStream out, byte[] scratch) throws IOException {
            body.writeTo(out, scratch);
        }
    }
}
