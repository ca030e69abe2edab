package io.kq.client.batch;

import io.kq.protocol.record.RecordBatchBuilder;
import java.util.concurrent.ArrayBlockingQueue;

/** Keeps the memory of full batches for the next ones. Any thread. */
final class BuilderPool {

    private static final int KEPT_MAX = 16;
    private static final int SMALL_BYTES = 512;

    /** A record that makes a batch full may go a little over the bound. */
    private static final int SLACK_BYTES = 4096;

    private final int fullBytes;
    private final ArrayBlockingQueue<RecordBatchBuilder> kept = new ArrayBlockingQueue<>(KEPT_MAX);

    BuilderPool(int batchBytesMax) {
        this.fullBytes = batchBytesMax;
    }

    /** A builder for a batch that is expected to have so many bytes. */
    RecordBatchBuilder take(int expectedBytes) {
        if (expectedBytes < fullBytes / 2) {
            return new RecordBatchBuilder(Math.max(SMALL_BYTES, expectedBytes));
        }
        RecordBatchBuilder again = kept.poll();
        return again == null ? new RecordBatchBuilder(fullBytes + SLACK_BYTES) : again;
    }

    /** Gives a builder back whose bytes nobody reads any more. */
    void give(RecordBatchBuilder builder) {
        int size = builder.sizeBytes();
        if (size >= fullBytes / 2 && size <= fullBytes + SLACK_BYTES) {
            builder.clear();
            boolean unused = kept.offer(builder);
        }
    }
}
