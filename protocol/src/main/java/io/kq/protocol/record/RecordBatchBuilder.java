package io.kq.protocol.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Packs records into one RecordBatch v2. Each record is written once, straight into one growing
 * array: no object per record. One owner at a time; not for several threads.
 *
 * <p>A built batch without compression shares the builder's array: do not {@link #clear} while the
 * batch is in use.
 */
public final class RecordBatchBuilder {

    /** A record's fields besides key, value and headers, at their longest. */
    private static final int RECORD_OVERHEAD_BYTES_MAX =
            Varint.INT_BYTES_MAX // length
                    + 1 // attributes
                    + Varint.LONG_BYTES_MAX // timestamp delta
                    + Varint.INT_BYTES_MAX // offset delta
                    + 3 * Varint.INT_BYTES_MAX; // key length, value length, header count

    private static final long NO_TIMESTAMP = -1;
    private static final int NO_LEADER_EPOCH = -1;

    private final ByteAppender out;
    private int recordCount;
    private long baseTimestamp = NO_TIMESTAMP;
    private long maxTimestamp = NO_TIMESTAMP;

    /**
     * @param capacityBytes memory taken at once; more is taken when needed
     */
    public RecordBatchBuilder(int capacityBytes) {
        this.out = new ByteAppender(Math.max(capacityBytes, RecordBatchHeader.SIZE_BYTES));
        clear();
    }

    /** At most this many bytes are added to {@link #sizeBytes} by such a record. */
    public static long sizeBytesMax(
            byte @Nullable [] key, byte @Nullable [] value, List<BatchRecord.Header> headers) {
        long size = RECORD_OVERHEAD_BYTES_MAX + lengthOf(key) + (long) lengthOf(value);
        for (int i = 0; i < headers.size(); i++) {
            BatchRecord.Header header = headers.get(i);
            size +=
                    2 * Varint.INT_BYTES_MAX
                            + 3L * header.key().length()
                            + lengthOf(header.value());
        }
        return size;
    }

    /** Appends a record without headers. */
    public void append(long timestampMillis, byte @Nullable [] key, byte @Nullable [] value) {
        append(timestampMillis, key, value, List.of());
    }

    /**
     * Appends a record.
     *
     * @param timestampMillis since the epoch, or -1 for none
     * @throws io.kq.protocol.RejectedException MESSAGE_TOO_LARGE if it would not fit into 2 GiB;
     *     the batch is as before
     */
    public void append(
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<BatchRecord.Header> headers) {
        if (timestampMillis < NO_TIMESTAMP) {
            throw new IllegalArgumentException("timestamp is negative: " + timestampMillis);
        }
        long delta = recordCount == 0 ? 0 : timestampMillis - baseTimestamp;
        byte[][] headerKeys = headers.isEmpty() ? NO_KEYS : encodedKeys(headers);
        long bodySize = bodySize(delta, key, value, headers, headerKeys);
        out.ensure(bodySize + Varint.INT_BYTES_MAX);
        out.putVarint((int) bodySize);
        out.putByte(0);
        out.putVarlong(delta);
        out.putVarint(recordCount);
        putNullable(key);
        putNullable(value);
        out.putVarint(headerKeys.length);
        for (int i = 0; i < headerKeys.length; i++) {
            out.putVarint(headerKeys[i].length);
            out.putBytes(headerKeys[i]);
            putNullable(headers.get(i).value());
        }
        if (recordCount == 0) {
            baseTimestamp = timestampMillis;
        }
        maxTimestamp = Math.max(maxTimestamp, timestampMillis);
        recordCount++;
    }

    private static final byte[][] NO_KEYS = {};

    private static byte[][] encodedKeys(List<BatchRecord.Header> headers) {
        byte[][] keys = new byte[headers.size()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = headers.get(i).key().getBytes(StandardCharsets.UTF_8);
        }
        return keys;
    }

    private long bodySize(
            long timestampDelta,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<BatchRecord.Header> headers,
            byte[][] headerKeys) {
        long size =
                1
                        + Varint.sizeOf(timestampDelta)
                        + Varint.sizeOf(recordCount)
                        + nullableSize(key)
                        + nullableSize(value)
                        + Varint.sizeOf(headerKeys.length);
        for (int i = 0; i < headerKeys.length; i++) {
            size += nullableSize(headerKeys[i]) + nullableSize(headers.get(i).value());
        }
        return size;
    }

