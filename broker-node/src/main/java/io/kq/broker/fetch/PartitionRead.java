package io.kq.broker.fetch;

import io.kq.broker.partition.Watermarks;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one read of one partition gave: packed or plain data as asked for, both empty if there was
 * nothing to read, or why it failed.
 *
 * @param sizeBytes of the data, about
 * @param nextOffset where the reader goes on
 * @param marks null exactly when {@code failure} is not
 */
public record PartitionRead(
        FetchTarget target,
        ByteBuffer packed,
        List<BatchRecord> plain,
        long sizeBytes,
        long nextOffset,
        @Nullable Watermarks marks,
        @Nullable RejectedException failure) {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    static PartitionRead packed(
            FetchTarget target, ByteBuffer bytes, long nextOffset, Watermarks marks) {
        return new PartitionRead(
                target, bytes, List.of(), bytes.remaining(), nextOffset, marks, null);
    }

    static PartitionRead plain(
            FetchTarget target,
            List<BatchRecord> records,
            long sizeBytes,
            long nextOffset,
            Watermarks marks) {
        return new PartitionRead(target, EMPTY, records, sizeBytes, nextOffset, marks, null);
    }

    static PartitionRead failed(FetchTarget target, RejectedException reason) {
        return new PartitionRead(target, EMPTY, List.of(), 0, target.offset(), null, reason);
    }
}
