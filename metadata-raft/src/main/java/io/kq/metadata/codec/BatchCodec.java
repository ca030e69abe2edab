package io.kq.metadata.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.kq.metadata.image.ImageRecords;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Batches and records to bytes and back. Equal values give equal bytes (map entries are sorted).
 * Any thread.
 */
public final class BatchCodec {

    /** The only format so far: raised when old nodes must not read on. */
    private static final int FORMAT = 1;

    private BatchCodec() {}

    /** The bytes of one entry of the log. */
    public static byte[] encode(MetadataBatch batch) {
        return bytes(toProto(batch));
    }

    /**
     * The batch of an entry.
     *
     * @throws UnknownRecordException of a newer version, or not a batch at all: the node must stop
     */
    public static MetadataBatch decode(ByteBuffer bytes) {
        try {
            return fromProto(
                    io.kq.internal.v1.MetadataBatch.parseFrom(CodedInputStream.newInstance(bytes)));
        } catch (InvalidProtocolBufferException e) {
            throw new UnknownRecordException("not a metadata batch: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a record with its length before it. */
    public static void writeRecord(MetadataRecord record, OutputStream out) throws IOException {
        byte[] bytes = bytes(record.accept(ToProto.INSTANCE));
        CodedOutputStream length = CodedOutputStream.newInstance(out, 8);
        length.writeUInt32NoTag(bytes.length);
        length.flush();
        out.write(bytes);
    }

    /** Marks the end of records: a length that no record has. */
    public static void writeEnd(OutputStream out) throws IOException {
        out.write(0);
    }

    /**
     * Reads a record with its length before it, or empty at the mark of the end.
     *
     * @throws IOException the stream ends before the mark, or holds no record
     * @throws UnknownRecordException of a newer version
     */
    public static Optional<MetadataRecord> readRecord(InputStream in) throws IOException {
        io.kq.internal.v1.MetadataRecord record =
                io.kq.internal.v1.MetadataRecord.parseDelimitedFrom(in);
        if (record == null) {
            throw new EOFException("metadata records end without their mark");
        }
        return record.getSerializedSize() == 0
                ? Optional.empty()
                : Optional.of(FromProto.record(record));
    }

    /**
     * A checksum over the whole state, its place in the log included: equal on all nodes that
     * applied the same entry (invariant M5). Cost grows with the image.
     */
    public static long stateHash(MetadataImage image) {
        CRC32C records = new CRC32C();
        OutputStream out = new CheckedOutputStream(OutputStream.nullOutputStream(), records);
        try {
            Iterator<MetadataRecord> all = ImageRecords.of(image);
            while (all.hasNext()) {
                writeRecord(all.next(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CRC32C place = new CRC32C();
        place.update(ByteBuffer.allocate(16).putLong(image.index()).putLong(image.term()).flip());
        return place.getValue() << 32 | records.getValue();
    }

    static io.kq.internal.v1.MetadataBatch toProto(MetadataBatch batch) {
        io.kq.internal.v1.MetadataBatch.Builder builder =
                io.kq.internal.v1.MetadataBatch.newBuilder()
                        .setFormat(FORMAT)
                        .setDecidedTerm(batch.decidedTerm())
                        .setBatchSequence(batch.batchSequence())
                        .setDecidedAtMs(batch.decidedAtMillis());
        for (MetadataRecord record : batch.records()) {
            builder.addRecords(record.accept(ToProto.INSTANCE));
        }
        return builder.build();
    }

    static MetadataBatch fromProto(io.kq.internal.v1.MetadataBatch batch) {
        FromProto.known(batch);
        if (batch.getFormat() != FORMAT) {
            throw new UnknownRecordException(
                    "metadata batch of format "
                            + batch.getFormat()
                            + ", this version knows "
                            + FORMAT);
        }
        List<MetadataRecord> records = new ArrayList<>(batch.getRecordsCount());
        for (io.kq.internal.v1.MetadataRecord record : batch.getRecordsList()) {
            records.add(FromProto.record(record));
        }
        return new MetadataBatch(
                batch.getDecidedTerm(), batch.getBatchSequence(), batch.getDecidedAtMs(), records);
    }

    private static byte[] bytes(Message message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }
}
