package io.kq.protocol.rpc;

import com.google.protobuf.ByteString;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.v1.Acks;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import io.kq.v1.Records;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A {@code kq.v1.ProduceRequest} as a node receives it: packed batches stay in the transport's
 * buffers until {@link #close}, which the receiver owes exactly once it is done (more calls do
 * nothing). One thread at a time.
 */
public final class ProduceFrame implements AutoCloseable {

    private final List<Entry> entries;
    private final int sizeBytes;
    private final @Nullable TransportMessage bytes;

    ProduceFrame(List<Entry> entries, TransportMessage bytes) {
        this.entries = List.copyOf(entries);
        this.sizeBytes = bytes.sizeBytes();
        this.bytes = bytes;
    }

    private ProduceFrame(List<Entry> entries, int sizeBytes) {
        this.entries = List.copyOf(entries);
        this.sizeBytes = sizeBytes;
        this.bytes = null;
    }

    /** The same from a message on the heap: nothing to free. */
    public static ProduceFrame of(ProduceRequest request) {
        List<Entry> entries = new ArrayList<>(request.getBatchesCount());
        for (ProduceBatch batch : request.getBatchesList()) {
            entries.add(Entry.of(batch));
        }
        return new ProduceFrame(entries, request.getSerializedSize());
    }

    /** In the order of the request. Packed bytes are valid until {@link #close}. */
    public List<Entry> entries() {
        return entries;
    }

    /** Size of the whole message: what it holds of the transport's memory. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /**
     * Whether the message had to be copied to the heap: normal for small ones; many large ones mean
     * that the flow-control window is too small for them.
     */
    public boolean isOnHeap() {
        return bytes == null || bytes.isOnHeap();
    }

    @Override
    public void close() {
        if (bytes != null) {
            bytes.close();
        }
    }

    /**
     * One batch of the request. Exactly one of {@code packed}, {@code plain} and {@code problem} is
     * there.
     *
     * @param acks never UNSPECIFIED
     * @param topicId the topic's id, if the sender named it
     * @param timeoutMillis how long to wait for in-sync replicas, default resolved
     * @param problem what makes the batch unusable on its own: to be answered for this batch, the
     *     stream goes on
     */
    public record Entry(
            long correlationId,
            String topic,
            int partition,
            Acks acks,
            @Nullable UUID topicId,
            int timeoutMillis,
            @Nullable BatchBytes packed,
            @Nullable Records plain,
            @Nullable RejectedException problem) {

        /** What {@code timeout_ms = 0} means. */
        public static final int TIMEOUT_MILLIS_DEFAULT = 30_000;

        /** From a generated message, for example of {@code ProduceOnce}; shares its bytes. */
        public static Entry of(ProduceBatch batch) {
            ByteBuffer[] packed =
                    batch.hasPacked()
                            ? batch.getPacked()
                                    .asReadOnlyByteBufferList()
                                    .toArray(ByteBuffer[]::new)
                            : null;
            return of(batch, packed);
        }

        /** From a message whose packed bytes, if any, lie elsewhere. */
        static Entry of(ProduceBatch head, ByteBuffer @Nullable [] packed) {
            RejectedException problem = problem(head, packed);
            boolean usable = problem == null;
            return new Entry(
                    head.getCorrelationId(),
                    head.getTopic(),
                    head.getPartition(),
                    acks(head.getAcks()),
                    usable ? topicId(head.getTopicId()) : null,
                    timeoutMillis(head.getTimeoutMs()),
                    usable && packed != null ? BatchBytes.of(packed) : null,
                    usable && packed == null ? head.getPlain() : null,
                    problem);
        }

        private static Acks acks(Acks acks) {
            return acks == Acks.ACKS_UNSPECIFIED ? Acks.ACKS_ALL : acks;
        }

        /** A uint32; more than an int holds is as good as for ever. */
        private static int timeoutMillis(int unsigned) {
            if (unsigned == 0) {
                return TIMEOUT_MILLIS_DEFAULT;
            }
            return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
        }

        private static @Nullable RejectedException problem(
                ProduceBatch head, ByteBuffer @Nullable [] packed) {
            if (head.getAcks() == Acks.UNRECOGNIZED) {
                return new RejectedException(
                        ErrorCode.INVALID_ARGUMENT,
                        "acks has the unknown value " + head.getAcksValue());
            }
            int idSize = head.getTopicId().size();
            if (idSize != 0 && idSize != TopicIds.SIZE_BYTES) {
                return new RejectedException(
                        ErrorCode.INVALID_ARGUMENT, "topic_id has 16 bytes, this one " + idSize);
            }
            if (packed == null) {
                return head.hasPlain()
                        ? null
                        : new RejectedException(
                                ErrorCode.INVALID_ARGUMENT, "a batch has plain or packed records");
            }
            long size = 0;
            for (ByteBuffer part : packed) {
                size += part.remaining();
            }
            return size >= RecordBatchHeader.SIZE_BYTES
                    ? null
                    : new RejectedException(
                            ErrorCode.CORRUPT_BATCH,
                            "a record batch has at least 61 bytes, these are " + size);
        }

        private static @Nullable UUID topicId(ByteString bytes) {
            return bytes.isEmpty() ? null : TopicIds.fromBytes(bytes);
        }
    }
}
