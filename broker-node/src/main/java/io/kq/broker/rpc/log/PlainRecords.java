package io.kq.broker.rpc.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.v1.Header;
import io.kq.v1.Record;
import io.kq.v1.Records;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records in plain form, packed on their way in and unpacked on their way out. */
final class PlainRecords {

    private PlainRecords() {}

    /**
     * One uncompressed batch of {@code records}.
     *
     * @param nowMillis for records without a timestamp
     * @throws RejectedException INVALID_ARGUMENT
     */
    static BatchBytes pack(Records records, long nowMillis) {
        if (records.getRecordsCount() == 0) {
            throw invalid("a batch has at least one record");
        }
        RecordBatchBuilder batch =
                new RecordBatchBuilder(RecordBatchHeader.SIZE_BYTES + records.getSerializedSize());
        for (int i = 0; i < records.getRecordsCount(); i++) {
            Record record = records.getRecords(i);
            batch.append(
                    timestamp(record, nowMillis),
                    record.hasKey() ? record.getKey().toByteArray() : null,
                    record.hasValue() ? record.getValue().toByteArray() : null,
                    headers(record));
        }
        if (!records.hasProducerId()) {
            return BatchBytes.of(batch.build(CompressionCodec.NONE));
        }
        checkProducer(records);
        return BatchBytes.of(
                batch.build(
                        CompressionCodec.NONE,
                        records.getProducerId(),
                        (short) records.getProducerEpoch(),
                        records.getBaseSequence()));
    }

    private static long timestamp(Record record, long nowMillis) {
        if (!record.hasTimestampMs()) {
            return nowMillis;
        }
        if (record.getTimestampMs() < 0) {
            throw invalid("timestamp_ms is negative: " + record.getTimestampMs());
        }
        return record.getTimestampMs();
    }

    private static void checkProducer(Records records) {
        int epoch = records.getProducerEpoch();
        if (records.getProducerId() < 0 || epoch < 0 || epoch > Short.MAX_VALUE) {
            throw invalid("no such producer: id " + records.getProducerId() + ", epoch " + epoch);
        }
        if (records.getBaseSequence() < 0) {
            throw invalid("base_sequence is negative: " + records.getBaseSequence());
        }
    }

    private static List<BatchRecord.Header> headers(Record record) {
        int count = record.getHeadersCount();
        if (count == 0) {
            return List.of();
        }
        List<BatchRecord.Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Header header = record.getHeaders(i);
            headers.add(
                    new BatchRecord.Header(
                            header.getKey(),
                            header.hasValue() ? header.getValue().toByteArray() : null));
        }
        return headers;
    }

    /** The records as they are sent to a reader; shares their bytes. */
    static Records unpacked(List<BatchRecord> records) {
        Records.Builder all = Records.newBuilder();
        for (int i = 0; i < records.size(); i++) {
            all.addRecords(unpacked(records.get(i)));
        }
        return all.build();
    }

    private static Record unpacked(BatchRecord record) {
        Record.Builder plain = Record.newBuilder().setOffset(record.offset());
        if (record.timestampMillis() >= 0) {
            plain.setTimestampMs(record.timestampMillis());
        }
        if (record.key() != null) {
            plain.setKey(wrapped(record.key()));
        }
        if (record.value() != null) {
            plain.setValue(wrapped(record.value()));
        }
        for (int i = 0; i < record.headers().size(); i++) {
            BatchRecord.Header header = record.headers().get(i);
            Header.Builder plainHeader = Header.newBuilder().setKey(header.key());
            if (header.value() != null) {
                plainHeader.setValue(wrapped(header.value()));
            }
            plain.addHeaders(plainHeader);
        }
        return plain.build();
    }

    private static ByteString wrapped(byte @Nullable [] bytes) {
        return bytes == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static RejectedException invalid(String what) {
        return new RejectedException(ErrorCode.INVALID_ARGUMENT, what);
    }
}
