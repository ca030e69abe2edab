package io.kq.log.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.segment.BatchSink;
import io.kq.log.segment.LogTail;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads near the end of a log does not ask RocksDB: it may even be gone. */
class HotTailTest {

    private static final TopicIdPartition PARTITION = new TopicIdPartition(new UUID(1, 1), 0);
    private static final int BATCHES = 20;
    private static final int BATCH_BYTES = 64 << 10;

    @TempDir Path directory;

    private static RecordBatchHeader header(long baseOffset) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256);
        builder.append(baseOffset, null, new byte[10]);
        ByteBuffer batch = builder.build(CompressionCodec.NONE);
        batch.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, baseOffset);
        return RecordBatchHeader.read(batch, 0);
    }

    private static LogTail before(long offset) {
        return new LogTail(offset, 0, offset * BATCH_BYTES, 0, offset - 1);
    }

    private PartitionIndex filled(IndexStore store) {
        PartitionIndex index = new PartitionIndex(store, 1, PARTITION, 0, new Log());
        for (long offset = 0; offset < BATCHES; offset++) {
            index.appended(header(offset), before(offset), 0, 0);
        }
        return index;
    }

    @Test
    void findsOffsetsAndTimesInMemory() {
        IndexStore store = IndexStore.open(directory, 1 << 20);
        PartitionIndex index = filled(store);
        store.close();
        for (long offset = 0; offset < BATCHES; offset++) {
            assertThat(found(index.floor(offset)).baseOffset()).isEqualTo(offset);
        }
        SparseEntry byTime = found(index.floorByTime(BATCHES / 2));
        assertThat(byTime.maxTimestampBefore()).isLessThan(BATCHES / 2);
        SparseEntry from = found(index.floor(3));
        SparseEntry end = found(index.lastWithin(from, (long) BATCHES * BATCH_BYTES, BATCHES - 5));
        assertThat(end.baseOffset()).isEqualTo(BATCHES - 5);
    }

    private static SparseEntry found(@Nullable SparseEntry entry) {
        return Objects.requireNonNull(entry);
    }

    /** The bytes of a log that nobody may need. */
    private static final class Log implements IndexedLog {

        @Override
        public boolean holds(SparseEntry entry) {
            throw new AssertionError("an entry in memory is believed");
        }

        @Override
        public Optional<ReplacedRange> replacementOf(SparseEntry entry) {
            return Optional.empty();
        }

        @Override
        public void indexWasLost() {}

        @Override
        public long firstSegmentOffset() {
            return 0;
        }

        @Override
        public LogTail tail() {
            return before(BATCHES);
        }

        @Override
        public void forEachBatch(
                @Nullable SparseEntry hint, long fromOffset, long toOffset, BatchSink sink) {
            throw new AssertionError("nothing is read again");
        }
    }
}
