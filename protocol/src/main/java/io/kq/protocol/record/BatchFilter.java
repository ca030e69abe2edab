package io.kq.protocol.record;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.OptionalLong;

/**
 * Batches with fewer records than they had, as compaction leaves them. Offsets, leader epoch and
 * producer stay, so a batch covers the same offsets and a retry of it is still known. Pure.
 */
public final class BatchFilter {

    private static final int NO_TIMESTAMP = -1;

    private BatchFilter() {}

    /**
     * The batch with some of its records, in the codec it has.
     *
     * @param records of the batch, wherever it stands; stands behind the last one after
     * @param retained which ones stay, counted from 0; at least one
     * @param deleteHorizonMillis from when on its tombstones may go; empty: what it says stays
     */
    public static ByteBuffer retain(
            RecordReader records, BitSet retained, OptionalLong deleteHorizonMillis) {
        RecordBatchHeader before = records.header();
        long baseTimestamp = deleteHorizonMillis.orElse(before.baseTimestamp());
        long maxTimestamp = before.hasLogAppendTime() ? before.maxTimestamp() : NO_TIMESTAMP;
        ByteAppender plain = new ByteAppender(Math.max(before.sizeBytes(), records.heldBytes()));
        plain.setSize(RecordBatchHeader.SIZE_BYTES);
        records.rewind();
        for (int i = 0; records.advance(); i++) {
            if (!retained.get(i)) {
                continue;
            }
            if (baseTimestamp == before.baseTimestamp()) {
                records.copyTo(plain);
            } else {
                records.copyTo(plain, baseTimestamp);
            }
            maxTimestamp = Math.max(maxTimestamp, records.timestampMillis());
        }
        short attributes =
                deleteHorizonMillis.isPresent()
                        ? RecordBatchHeader.withDeleteHorizon(before.attributes())
                        : before.attributes();
        return batch(
                before,
                compressed(plain, BatchCheck.codec(before)),
                attributes,
                baseTimestamp,
                maxTimestamp,
                retained.cardinality());
    }

    private static ByteAppender compressed(ByteAppender plain, CompressionCodec codec) {
        if (codec == CompressionCodec.NONE) {
            return plain;
        }
        ByteAppender target = new ByteAppender(plain.size());
        target.setSize(RecordBatchHeader.SIZE_BYTES);
        int from = RecordBatchHeader.SIZE_BYTES;
        codec.compress(plain.array(), from, plain.size() - from, target);
        return target;
    }

    /** The batch without its records: what it tells of its producer. */
    public static ByteBuffer emptied(RecordBatchHeader header) {
        return batch(
                header,
                noRecords(),
                RecordBatchHeader.withoutCodec(header.attributes()),
                NO_TIMESTAMP,
                NO_TIMESTAMP,
                0);
    }

    /**
     * A batch that stands for offsets of which no record is left, all of one leader epoch.
     *
     * @param lastOffset inclusive; less than 2^31 after {@code baseOffset}
     */
    public static ByteBuffer placeholder(long baseOffset, long lastOffset, int leaderEpoch) {
        RecordBatchHeader header =
                new RecordBatchHeader(
                        baseOffset,
                        0,
                        leaderEpoch,
                        RecordBatchHeader.MAGIC,
                        0,
                        (short) 0,
                        Math.toIntExact(lastOffset - baseOffset),
                        NO_TIMESTAMP,
                        NO_TIMESTAMP,
                        RecordBatchHeader.NO_PRODUCER_ID,
                        RecordBatchHeader.NO_PRODUCER_EPOCH,
                        RecordBatchHeader.NO_SEQUENCE,
                        0);
        return emptied(header);
    }

    private static ByteAppender noRecords() {
        ByteAppender empty = new ByteAppender(RecordBatchHeader.SIZE_BYTES);
        empty.setSize(RecordBatchHeader.SIZE_BYTES);
        return empty;
    }

    private static ByteBuffer batch(
            RecordBatchHeader before,
            ByteAppender bytes,
            short attributes,
            long baseTimestamp,
            long maxTimestamp,
            int recordCount) {
        ByteBuffer batch = bytes.toBuffer();
        new RecordBatchHeader(
                        before.baseOffset(),
                        batch.remaining() - RecordBatchHeader.LENGTH_OVERHEAD_BYTES,
                        before.leaderEpoch(),
                        RecordBatchHeader.MAGIC,
                        0,
                        attributes,
                        before.lastOffsetDelta(),
                        baseTimestamp,
                        maxTimestamp,
                        before.producerId(),
                        before.producerEpoch(),
                        before.baseSequence(),
                        recordCount)
                .write(batch, 0);
        RecordBatchBuilder.writeCrc(batch);
        return batch;
    }
}
