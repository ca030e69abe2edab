package io.kq.log;

import io.kq.log.slice.LogSlice;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes batches as clients send them, and reads what a log gives back. */
final class Batches {

    /** The wall clock of tests that do not care. */
    static final long NOW = 1_790_000_000_000L;

    private Batches() {}

    /** A batch with one record per value, all at {@link #NOW}. */
    static BatchBytes of(String... values) {
        return at(NOW, values);
    }

    static BatchBytes at(long timestampMillis, String... values) {
        return BatchBytes.of(builder(timestampMillis, values).build(CompressionCodec.NONE));
    }

    static BatchBytes idempotent(long producerId, int epoch, int sequence, String... values) {
        return BatchBytes.of(
                builder(NOW, values)
                        .build(CompressionCodec.NONE, producerId, (short) epoch, sequence));
    }

    /** As a leader would have stamped it. */
    static BatchBytes stamped(long baseOffset, int leaderEpoch, BatchBytes batch) {
        ByteBuffer bytes = batch.toContiguous();
        bytes.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, baseOffset);
        bytes.putInt(RecordBatchHeader.LEADER_EPOCH_POSITION, leaderEpoch);
        return BatchBytes.of(bytes);
    }

    static RecordBatchBuilder builder(long timestampMillis, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024);
        for (String value : values) {
            builder.append(timestampMillis, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return builder;
    }

    /** The batches in a slice, which is closed. */
    static List<ByteBuffer> batches(LogSlice slice) {
        try (slice) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            slice.writeTo(out, new byte[777]);
            ByteBuffer all = ByteBuffer.wrap(out.toByteArray());
            List<ByteBuffer> batches = new ArrayList<>();
            while (all.hasRemaining()) {
                int size = RecordBatchHeader.read(all, all.position()).sizeBytes();
                batches.add(all.slice(all.position(), size));
                all.position(all.position() + size);
            }
            return batches;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Values of all records from {@code fromOffset} to the log's end, over as many reads as needed.
     */
    static List<String> values(PartitionLog log, long fromOffset) {
        return values(log, fromOffset, 1000);
    }

    static List<String> values(PartitionLog log, long fromOffset, int maxBytes) {
        List<String> values = new ArrayList<>();
        long next = fromOffset;
        while (next < log.logEndOffset()) {
            LogSlice slice = log.read(next, log.logEndOffset(), maxBytes);
            long after = slice.nextOffset();
            for (ByteBuffer batch : batches(slice)) {
                RecordReader reader = RecordReader.open(batch, 1 << 20);
                while (reader.advance()) {
                    if (reader.offset() >= next) {
                        values.add(new String(reader.record().value(), StandardCharsets.UTF_8));
                    }
                }
            }
            if (after <= next) {
                throw new AssertionError("a read at " + next + " made no progress");
            }
            next = after;
        }
        return values;
    }
}
