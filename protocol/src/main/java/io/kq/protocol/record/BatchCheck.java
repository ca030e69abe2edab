package io.kq.protocol.record;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What must hold for bytes to be a batch at all, before anyone looks at its records. */
final class BatchCheck {

    private BatchCheck() {}

    /** The header at the buffer's position, its fields in their ranges. */
    static RecordBatchHeader header(ByteBuffer batch) {
        if (batch.remaining() < RecordBatchHeader.SIZE_BYTES) {
            throw corrupt("a batch has at least 61 bytes, here are " + batch.remaining());
        }
        RecordBatchHeader header = RecordBatchHeader.read(batch, batch.position());
        int overhead = RecordBatchHeader.LENGTH_OVERHEAD_BYTES;
        if (header.lengthBytes() < RecordBatchHeader.SIZE_BYTES - overhead
                || header.lengthBytes() > Integer.MAX_VALUE - overhead) {
            throw corrupt("a batch with the length " + header.lengthBytes());
        }
        if (header.magic() != RecordBatchHeader.MAGIC) {
            throw corrupt("magic " + header.magic() + ", this is not format 2");
        }
        if (header.lastOffsetDelta() < 0
                || header.baseOffset() < 0
                || header.baseOffset() > Long.MAX_VALUE - 1 - header.lastOffsetDelta()) {
            throw corrupt(
                    "base offset " + header.baseOffset() + " and " + header.lastOffsetDelta());
        }
        if (header.recordCount() < 0 || header.recordCount() > header.lastOffsetDelta() + 1L) {
            throw corrupt(header.recordCount() + " records with delta " + header.lastOffsetDelta());
        }
        return header;
    }

    /** The CRC of exactly one batch. */
    static void crc(ByteBuffer batch, RecordBatchHeader header) {
        ByteBuffer covered = batch.duplicate();
        covered.position(batch.position() + RecordBatchHeader.ATTRIBUTES_POSITION);
        CRC32C crc = new CRC32C();
        crc.update(covered);
        if ((int) crc.getValue() != header.crc()) {
            throw corrupt("the batch's CRC differs from that of its bytes");
        }
    }

    static CompressionCodec codec(RecordBatchHeader header) {
        try {
            return CompressionCodec.ofId(header.codecId());
        } catch (RejectedException unknown) {
            throw corrupt(unknown.getMessage());
        }
    }

    static RejectedException corrupt(String what) {
        return new RejectedException(ErrorCode.CORRUPT_BATCH, what);
    }
}
