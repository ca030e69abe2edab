package io.kq.protocol.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts whole batches that lie one behind the other, in one buffer or several, into single ones,
 * without a copy. Single thread, single use.
 */
final class BatchSplit {

    private final ByteBuffer[] parts;
    private int at;
    private long remaining;

    BatchSplit(ByteBuffer[] parts) {
        this.parts = new ByteBuffer[parts.length];
        for (int i = 0; i < parts.length; i++) {
            this.parts[i] = parts[i].duplicate();
            remaining += parts[i].remaining();
        }
    }

    /** {@link BatchBytes#split} */
    List<BatchBytes> all() {
        List<BatchBytes> batches = new ArrayList<>();
        while (remaining > 0) {
            if (remaining < RecordBatchHeader.SIZE_BYTES) {
                throw new IllegalArgumentException(
                        remaining + " bytes are left, fewer than a header");
            }
            long size = sizeAhead();
            if (size < RecordBatchHeader.SIZE_BYTES || size > remaining) {
                throw new IllegalArgumentException(
                        "a batch claims " + size + " bytes, there are " + remaining);
            }
            batches.add(BatchBytes.of(take((int) size)));
        }
        return batches;
    }

    /** Size of the next batch, by its own word. */
    private long sizeAhead() {
        int length = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            length = length << 8 | (byteAhead(RecordBatchHeader.LENGTH_POSITION + i) & 0xff);
        }
        return RecordBatchHeader.LENGTH_POSITION + Integer.BYTES + (long) length;
    }

    private byte byteAhead(int offset) {
        int rest = offset;
        for (int i = at; ; i++) {
            int here = parts[i].remaining();
            if (rest < here) {
                return parts[i].get(parts[i].position() + rest);
            }
            rest -= here;
        }
    }

    private ByteBuffer[] take(int size) {
        List<ByteBuffer> taken = new ArrayList<>(2);
        int rest = size;
        while (rest > 0) {
            ByteBuffer part = parts[at];
            int here = Math.min(rest, part.remaining());
            if (here > 0) {
                taken.add(part.slice(part.position(), here));
                part.position(part.position() + here);
                rest -= here;
            }
            if (!part.hasRemaining()) {
                at++;
            }
        }
        remaining -= size;
        return taken.toArray(ByteBuffer[]::new);
    }
}
