package io.kq.protocol.record;

import io.kq.protocol.RejectedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one batch, one after the other: a cursor, moved by {@link #advance}, whose
 * accessors tell of the record it stands on. Decompresses. Nothing is skipped: control batches
 * ({@link #isControl}) and records before the offset that was asked for are the caller's to leave
 * out. One owner at a time.
 *
 * <p>Whatever bytes it is given, it answers with records or with {@link RejectedException}
 * CORRUPT_BATCH, in time and memory bounded by their number and the bound given for decompression.
 */
public final class RecordReader {

    /** Smallest record: seven fields of a byte each. */
    private static final int RECORD_BYTES_MIN = 7;

    private static final int ABSENT = -1;

    private final RecordBatchHeader header;
    private final byte[] bytes;
    private final int start;
    private final int end;

    private int position;
    private int recordAt;
    private int offsetDeltaAt;
    private int recordsRead;
    private int offsetDelta = ABSENT;
    private long timestampDelta;
    private int keyAt;
    private int keyLength = ABSENT;
    private int valueAt;
    private int valueLength = ABSENT;
    private int headersAt;
    private int headerCount;

    private RecordReader(RecordBatchHeader header, HeapBytes records) {
        this.header = header;
        this.bytes = records.array();
        this.start = records.from();
        this.position = start;
        this.end = records.from() + records.length();
    }

    /**
     * Reads {@code batch}: exactly one batch from position to limit, which stay. Its bytes must not
     * change while it is read.
     *
     * @param plainBytesMax bound of the records' size when decompressed
     * @throws RejectedException CORRUPT_BATCH, also for a CRC that differs
     */
    public static RecordReader open(ByteBuffer batch, int plainBytesMax) {
        RecordBatchHeader header = BatchCheck.header(batch);
        if (header.sizeBytes() != batch.remaining()) {
            throw BatchCheck.corrupt(
                    "a batch of " + header.sizeBytes() + " bytes in " + batch.remaining());
        }
        BatchCheck.crc(batch, header);
        ByteBuffer records = batch.duplicate();
        records.position(batch.position() + RecordBatchHeader.SIZE_BYTES);
        return open(header, records, plainBytesMax);
    }

    /**
     * Reads the first of the batches that lie one after the other in {@code batches}, and moves its
     * position behind it.
     *
     * @param plainBytesMax bound of the records' size when decompressed
     * @throws RejectedException CORRUPT_BATCH, also if the batch is cut short; the position stays
     */
    public static RecordReader openNext(ByteBuffer batches, int plainBytesMax) {
        RecordBatchHeader header = BatchCheck.header(batches);
        if (header.sizeBytes() > batches.remaining()) {
            throw BatchCheck.corrupt(
                    "a batch of " + header.sizeBytes() + " bytes, cut to " + batches.remaining());
        }
        ByteBuffer first = batches.slice(batches.position(), header.sizeBytes());
        RecordReader reader = open(first, plainBytesMax);
        batches.position(batches.position() + header.sizeBytes());
        return reader;
    }

    private static RecordReader open(
            RecordBatchHeader header, ByteBuffer stored, int plainBytesMax) {
        CompressionCodec codec = BatchCheck.codec(header);
        ByteBuffer plain =
                codec == CompressionCodec.NONE ? stored : codec.decompress(stored, plainBytesMax);
        HeapBytes records = HeapBytes.of(plain);
        if (header.recordCount() > records.length() / RECORD_BYTES_MIN) {
            throw BatchCheck.corrupt(
                    header.recordCount() + " records in " + records.length() + " bytes");
        }
        return new RecordReader(header, records);
    }

    /** All records of one batch at once; see {@link #open}. */
    public static List<BatchRecord> readAll(ByteBuffer batch, int plainBytesMax) {
        RecordReader reader = open(batch, plainBytesMax);
        List<BatchRecord> records = new ArrayList<>(reader.header.recordCount());
        while (reader.advance()) {
            records.add(reader.record());
        }
        return records;
    }

    public RecordBatchHeader header() {
        return header;
    }

    /** Memory that the reader holds: the records decompressed, or the batch as it is stored. */
    public int heldBytes() {
        return bytes.length;
    }

    /** Whether the batch is a marker whose records are not for applications. */
    public boolean isControl() {
        return header.isControl();
    }

    /**
     * Moves to the next record.
     *
     * @return false after the last one
     * @throws RejectedException CORRUPT_BATCH
     */
    public boolean advance() {
        if (recordsRead == header.recordCount()) {
            if (position != end) {
                throw BatchCheck.corrupt((end - position) + " bytes after the last record");
            }
            return false;
        }
        recordAt = position;
        int length = readVarint(end);
        if (length < RECORD_BYTES_MIN - 1 || length > end - position) {
            throw BatchCheck.corrupt("a record of " + length + " bytes");
        }
        readRecord(position + length);
        recordsRead++;
        return true;
    }

    private void readRecord(int recordEnd) {
        position++; // attributes: none are defined
        timestampDelta = readVarlong(recordEnd);
        offsetDeltaAt = position;
        int delta = readVarint(recordEnd);
        if (delta <= offsetDelta || delta > header.lastOffsetDelta()) {
            throw BatchCheck.corrupt("offset delta " + delta + " after " + offsetDelta);
        }
        offsetDelta = delta;
        keyLength = readLength(recordEnd, ABSENT);
        keyAt = position;
        position += Math.max(0, keyLength);
        valueLength = readLength(recordEnd, ABSENT);
        valueAt = position;
        position += Math.max(0, valueLength);
        headerCount = readLength(recordEnd, 0);
        headersAt = position;
        for (int i = 0; i < headerCount; i++) {
            int nameLength = readLength(recordEnd, 0);
            position += nameLength;
            int length = readLength(recordEnd, ABSENT);
            position += Math.max(0, length);
        }
        if (position != recordEnd) {
            throw BatchCheck.corrupt((recordEnd - position) + " bytes after a record's headers");
        }
    }

    /** Reads a count of things of at least one byte each, which must be there before the limit. */
    private int readLength(int limit, int least) {
        int length = readVarint(limit);
        if (length < least || length > limit - position) {
            throw BatchCheck.corrupt("a length of " + length);
        }
        return length;
    }

    private int readVarint(int limit) {
        int bits = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            if (position >= limit) {
                throw BatchCheck.corrupt("cut within a number");
            }
            byte b = bytes[position++];
            bits |= (b & 0x7f) << shift;
            if (b >= 0) {
                return Varint.unzigzag(bits);
            }
        }
        throw BatchCheck.corrupt("a number of more than five bytes");
    }

    private long readVarlong(int limit) {
        long bits = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= limit) {
                throw BatchCheck.corrupt("cut within a number");
            }
            byte b = bytes[position++];
            bits |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return Varint.unzigzag(bits);
            }
        }
        throw BatchCheck.corrupt("a number of more than ten bytes");
    }

    /** The current record's offset. */
    public long offset() {
        return header.baseOffset() + offsetDelta;
    }

    /** The current record's time: the broker's if the batch says so, else the producer's. */
    public long timestampMillis() {
        return header.hasLogAppendTime()
                ? header.maxTimestamp()
                : header.baseTimestamp() + timestampDelta;
    }

    /** Whether the current record has a key, which may be empty. */
    public boolean hasKey() {
        return keyLength != ABSENT;
    }

    /** Whether the current record has a value, which may be empty; if not, it is a tombstone. */
    public boolean hasValue() {
        return valueLength != ABSENT;
    }

    /** Adds the current record's key, if it has one, to what is hashed. */
    public void updateWithKey(MessageDigest digest) {
        digest.update(bytes, keyAt, Math.max(0, keyLength));
    }

    /** A copy of the current record's key. */
    public byte @Nullable [] key() {
        return copy(keyAt, keyLength);
    }

    /** A copy of the current record's value. */
    public byte @Nullable [] value() {
        return copy(valueAt, valueLength);
    }

    /** Number of the current record's headers. */
    public int headerCount() {
        return headerCount;
    }

    /** Copies of the current record's headers, in order. */
    public List<BatchRecord.Header> headers() {
        if (headerCount == 0) {
            return List.of();
        }
        int after = position;
        position = headersAt;
        List<BatchRecord.Header> headers = new ArrayList<>(headerCount);
        for (int i = 0; i < headerCount; i++) {
            int nameLength = readVarint(after);
            String name = new String(bytes, position, nameLength, StandardCharsets.UTF_8);
            position += nameLength;
            int length = readVarint(after);
            headers.add(new BatchRecord.Header(name, copy(position, length)));
            position += Math.max(0, length);
        }
        position = after;
        return headers;
    }

    /** A copy of the current record. */
    public BatchRecord record() {
        return new BatchRecord(offset(), timestampMillis(), key(), value(), headers());
    }

    /** Stands before the first record again. */
    public void rewind() {
        position = start;
        recordsRead = 0;
        offsetDelta = ABSENT;
    }

    /** Appends the current record as it is stored. */
    void copyTo(ByteAppender out) {
        out.write(bytes, recordAt, position - recordAt);
    }

    /** Appends the current record with its time as a difference to another base timestamp. */
    void copyTo(ByteAppender out, long baseTimestamp) {
        long delta = header.baseTimestamp() + timestampDelta - baseTimestamp;
        int rest = position - offsetDeltaAt;
        int length = 1 + Varint.sizeOf(delta) + rest;
        out.ensure((long) length + Varint.INT_BYTES_MAX);
        out.putVarint(length);
        out.putByte(0);
        out.putVarlong(delta);
        out.write(bytes, offsetDeltaAt, rest);
    }

    private byte @Nullable [] copy(int from, int length) {
        return length == ABSENT ? null : Arrays.copyOfRange(bytes, from, from + length);
    }
}
