package io.kq.protocol.rpc;

import io.kq.v1.ProduceBatch;
import java.nio.ByteBuffer;
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
}
