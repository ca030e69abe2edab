package io.kq.protocol.record;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * The 61 bytes before a batch's records. Layout as Kafka's message format v2 (KIP-98): positions
 * are relative to the batch's first byte, all numbers big-endian.
 *
 * @param baseOffset offset of the first record; written by the leader, outside the CRC
 * @param lengthBytes bytes after the length field: the batch is {@code lengthBytes + 12} long
 * @param leaderEpoch epoch of the leader that appended it; written by the leader, outside the CRC
 * @param crc CRC-32C of everything from {@code attributes} to the end
 * @param attributes bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon
 * @param lastOffsetDelta last offset minus base offset
 * @param producerId -1: not idempotent
 * @param baseSequence sequence of the first record, -1: none
 */
public record RecordBatchHeader(
        long baseOffset,
        int lengthBytes,
        int leaderEpoch,
        byte magic,
        int crc,
        short attributes,
        int lastOffsetDelta,
        long baseTimestamp,
        long maxTimestamp,
        long producerId,
        short producerEpoch,
        int baseSequence,
        int recordCount) {

    /** Size of the header. */
    public static final int SIZE_BYTES = 61;

    /** The fields before the part that {@code lengthBytes} counts. */
    public static final int LENGTH_OVERHEAD_BYTES = 12;

    public static final byte MAGIC = 2;
    public static final long NO_PRODUCER_ID = -1;
    public static final short NO_PRODUCER_EPOCH = -1;
    public static final int NO_SEQUENCE = -1;

    public static final int BASE_OFFSET_POSITION = 0;
    public static final int LENGTH_POSITION = 8;
    public static final int LEADER_EPOCH_POSITION = 12;
    public static final int MAGIC_POSITION = 16;
    public static final int CRC_POSITION = 17;
    public static final int ATTRIBUTES_POSITION = 21;
    public static final int LAST_OFFSET_DELTA_POSITION = 23;
    public static final int BASE_TIMESTAMP_POSITION = 27;
    public static final int MAX_TIMESTAMP_POSITION = 35;
    public static final int PRODUCER_ID_POSITION = 43;
    public static final int PRODUCER_EPOCH_POSITION = 51;
    public static final int BASE_SEQUENCE_POSITION = 53;
    public static final int RECORD_COUNT_POSITION = 57;

    private static final int CODEC_MASK = 0x07;
    private static final int TIMESTAMP_TYPE_MASK = 0x08;
    private static final int TRANSACTIONAL_MASK = 0x10;
    private static final int CONTROL_MASK = 0x20;
    private static final int DELETE_HORIZON_MASK = 0x40;

    /** Reads a header at {@code position}; the buffer's own position stays. Nothing is checked. */
    public static RecordBatchHeader read(ByteBuffer buffer, int position) {
        return new RecordBatchHeader(
                buffer.getLong(position + BASE_OFFSET_POSITION),
                buffer.getInt(position + LENGTH_POSITION),
                buffer.getInt(position + LEADER_EPOCH_POSITION),
                buffer.get(position + MAGIC_POSITION),
                buffer.getInt(position + CRC_POSITION),
                buffer.getShort(position + ATTRIBUTES_POSITION),
                buffer.getInt(position + LAST_OFFSET_DELTA_POSITION),
                buffer.getLong(position + BASE_TIMESTAMP_POSITION),
                buffer.getLong(position + MAX_TIMESTAMP_POSITION),
                buffer.getLong(position + PRODUCER_ID_POSITION),
                buffer.getShort(position + PRODUCER_EPOCH_POSITION),
                buffer.getInt(position + BASE_SEQUENCE_POSITION),
                buffer.getInt(position + RECORD_COUNT_POSITION));
    }

    /** Writes this header at {@code position}; the buffer's own position stays. */
    public void write(ByteBuffer buffer, int position) {
        buffer.putLong(position + BASE_OFFSET_POSITION, baseOffset);
        buffer.putInt(position + LENGTH_POSITION, lengthBytes);
        buffer.putInt(position + LEADER_EPOCH_POSITION, leaderEpoch);
        buffer.put(position + MAGIC_POSITION, magic);
        buffer.putInt(position + CRC_POSITION, crc);
        buffer.putShort(position + ATTRIBUTES_POSITION, attributes);
        buffer.putInt(position + LAST_OFFSET_DELTA_POSITION, lastOffsetDelta);
        buffer.putLong(position + BASE_TIMESTAMP_POSITION, baseTimestamp);
        buffer.putLong(position + MAX_TIMESTAMP_POSITION, maxTimestamp);
        buffer.putLong(position + PRODUCER_ID_POSITION, producerId);
        buffer.putShort(position + PRODUCER_EPOCH_POSITION, producerEpoch);
        buffer.putInt(position + BASE_SEQUENCE_POSITION, baseSequence);
        buffer.putInt(position + RECORD_COUNT_POSITION, recordCount);
    }

    /** The whole batch's size. */
    public int sizeBytes() {
        return lengthBytes + LENGTH_OVERHEAD_BYTES;
    }

    /** Offset of the last record, inclusive. */
    public long lastOffset() {
        return baseOffset + lastOffsetDelta;
    }

    /** Offset after the last record. */
    public long nextOffset() {
        return baseOffset + lastOffsetDelta + 1;
    }

    /** Codec number: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
    public int codecId() {
        return attributes & CODEC_MASK;
    }

    /** Whether it only stands for offsets of which no record is left. */
    public boolean isPlaceholder() {
        return recordCount == 0 && !isIdempotent() && !isControl();
    }

    /**
     * From when on the tombstones in this batch may go, by wall clock (KIP-534): the base timestamp
     * tells it then. Empty: compaction has not seen them yet.
     */
    public OptionalLong deleteHorizonMillis() {
        return (attributes & DELETE_HORIZON_MASK) == 0
                ? OptionalLong.empty()
                : OptionalLong.of(baseTimestamp);
    }

    /** What {@code attributes} become when the base timestamp is a delete horizon. */
    static short withDeleteHorizon(short attributes) {
        return (short) (attributes | DELETE_HORIZON_MASK);
    }

    /** What {@code attributes} become when there is nothing to decompress. */
    static short withoutCodec(short attributes) {
        return (short) (attributes & ~CODEC_MASK);
    }

    /** Whether the timestamps are the broker's (LogAppendTime). */
    public boolean hasLogAppendTime() {
        return (attributes & TIMESTAMP_TYPE_MASK) != 0;
    }

    public boolean isTransactional() {
        return (attributes & TRANSACTIONAL_MASK) != 0;
    }

    /** Whether the batch is a marker that readers skip. */
    public boolean isControl() {
        return (attributes & CONTROL_MASK) != 0;
    }

    /** Whether it carries a producer's sequence. */
    public boolean isIdempotent() {
        return producerId >= 0;
    }

    /** Sequence of the last record; sequences wrap to 0 after {@link Integer#MAX_VALUE}. */
    public int lastSequence() {
        if (baseSequence == NO_SEQUENCE) {
            return NO_SEQUENCE;
        }
        int untilWrap = Integer.MAX_VALUE - baseSequence;
        return lastOffsetDelta <= untilWrap
                ? baseSequence + lastOffsetDelta
                : lastOffsetDelta - untilWrap - 1;
    }
}
