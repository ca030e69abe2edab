package io.kq.broker.doubles;

import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Batches with opaque contents: all that a leader looks at is right. */
public final class Batches {

    private Batches() {}

    /** {@code recordCount} records in {@code payloadBytes} bytes, not idempotent. */
    public static BatchBytes opaque(int recordCount, int payloadBytes) {
        return BatchBytes.of(bytes(recordCount, payloadBytes, -1, -1));
    }

    /** The same from an idempotent producer. */
    public static BatchBytes idempotent(int recordCount, long producerId, int baseSequence) {
        return BatchBytes.of(bytes(recordCount, 10, producerId, baseSequence));
    }

    /** {@code recordCount} records as a leader sends them: with their offset and epoch. */
    public static ByteBuffer sent(long baseOffset, int leaderEpoch, int recordCount) {
        ByteBuffer bytes = bytes(recordCount, 10, -1, -1);
        bytes.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, baseOffset);
        bytes.putInt(RecordBatchHeader.LEADER_EPOCH_POSITION, leaderEpoch);
        return bytes;
    }

    /** Gives {@code batch}, whose fields were changed, the CRC of what it says now. */
    public static ByteBuffer checksummed(ByteBuffer batch) {
        ByteBuffer covered = batch.duplicate();
        covered.position(RecordBatchHeader.ATTRIBUTES_POSITION);
        CRC32C crc = new CRC32C();
        crc.update(covered);
        return batch.putInt(RecordBatchHeader.CRC_POSITION, (int) crc.getValue());
    }

    private static ByteBuffer bytes(
            int recordCount, int payloadBytes, long producerId, int baseSequence) {
        int size = RecordBatchHeader.SIZE_BYTES + payloadBytes;
        ByteBuffer bytes = ByteBuffer.allocate(size);
        new RecordBatchHeader(
                        0,
                        size - RecordBatchHeader.LENGTH_OVERHEAD_BYTES,
                        -1,
                        RecordBatchHeader.MAGIC,
                        0,
                        (short) 0,
                        recordCount - 1,
                        1_000,
                        1_000,
                        producerId,
                        (short) (producerId < 0 ? -1 : 0),
                        baseSequence,
                        recordCount)
                .write(bytes, 0);
        return checksummed(bytes);
    }
}
