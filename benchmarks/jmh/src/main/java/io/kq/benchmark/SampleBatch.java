package io.kq.benchmark;

import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.Random;

/** Record batches as clients send them, uncompressed and not idempotent. */
final class SampleBatch {

    /** The wall clock of all measurements. */
    static final long NOW = 1_790_000_000_000L;

    private static final long SEED = 1;

    private SampleBatch() {}

    /** One record of random bytes in a batch of exactly {@code sizeBytes}, in direct memory. */
    static ByteBuffer direct(int sizeBytes) {
        int valueBytes = sizeBytes - build(0).remaining();
        ByteBuffer batch = build(valueBytes);
        while (batch.remaining() > sizeBytes) {
            valueBytes--;
            batch = build(valueBytes);
        }
        if (batch.remaining() != sizeBytes) {
            throw new IllegalArgumentException("no batch has exactly " + sizeBytes + " bytes");
        }
        return ByteBuffer.allocateDirect(sizeBytes).put(batch).flip();
    }

    private static ByteBuffer build(int valueBytes) {
        byte[] value = new byte[valueBytes];
        new Random(SEED).nextBytes(value);
        RecordBatchBuilder builder = new RecordBatchBuilder(valueBytes + 128);
        builder.append(NOW, null, value);
        return builder.build(CompressionCodec.NONE);
    }
}
