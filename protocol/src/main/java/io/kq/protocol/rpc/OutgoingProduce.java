package io.kq.protocol.rpc;

import io.kq.v1.ProduceBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code kq.v1.ProduceRequest} to be sent: packed batches go from the given buffers to the socket
 * without being joined or copied to the heap before. Immutable; the buffers' bytes must stay as
 * they are until the batch is answered or the call has ended, since a call that is not connected
 * yet reads them later.
 */
public record OutgoingProduce(List<Entry> entries) {

    public OutgoingProduce {
        entries = List.copyOf(entries);
    }

    /**
     * One batch.
     *
     * @param head all fields but {@code packed}; with {@code plain} records when {@code packed} is
     *     empty
     * @param packed the remaining bytes of these buffers, in order, are one RecordBatch v2; their
     *     positions stay
     */
    public record Entry(ProduceBatch head, List<ByteBuffer> packed) {

        public Entry {
            packed = List.copyOf(packed);
            if (head.hasPacked() || (head.hasPlain() && !packed.isEmpty())) {
                throw new IllegalArgumentException("a batch has one payload");
            }
        }

        /** A packed batch. */
        public static Entry packed(ProduceBatch head, ByteBuffer... batch) {
            return new Entry(head, List.of(batch));
        }

        /** A batch in plain form. */
        public static Entry plain(ProduceBatch batch) {
            return new Entry(batch, List.of());
        }
    }

    /** What is sent. */
    OutboundStream wireForm() {
        List<OutboundStream.Item> items = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            OutboundStream.Payload packed =
                    entry.packed().isEmpty() ? null : new Buffers(entry.packed());
            items.add(new OutboundStream.Item(entry.head(), packed));
        }
        return new OutboundStream(items, () -> {});
    }

    /** The remaining bytes of some buffers; those on the heap are written without a detour. */
    private record Buffers(List<ByteBuffer> parts) implements OutboundStream.Payload {

        @Override
        public int sizeBytes() {
            int size = 0;
            for (ByteBuffer part : parts) {
                size = Math.addExact(size, part.remaining());
            }
            return size;
        }

        @Override
        public void writeTo(OutputStream out, byte[] scratch) throws IOException {
            for (ByteBuffer part : parts) {
                if (part.hasArray()) {
                    out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
                } else {
                    writeBy(scratch, part.duplicate(), out);
                }
            }
        }

        private static void writeBy(byte[] scratch, ByteBuffer rest, OutputStream out)
                throws IOException {
            while (rest.hasRemaining()) {
                int length = Math.min(scratch.length, rest.remaining());
                rest.get(scratch, 0, length);
                out.write(scratch, 0, length);
            }
        }
    }
}
