package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.runtime.RandomSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kafka's own classes read what kq writes, and the other way round. */
class RecordBatchKafkaTest {

    private static final int BOUND = 64 << 20;
    private static final long SEED = Long.getLong("kq.seed", 42);

    @ParameterizedTest
    @EnumSource(CompressionCodec.class)
    void kafkaReadsWhatTheBuilderWrites(CompressionCodec codec) {
        List<BatchRecord> records = records(200);
        RecordBatchBuilder builder = new RecordBatchBuilder(64);
        for (BatchRecord record : records) {
            builder.append(
                    record.timestampMillis(), record.key(), record.value(), record.headers());
        }

        ByteBuffer bytes = builder.build(codec, 4711, (short) 3, 17);

        MutableRecordBatch batch = MemoryRecords.readableRecords(bytes).batches().iterator().next();
        batch.ensureValid();
        assertThat(batch.sizeInBytes()).isEqualTo(bytes.remaining());
        assertThat(batch.compressionType().id).isEqualTo((byte) codec.id());
        assertThat(batch.producerId()).isEqualTo(4711);
        assertThat(batch.producerEpoch()).isEqualTo((short) 3);
        assertThat(batch.baseSequence()).isEqualTo(17);
        assertThat(batch.lastSequence()).isEqualTo(17 + 199);
        assertThat(batch.countOrNull()).isEqualTo(200);
        assertThat(batch.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(batch.maxTimestamp()).isEqualTo(builder.maxTimestampMillis());
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(-1);
        List<BatchRecord> read = new ArrayList<>();
        for (Record record : batch) {
            record.ensureValid();
            read.add(fromKafka(record));
        }
        assertSame(read, records);
    }

    @ParameterizedTest
    @EnumSource(CompressionCodec.class)
    void readerReadsWhatKafkaWrites(CompressionCodec codec) {
        List<BatchRecord> records = records(200);

        ByteBuffer bytes = writtenByKafka(codec, records);

        assertSame(RecordReader.readAll(bytes, BOUND), records);
        RecordBatchHeader header = RecordReader.open(bytes, BOUND).header();
        assertThat(header.producerId()).isEqualTo(99);
        assertThat(header.codecId()).isEqualTo(codec.id());
        assertThat(header.isTransactional()).isFalse();
        assertThat(header.isControl()).isFalse();
    }

    @Test
    void withoutCompressionTheBytesAreKafkas() {
        List<BatchRecord> records = records(50);
        RecordBatchBuilder builder = new RecordBatchBuilder(64);
        for (BatchRecord record : records) {
            builder.append(
                    record.timestampMillis(), record.key(), record.value(), record.headers());
        }

        assertThat(builder.build(CompressionCodec.NONE, 99, (short) 1, 5))
                .isEqualTo(writtenByKafka(CompressionCodec.NONE, records));
    }

    @Test
    void keysLandInKafkasPartitions() {
        RandomSource random = RandomSource.seeded(SEED);
        for (int length = 0; length < 200; length++) {
            byte[] key = bytes(random, length);
            assertThat(KeyHash.murmur2(key)).as("-Dkq.seed=" + SEED).isEqualTo(Utils.murmur2(key));
            assertThat(KeyHash.partition(key, 7))
                    .isEqualTo(Utils.toPositive(Utils.murmur2(key)) % 7);
        }
    }

    private static ByteBuffer writtenByKafka(CompressionCodec codec, List<BatchRecord> records) {
        MemoryRecordsBuilder builder =
                new MemoryRecordsBuilder(
                        ByteBuffer.allocate(1024),
                        (byte) 2,
                        Compression.of(CompressionType.forId(codec.id())).build(),
                        TimestampType.CREATE_TIME,
                        0,
                        -1,
                        99,
                        (short) 1,
                        5,
                        false,
                        false,
                        -1,
                        1 << 20);
        for (BatchRecord record : records) {
            Header[] headers =
                    record.headers().stream()
                            .map(h -> new RecordHeader(h.key(), h.value()))
                            .toArray(Header[]::new);
            builder.append(record.timestampMillis(), record.key(), record.value(), headers);
        }
        return builder.build().buffer();
    }

    static List<BatchRecord> records(int count) {
        RandomSource random = RandomSource.seeded(SEED);
        List<BatchRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<BatchRecord.Header> headers = new ArrayList<>();
            for (int h = random.nextInt(6) - 3; h > 0; h--) {
                byte[] value = random.nextInt(4) == 0 ? null : bytes(random, random.nextInt(10));
                headers.add(new BatchRecord.Header("näme" + random.nextInt(3), value));
            }
            records.add(
                    new BatchRecord(
                            i,
                            1_700_000_000_000L + random.nextInt(100_000) - 50_000,
                            random.nextInt(4) == 0 ? null : bytes(random, random.nextInt(20)),
                            random.nextInt(4) == 0 ? null : text(random, random.nextInt(2000)),
                            headers));
        }
        return records;
    }

    private static byte[] bytes(RandomSource random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static byte[] text(RandomSource random, int length) {
        return ("value " + random.nextInt(100) + " ")
                .repeat(1 + length / 8)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static BatchRecord fromKafka(Record record) {
        List<BatchRecord.Header> headers =
                Arrays.stream(record.headers())
                        .map(h -> new BatchRecord.Header(h.key(), h.value()))
                        .toList();
        return new BatchRecord(
                record.offset(),
                record.timestamp(),
                record.hasKey() ? Utils.toNullableArray(record.key()) : null,
                record.hasValue() ? Utils.toNullableArray(record.value()) : null,
                headers);
    }

    static void assertSame(List<BatchRecord> read, List<BatchRecord> written) {
        assertThat(read.stream().map(RecordBatchKafkaTest::text))
                .containsExactlyElementsOf(
                        written.stream().map(RecordBatchKafkaTest::text).toList());
    }

    private static String text(BatchRecord record) {
        StringBuilder text = new StringBuilder();
        text.append(record.offset()).append('@').append(record.timestampMillis());
        text.append(' ').append(Arrays.toString(record.key()));
        text.append(' ').append(Arrays.toString(record.value()));
        for (BatchRecord.Header header : record.headers()) {
            text.append(' ').append(header.key()).append(Arrays.toString(header.value()));
        }
        return text.toString();
    }
}
