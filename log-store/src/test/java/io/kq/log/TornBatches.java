package io.kq.log;

import io.kq.protocol.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Makes torn batches look whole, to see that only their CRC told. */
final class TornBatches {

    private TornBatches() {}

    /** Gives every batch of a segment whose header is there the CRC of the bytes it has. */
    static void giveCrc(byte[] segment) {
        ByteBuffer bytes = ByteBuffer.wrap(segment);
        int at = 0;
        while (at + RecordBatchHeader.SIZE_BYTES <= segment.length) {
            long end = at + 12L + bytes.getInt(at + 8);
            if (end > segment.length || end < at + RecordBatchHeader.SIZE_BYTES) {
                return;
            }
            int covered = at + RecordBatchHeader.ATTRIBUTES_POSITION;
            CRC32C crc = new CRC32C();
            crc.update(segment, covered, (int) end - covered);
            bytes.putInt(covered - 4, (int) crc.getValue());
            at = (int) end;
        }
    }
}