    private static long nullableSize(byte @Nullable [] bytes) {
        return bytes == null ? 1 : Varint.sizeOf(bytes.length) + (long) bytes.length;
    }

    private static int lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private void putNullable(byte @Nullable [] bytes) {
        if (bytes == null) {
            out.putVarint(-1);
        } else {
            out.putVarint(bytes.length);
            out.putBytes(bytes);
        }
    }

    public int recordCount() {
        return recordCount;
    }

    public boolean isEmpty() {
        return recordCount == 0;
    }

    /** Size of the batch so far, header included, before compression. */
    public int sizeBytes() {
        return out.size();
    }

    /** Largest timestamp so far, -1 if there is none. */
    public long maxTimestampMillis() {
        return maxTimestamp;
    }

    /** A batch of what was appended, not idempotent. */
    public ByteBuffer build(CompressionCodec codec) {
        return build(
                codec,
                RecordBatchHeader.NO_PRODUCER_ID,
                RecordBatchHeader.NO_PRODUCER_EPOCH,
                RecordBatchHeader.NO_SEQUENCE);
    }

    /**
     * A batch of what was appended, with base offset 0 and its CRC. A codec that would not make it
     * smaller is left out.
     *
     * @param producerId -1: not idempotent; then epoch and sequence are -1 too
     * @param baseSequence of the first record
     * @throws IllegalStateException if there is no record
     */
    public ByteBuffer build(
            CompressionCodec codec, long producerId, short producerEpoch, int baseSequence) {
        if (recordCount == 0) {
            throw new IllegalStateException("a batch has at least one record");
        }
        ByteAppender batch = out;
        CompressionCodec used = CompressionCodec.NONE;
        if (codec != CompressionCodec.NONE) {
            ByteAppender smaller = compressed(codec);
            if (smaller.size() < out.size()) {
                batch = smaller;
                used = codec;
            }
        }
        ByteBuffer buffer = batch.toBuffer();
        new RecordBatchHeader(
                        0,
                        batch.size() - RecordBatchHeader.LENGTH_OVERHEAD_BYTES,
                        NO_LEADER_EPOCH,
                        RecordBatchHeader.MAGIC,
                        0,
                        (short) used.id(),
                        recordCount - 1,
                        baseTimestamp,
                        maxTimestamp,
                        producerId,
                        producerEpoch,
                        baseSequence,
                        recordCount)
                .write(buffer, 0);
        writeCrc(buffer);
        return buffer;
    }

    private ByteAppender compressed(CompressionCodec codec) {
        ByteAppender target = new ByteAppender(out.size());
        target.setSize(RecordBatchHeader.SIZE_BYTES);
        int from = RecordBatchHeader.SIZE_BYTES;
        codec.compress(out.array(), from, out.size() - from, target);
        return target;
    }

    /**
     * Gives a batch that was built another producer id, epoch and sequence, in place, and its new
     * CRC: a producer that got a new epoch does so with what it had not sent yet.
     *
     * @param batch one whole batch from its position to its limit; both stay
     */
    public static void stampProducer(
            ByteBuffer batch, long producerId, short producerEpoch, int baseSequence) {
        int start = batch.position();
        batch.putLong(start + RecordBatchHeader.PRODUCER_ID_POSITION, producerId);
        batch.putShort(start + RecordBatchHeader.PRODUCER_EPOCH_POSITION, producerEpoch);
        batch.putInt(start + RecordBatchHeader.BASE_SEQUENCE_POSITION, baseSequence);
        writeCrc(batch);
    }

    /** Puts the CRC of its bytes into {@code batch}, which is one whole batch. */
    static void writeCrc(ByteBuffer batch) {
        int start = batch.position();
        ByteBuffer covered = batch.duplicate();
        covered.position(start + RecordBatchHeader.ATTRIBUTES_POSITION);
        CRC32C crc = new CRC32C();
        crc.update(covered);
        batch.putInt(start + RecordBatchHeader.CRC_POSITION, (int) crc.getValue());
    }

    /** Forgets all records and keeps the memory, for the next batch. */
    public void clear() {
        out.setSize(RecordBatchHeader.SIZE_BYTES);
        recordCount = 0;
        baseTimestamp = NO_TIMESTAMP;
        maxTimestamp = NO_TIMESTAMP;
    }
}
