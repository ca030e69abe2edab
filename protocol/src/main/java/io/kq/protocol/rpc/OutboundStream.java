package io.kq.protocol.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wire form of a message of the shape that {@link InboundMarshaller} reads, written when gRPC
 * asks for it: fields by the generated classes, the packed bytes from where they are to the
 * transport's buffers. Read as a stream (by the in-process transport) it is written to the heap
 * first. Single use, one thread at a time.
 */
final class OutboundStream extends InputStream implements KnownLength, Drainable {

    static final int SCRATCH_BYTES = 64 * 1024;

    /** Two tags and two lengths. */
    private static final int FRAMING_BYTES_MAX = 12;

    private static final int ITEMS = ProduceRequest.BATCHES_FIELD_NUMBER;
    private static final int PACKED = ProduceBatch.PACKED_FIELD_NUMBER;

    /** One per sending thread, which are few: event loops and the senders of clients. */
    private static final ThreadLocal<byte[]> SCRATCH =
            ThreadLocal.withInitial(() -> new byte[SCRATCH_BYTES]);

    private final List<Item> items;
    private final Runnable onClose;
    private final int sizeBytes;
    private @Nullable ByteArrayInputStream onHeap;
    private boolean drained;
    private boolean closed;

    /**
     * @param onClose runs once, when gRPC is done with the message, written or not
     */
    OutboundStream(List<Item> items, Runnable onClose) {
        this.items = items;
        this.onClose = onClose;
        long size = 0;
        for (Item item : items) {
            long length = item.length();
            size += CodedOutputStream.computeTagSize(ITEMS);
            size += CodedOutputStream.computeUInt64SizeNoTag(length) + length;
        }
        this.sizeBytes = Math.toIntExact(size);
    }

    /**
     * One item.
     *
     * @param head its fields other than packed
     * @param packed its last field, if it has one
     */
    record Item(MessageLite head, @Nullable Payload packed) {

        private long length() {
            long length = head.getSerializedSize();
            if (packed != null) {
                int size = packed.sizeBytes();
                length += CodedOutputStream.computeTagSize(PACKED);
                length += CodedOutputStream.computeUInt32SizeNoTag(size) + (long) size;
            }
            return length;
        }
    }

    /** The bytes of one packed field. */
    interface Payload {
        int sizeBytes();

        /** Writes exactly {@link #sizeBytes} bytes. */
        void writeTo(OutputStream out, byte[] scratch) throws IOException;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        if (onHeap != null) {
            return (int) onHeap.transferTo(target);
        }
        if (drained) {
            return 0;
        }
        drained = true;
        byte[] scratch = SCRATCH.get();
        for (Item item : items) {
            writeHead(item, target, scratch);
            if (item.packed() != null) {
                item.packed().writeTo(target, scratch);
            }
        }
        return sizeBytes;
    }

    private static void writeHead(Item item, OutputStream target, byte[] scratch)
            throws IOException {
        boolean fits = item.head().getSerializedSize() <= scratch.length - FRAMING_BYTES_MAX;
        CodedOutputStream out =
                fits
                        ? CodedOutputStream.newInstance(scratch)
                        : CodedOutputStream.newInstance(target);
        out.writeTag(ITEMS, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt64NoTag(item.length());
        item.head().writeTo(out);
        if (item.packed() != null) {
            out.writeTag(PACKED, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(item.packed().sizeBytes());
        }
        out.flush();
        if (fits) {
            target.write(scratch, 0, out.getTotalBytesWritten());
        }
    }

    @Override
    public int available() {
        if (onHeap != null) {
            return onHeap.available();
        }
        return drained ? 0 : sizeBytes;
    }

    @Override
    public int read() throws IOException {
        return heap().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return heap().read(target, offset, length);
    }

    private ByteArrayInputStream heap() throws IOException {
        if (onHeap == null) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(available());
            drainTo(bytes);
            onHeap = new ByteArrayInputStream(bytes.toByteArray());
        }
        return onHeap;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            onClose.run();
        }
    }
}
