package io.kq.benchmark;

import io.kq.log.index.IndexStore;
import io.kq.log.index.IndexedLog;
import io.kq.log.index.PartitionIndex;
import io.kq.log.index.ReplacedRange;
import io.kq.log.index.SparseEntry;
import io.kq.log.segment.BatchSink;
import io.kq.log.segment.LogTail;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A partition of batches of 64 KiB that exist in its index only. */
final class IndexedBatches implements IndexedLog {

    static final int RECORDS_PER_BATCH = 64;

    private static final int BATCH_BYTES = 64 << 10;
    private static final int BATCHES_PER_SEGMENT = (1 << 30) / BATCH_BYTES;

    private final ProofFile proof;
    private final PartitionIndex index;
    private LogTail tail = LogTail.empty(0);

    IndexedBatches(IndexStore store, int id, ProofFile proof) {
        this.proof = proof;
        TopicIdPartition partition = new TopicIdPartition(new UUID(1, 1), id);
        this.index = new PartitionIndex(store, id, partition, 0, this);
    }

    PartitionIndex index() {
        return index;
    }

    /** Appends batches and writes their entries. */
    void append(int count) throws IOException {
        index.drain();
        for (int i = 0; i < count; i++) {
            if (i % BATCHES_PER_SEGMENT == 0) {
                tail = tail.rolled();
            }
            RecordBatchHeader header = header(tail.endOffset());
            boolean unused = index.appended(header, tail, 0, -1);
            tail = tail.plus(header);
        }
        index.drain();
    }

    /** The log has so many batches, appended by an earlier process. */
    void reopen(int count) {
        tail =
                new LogTail(
                        (long) count * RECORDS_PER_BATCH,
                        (long) (count - 1)
                                / BATCHES_PER_SEGMENT
                                * BATCHES_PER_SEGMENT
                                * RECORDS_PER_BATCH,
                        (long) count % BATCHES_PER_SEGMENT * BATCH_BYTES,
                        0,
                        SampleBatch.NOW);
    }

    private static RecordBatchHeader header(long baseOffset) {
        return new RecordBatchHeader(
                baseOffset,
                BATCH_BYTES - RecordBatchHeader.LENGTH_OVERHEAD_BYTES,
                0,
                RecordBatchHeader.MAGIC,
                (int) baseOffset,
                (short) 0,
                RECORDS_PER_BATCH - 1,
                SampleBatch.NOW,
                SampleBatch.NOW,
                RecordBatchHeader.NO_PRODUCER_ID,
                (short) -1,
                RecordBatchHeader.NO_SEQUENCE,
                RECORDS_PER_BATCH);
    }

    @Override
    public boolean holds(SparseEntry entry) {
        return proof.look(entry.baseOffset() / RECORDS_PER_BATCH * BATCH_BYTES);
    }

    @Override
    public Optional<ReplacedRange> replacementOf(SparseEntry entry) {
        return Optional.empty();
    }

    @Override
    public void indexWasLost() {
        throw new AssertionError("a partition's rows were thrown away");
    }

    @Override
    public long firstSegmentOffset() {
        return 0;
    }

    @Override
    public LogTail tail() {
        return tail;
    }

    @Override
    public void forEachBatch(
            @Nullable SparseEntry hint, long fromOffset, long toOffset, BatchSink sink) {
        throw new AssertionError("there are no segments to read");
    }
}
