package io.kq.metadata.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardRecord;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Batches of a coordination shard to bytes and back. Equal values give equal bytes. Any thread. */
public final class ShardCodec {

    /** The only format so far: raised when old nodes must not read on. */
    private static final int FORMAT = 1;

    private ShardCodec() {}

    /** The bytes of one entry of the log. */
    public static byte[] encode(ShardBatch batch) {
        io.kq.internal.v1.ShardBatch.Builder builder =
                io.kq.internal.v1.ShardBatch.newBuilder()
                        .setFormat(FORMAT)
                        .setDecidedTerm(batch.decidedTerm())
                        .setBatchSequence(batch.batchSequence())
                        .setDecidedAtMs(batch.decidedAtMillis());
        batch.records().forEach(record -> builder.addRecords(ShardToProto.record(record)));
        return builder.build().toByteArray();
    }

    /**
     * The batch of an entry.
     *
     * @throws UnknownRecordException of a newer version, or not a batch at all: the node must stop
     */
    public static ShardBatch decode(ByteBuffer bytes) {
        io.kq.internal.v1.ShardBatch proto = parse(bytes);
        requireKnown(proto);
        if (proto.getFormat() != FORMAT) {
            throw new UnknownRecordException(
                    "shard batch of format "
                            + proto.getFormat()
                            + ", this version knows "
                            + FORMAT);
        }
        List<ShardRecord> records = new ArrayList<>(proto.getRecordsCount());
        proto.getRecordsList().forEach(record -> records.add(ShardFromProto.record(record)));
        return new ShardBatch(
                proto.getDecidedTerm(), proto.getBatchSequence(), proto.getDecidedAtMs(), records);
    }

    /** Writes a record with its length before it. */
    public static void writeRecord(ShardRecord record, OutputStream out) throws IOException {
        ShardToProto.record(record).writeDelimitedTo(out);
    }

    /**
     * Reads a record with its length before it.
     *
     * @throws IOException the stream ends before, or holds no record
     * @throws UnknownRecordException of a newer version
     */
    public static ShardRecord readRecord(InputStream in) throws IOException {
        io.kq.internal.v1.ShardRecord record = io.kq.internal.v1.ShardRecord.parseDelimitedFrom(in);
        if (record == null) {
            throw new EOFException("there are fewer records than were written");
        }
        requireKnown(record);
        return ShardFromProto.record(record);
    }

    private static io.kq.internal.v1.ShardBatch parse(ByteBuffer bytes) {
        try {
            return io.kq.internal.v1.ShardBatch.parseFrom(CodedInputStream.newInstance(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new UnknownRecordException("not a shard batch: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What this version does not know would be lost silently, however deep it is. */
    private static void requireKnown(Message message) {
        FromProto.known(message);
        for (Object value : message.getAllFields().values()) {
            if (value instanceof Message inner) {
                requireKnown(inner);
            } else if (value instanceof List<?> list) {
                for (Object item : list) {
                    if (item instanceof Message inner) {
                        requireKnown(inner);
                    }
                }
            }
        }
    }
}
