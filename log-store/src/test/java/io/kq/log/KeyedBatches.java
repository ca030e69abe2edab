package io.kq.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.log.slice.LogSlice;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes batches of records with keys, and reads what compaction leaves of them. */
final class KeyedBatches {

    private static final int BOUND = 1 << 20;

    private KeyedBatches() {}

    /**
     * A batch of {@code key=value}; {@code key} alone is a tombstone, {@code =value} has no key.
     */
    static BatchBytes of(String... records) {
        return BatchBytes.of(builder(Batches.NOW, records).build(CompressionCodec.NONE));
    }

    static RecordBatchBuilder builder(long timestampMillis, String... records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024);
        for (String record : records) {
            int split = record.indexOf('=');
            String key = split < 0 ? record : record.substring(0, split);
            String value = split < 0 ? null : record.substring(split + 1);
            builder.append(
                    timestampMillis,
                    key.isEmpty() ? null : key.getBytes(UTF_8),
                    value == null ? null : value.getBytes(UTF_8));
        }
        return builder;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, UTF_8);
    }

    static String text(BatchRecord record) {
        return text(record.key()) + (record.value() == null ? "" : "=" + text(record.value()));
    }

    /** All batches, over as many reads as needed; the next one always begins where one ended. */
    static List<ByteBuffer> all(PartitionLog log) {
        List<ByteBuffer> all = new ArrayList<>();
        long next = log.logStartOffset();
        while (next < log.logEndOffset()) {
            LogSlice slice = log.read(next, log.logEndOffset(), 4000);
            long expected = slice.baseOffset();
            if (expected > next || (expected < next && !all.isEmpty())) {
                throw new AssertionError("asked for " + next + ", read from " + expected);
            }
            for (ByteBuffer batch : Batches.batches(slice)) {
                RecordBatchHeader header = RecordBatchHeader.read(batch, 0);
                if (header.baseOffset() != expected) {
                    throw new AssertionError(
                            "expected offset " + expected + ", read " + header.baseOffset());
                }
                expected = header.nextOffset();
                all.add(batch);
            }
            next = expected;
        }
        return all;
    }

    /** What is at each offset that still has a record. */
    static Map<Long, String> records(PartitionLog log) {
        Map<Long, String> found = new TreeMap<>();
        for (ByteBuffer batch : all(log)) {
            for (BatchRecord record : RecordReader.readAll(batch, BOUND)) {
                if (record.offset() >= log.logStartOffset()) {
                    found.put(record.offset(), text(record));
                }
            }
        }
        return found;
    }
}
