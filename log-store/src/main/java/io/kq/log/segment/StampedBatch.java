package io.kq.log.segment;

import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A batch as it goes to the file.
 *
 * @param header what its first 61 bytes say
 * @param parts its bytes, for one gathering write; those of the sender are not copied, and stay the
 *     sender's
 */
@SuppressWarnings("ArrayRecordComponent")
public record StampedBatch(RecordBatchHeader header, ByteBuffer[] parts) {

    private static final short LOG_APPEND_TIME = 0x08;

    /** With the offset and epoch that the leader gives it, which no CRC covers. */
    public static StampedBatch byLeader(BatchBytes batch, long baseOffset, int leaderEpoch) {
        RecordBatchHeader sent = batch.header();
        RecordBatchHeader header =
                new RecordBatchHeader(
                        baseOffset,
                        sent.lengthBytes(),
                        leaderEpoch,
                        sent.magic(),
                        sent.crc(),
                        sent.attributes(),
                        sent.lastOffsetDelta(),
                        sent.baseTimestamp(),
                        sent.maxTimestamp(),
                        sent.producerId(),
                        sent.producerEpoch(),
                        sent.baseSequence(),
                        sent.recordCount());
        return new StampedBatch(header, batch.stampedWith(header));
    }

    /**
     * Also with the time of the append in place of the producer's, and the CRC that this needs. No
     * record is rewritten: readers take the batch's time for all of them.
     */
    public static StampedBatch byLeaderAt(
            BatchBytes batch, long baseOffset, int leaderEpoch, long nowMillis) {
        RecordBatchHeader sent = batch.header();
        RecordBatchHeader draft = timed(sent, baseOffset, leaderEpoch, nowMillis, 0);
        ByteBuffer[] parts = batch.stampedWith(draft);
        CRC32C crc = new CRC32C();
        crc.update(
                parts[0].duplicate()
                        .position(parts[0].position() + RecordBatchHeader.ATTRIBUTES_POSITION));
        for (int i = 1; i < parts.length; i++) {
            crc.update(parts[i].duplicate());
        }
        RecordBatchHeader header =
                timed(sent, baseOffset, leaderEpoch, nowMillis, (int) crc.getValue());
        header.write(parts[0], parts[0].position());
        return new StampedBatch(header, parts);
    }

    /** As another leader stamped it. */
    public static StampedBatch asSent(BatchBytes batch) {
        return new StampedBatch(batch.header(), batch.stampedWith(batch.header()));
    }

    private static RecordBatchHeader timed(
            RecordBatchHeader sent, long baseOffset, int leaderEpoch, long nowMillis, int crc) {
        return new RecordBatchHeader(
                baseOffset,
                sent.lengthBytes(),
                leaderEpoch,
                sent.magic(),
                crc,
                (short) (sent.attributes() | LOG_APPEND_TIME),
                sent.lastOffsetDelta(),
                sent.baseTimestamp(),
                nowMillis,
                sent.producerId(),
                sent.producerEpoch(),
                sent.baseSequence(),
                sent.recordCount());
    }
}
