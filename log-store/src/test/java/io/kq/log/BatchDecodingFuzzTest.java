package io.kq.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Any bytes are taken for batches: they are records or CORRUPT_BATCH, in bounded memory. In the
 * unit tests over its inputs, for long with {@code log-store/fuzz.sh MINUTES}.
 */
class BatchDecodingFuzzTest {

    private static final int PLAIN_BYTES_MAX = 1 << 20;

    @FuzzTest
    void anyBytesAreRecordsOrCorrupt(byte[] bytes) {
        decode(ByteBuffer.wrap(bytes));
        TornBatches.giveCrc(bytes);
        decode(ByteBuffer.wrap(bytes));
        split(ByteBuffer.wrap(bytes));
    }

    private static void decode(ByteBuffer batches) {
        try {
            while (batches.hasRemaining()) {
                int from = batches.position();
                RecordReader reader = RecordReader.openNext(batches, PLAIN_BYTES_MAX);
                assertThat(batches.position()).isGreaterThan(from);
                assertThat(reader.heldBytes())
                        .isLessThanOrEqualTo(Math.max(PLAIN_BYTES_MAX, batches.capacity()));
                readAll(reader);
            }
        } catch (RejectedException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
        }
    }

    private static void readAll(RecordReader reader) {
        RecordBatchHeader header = reader.header();
        long last = header.baseOffset() - 1;
        int count = 0;
        while (reader.advance()) {
            BatchRecord record = reader.record();
            assertThat(record.offset()).isGreaterThan(last).isLessThan(header.nextOffset());
            last = record.offset();
            count++;
        }
        assertThat(count).isEqualTo(header.recordCount());
    }

    private static void split(ByteBuffer bytes) {
        try {
            List<BatchBytes> batches = BatchBytes.split(bytes);
            int size = batches.stream().mapToInt(BatchBytes::sizeBytes).sum();
            assertThat(size).isEqualTo(bytes.remaining());
        } catch (IllegalArgumentException notBatches) {
            assertThat(notBatches).hasMessageNotContaining("null");
        }
    }
}
