package io.kq.protocol.rpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of log data as its receiver has it, {@code kq.v1.FetchResponse} for example: packed
 * data stays in the transport's buffers until {@link #close}, which the receiver owes once it is
 * done (more calls do nothing). One thread at a time.
 *
 * @param <H> the generated item: {@code kq.v1.FetchData}, {@code kq.internal.v1.ReplicaData}
 */
public final class IncomingFrame<H extends MessageLite> implements AutoCloseable {

    private final List<Part<H>> parts;
    private final TransportMessage bytes;

    IncomingFrame(List<Part<H>> parts, TransportMessage bytes) {
        this.parts = List.copyOf(parts);
        this.bytes = bytes;
    }

    /** Reads such messages, whose items are what {@code heads} parses. */
    static <H extends MessageLite> InboundMarshaller<H, Part<H>, IncomingFrame<H>> marshaller(
            String messageName, Parser<H> heads) {
        return new InboundMarshaller<>(messageName, heads, Part::of, IncomingFrame::new);
    }

    /** In the order of the response. */
    public List<Part<H>> parts() {
        return parts;
    }

    /** Size of the whole message: what it holds of the transport's memory. */
    public int sizeBytes() {
        return bytes.sizeBytes();
    }

    /**
     * Whether the message had to be copied to the heap: normal for small ones; many large ones mean
     * that the flow-control window is too small for them.
     */
    public boolean isOnHeap() {
        return bytes.isOnHeap();
    }

    @Override
    public void close() {
        bytes.close();
    }

    /** Data or an error of one subscription. */
    public static final class Part<H extends MessageLite> {

        private static final ByteBuffer[] NOTHING = {};

        private final H head;
        private final ByteBuffer[] packed;

        private Part(H head, ByteBuffer[] packed) {
            this.head = head;
            this.packed = packed;
        }

        static <H extends MessageLite> Part<H> of(H head, ByteBuffer @Nullable [] packed) {
            return new Part<>(head, packed == null ? NOTHING : packed);
        }

        /** All fields but {@code packed}. */
        public H head() {
            return head;
        }

        /** Size of the packed data, 0 if there is none. */
        public int packedBytes() {
            int size = 0;
            for (ByteBuffer part : packed) {
                size += part.remaining();
            }
            return size;
        }

        /**
         * The packed data in one buffer: the transport's own where it lies in one piece (then valid
         * until the frame is closed), else a copy on the heap, made by each call.
         */
        public ByteBuffer packed() {
            if (packed.length == 1) {
                return packed[0].duplicate();
            }
            return packedCopy();
        }

        /** The packed data on the heap: outlives the frame. */
        public ByteBuffer packedCopy() {
            ByteBuffer copy = ByteBuffer.allocate(packedBytes());
            for (ByteBuffer part : packed) {
                copy.put(part.duplicate());
            }
            return copy.flip();
        }

        /** The packed data where it lies, in order; valid until the frame is closed. */
        public ByteBuffer[] packedParts() {
            ByteBuffer[] views = new ByteBuffer[packed.length];
            for (int i = 0; i < views.length; i++) {
                views[i] = packed[i].duplicate();
            }
            return views;
        }
    }
}
