package io.kq.protocol.rpc;

import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of log data as a node sends it, {@code kq.v1.FetchResponse} for example: packed data is
 * written to the transport straight from where it is stored. Handing the frame to a call passes its
 * ownership on: every body is closed exactly once, written or not. A frame that is never handed
 * over must be closed by its maker.
 *
 * @param <H> the generated item: {@code kq.v1.FetchData}, {@code kq.internal.v1.ReplicaData}
 */
public final class OutgoingFrame<H extends MessageLite> implements AutoCloseable {

    private final List<Part<H>> parts;
    private boolean closed;

    public OutgoingFrame(List<Part<H>> parts) {
        this.parts = List.copyOf(parts);
    }

    public List<Part<H>> parts() {
        return parts;
    }

    /** Writes such messages. */
    static <H extends MessageLite> OutboundMarshaller<OutgoingFrame<H>> marshaller() {
        return new OutboundMarshaller<>(OutgoingFrame::wireForm);
    }

    /** What is sent; closing it closes this frame. */
    OutboundStream wireForm() {
        List<OutboundStream.Item> items = new ArrayList<>(parts.size());
        for (Part<H> part : parts) {
            FrameBody body = part.body();
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
        for (Part<H> part : parts) {
            FrameBody body = part.body();
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
    public record Part<H extends MessageLite>(H head, @Nullable FrameBody body) {}

    private record Bytes(FrameBody body) implements OutboundStream.Payload {

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
