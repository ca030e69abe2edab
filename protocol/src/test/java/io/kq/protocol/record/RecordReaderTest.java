package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordReaderTest {

    private static final int BOUND = 1 << 20;

    @Test
    void readsFromEveryKindOfBuffer() {
        ByteBuffer heap = batch(CompressionCodec.NONE);
        ByteBuffer direct = ByteBuffer.allocateDirect(heap.remaining() + 7).position(7);
        direct.put(heap.duplicate()).flip().position(7);
        byte[] inside = new byte[heap.remaining() + 9];
        heap.duplicate().get(inside, 5, heap.remaining());
        List<BatchRecord> expected = RecordReader.readAll(heap, BOUND);

        for (ByteBuffer form :
                List.of(
                        direct,
                        heap.asReadOnlyBuffer(),
                        ByteBuffer.wrap(inside, 5, heap.remaining()),
                        ByteBuffer.wrap(inside, 5, heap.remaining()).slice())) {
            int position = form.position();
            RecordBatchKafkaTest.assertSame(RecordReader.readAll(form, BOUND), expected);
            assertThat(form.position()).isEqualTo(position);
        }
    }

    @Test
    void readsBatchesOneAfterTheOther() {
        ByteBuffer one = batch(CompressionCodec.NONE);
        ByteBuffer other = batch(CompressionCodec.GZIP);
        ByteBuffer both = ByteBuffer.allocate(one.remaining() + other.remaining() + 5);
        both.put(one.duplicate()).put(other.duplicate()).position(0);

        assertThat(RecordReader.openNext(both, BOUND).header().codecId()).isZero();
        assertThat(both.position()).isEqualTo(one.remaining());
        assertThat(RecordReader.openNext(both, BOUND).header().codecId()).isEqualTo(1);
        assertThat(both.remaining()).isEqualTo(5);
        assertThat(refusal(() -> RecordReader.openNext(both, BOUND)).code())
                .isEqualTo(ErrorCode.CORRUPT_BATCH);
        assertThat(both.remaining()).isEqualTo(5);
    }

    @Test
    void refusesBatchCutAnywhere() {
        ByteBuffer whole = batch(CompressionCodec.NONE);
        for (int length = 0; length < whole.remaining(); length++) {
            ByteBuffer cut = whole.slice(0, length);
            refusal(() -> RecordReader.open(cut, BOUND));
            refusal(() -> RecordReader.openNext(cut, BOUND));
        }
    }

    @Test
    void refusesBytesAfterTheBatch() {
        ByteBuffer whole = batch(CompressionCodec.NONE);
        ByteBuffer longer = ByteBuffer.allocate(whole.remaining() + 1);
        longer.put(whole.duplicate()).position(0);

        refusal(() -> RecordReader.open(longer, BOUND));
    }

    @Test
    void refusesEveryFlippedBitByTheCrcOrTheHeader() {
        ByteBuffer whole = batch(CompressionCodec.NONE);
        for (int bit = 0; bit < 8 * whole.remaining(); bit++) {
            int at = bit / 8;
            boolean outsideTheCrc =
                    at < RecordBatchHeader.LENGTH_POSITION
                            || (at >= RecordBatchHeader.LEADER_EPOCH_POSITION
                                    && at < RecordBatchHeader.MAGIC_POSITION);
            if (!outsideTheCrc) {
                byte[] bytes = copy(whole);
                bytes[at] ^= (byte) (1 << (bit % 8));
                refusal(() -> RecordReader.readAll(ByteBuffer.wrap(bytes), BOUND));
            }
        }
    }

    @Test
    void refusesHeadersThatContradictThemselves() {
        List<Consumer<ByteBuffer>> damages =
                List.of(
                        b -> b.put(RecordBatchHeader.MAGIC_POSITION, (byte) 1),
                        b -> b.putInt(RecordBatchHeader.LENGTH_POSITION, -1),
                        b -> b.putInt(RecordBatchHeader.LENGTH_POSITION, 48),
                        b -> b.putInt(RecordBatchHeader.LENGTH_POSITION, Integer.MAX_VALUE),
                        b -> b.putInt(RecordBatchHeader.LAST_OFFSET_DELTA_POSITION, -1),
                        b -> b.putInt(RecordBatchHeader.RECORD_COUNT_POSITION, -1),
                        b -> b.putInt(RecordBatchHeader.RECORD_COUNT_POSITION, Integer.MAX_VALUE),
                        b -> b.putInt(RecordBatchHeader.RECORD_COUNT_POSITION, 1),
                        b -> b.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, -1),
                        b -> b.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, Long.MAX_VALUE),
                        b -> b.putShort(RecordBatchHeader.ATTRIBUTES_POSITION, (short) 5),
                        b -> b.putShort(RecordBatchHeader.ATTRIBUTES_POSITION, (short) 7));
        for (Consumer<ByteBuffer> damage : damages) {
            ByteBuffer bytes = ByteBuffer.wrap(copy(batch(CompressionCodec.NONE)));
            damage.accept(bytes);
            writeCrc(bytes);
            refusal(() -> RecordReader.readAll(bytes, BOUND));
        }
    }

    @Test
    void exposesControlAndTransactionalBatches() {
        ByteBuffer bytes = ByteBuffer.wrap(copy(batch(CompressionCodec.NONE)));
        bytes.putShort(RecordBatchHeader.ATTRIBUTES_POSITION, (short) 0x30);
        writeCrc(bytes);

        RecordReader reader = RecordReader.open(bytes, BOUND);

        assertThat(reader.isControl()).isTrue();
        assertThat(reader.header().isTransactional()).isTrue();
    }

    @Test
    void logAppendTimeIsTheBatchsMaximumForEachRecord() {
        ByteBuffer bytes = ByteBuffer.wrap(copy(batch(CompressionCodec.NONE)));
        bytes.putShort(RecordBatchHeader.ATTRIBUTES_POSITION, (short) 8);
        bytes.putLong(RecordBatchHeader.MAX_TIMESTAMP_POSITION, 77);
        writeCrc(bytes);

        assertThat(RecordReader.readAll(bytes, BOUND))
                .extracting(BatchRecord::timestampMillis)
                .containsOnly(77L);
    }

    @Test
    void offsetsCountFromTheStampedBase() {
        ByteBuffer bytes = ByteBuffer.wrap(copy(batch(CompressionCodec.LZ4)));
        bytes.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, 1000);
        bytes.putInt(RecordBatchHeader.LEADER_EPOCH_POSITION, 9);

        List<BatchRecord> records = RecordReader.readAll(bytes, BOUND);

        assertThat(records.get(0).offset()).isEqualTo(1000);
        assertThat(records.get(19).offset()).isEqualTo(1019);
    }

    @Test
    void batchEmptiedByCompactionHasNoRecords() {
        ByteBuffer bytes =
                ByteBuffer.wrap(
                        Arrays.copyOf(
                                copy(batch(CompressionCodec.NONE)), RecordBatchHeader.SIZE_BYTES));
        bytes.putInt(RecordBatchHeader.LENGTH_POSITION, RecordBatchHeader.SIZE_BYTES - 12);
        bytes.putInt(RecordBatchHeader.RECORD_COUNT_POSITION, 0);
        writeCrc(bytes);

        assertThat(RecordReader.readAll(bytes, BOUND)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void decompressionStopsAtTheBound(CompressionCodec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(64);
        builder.append(1, null, new byte[10_000_000]);
        ByteBuffer bomb = builder.build(codec);

        refusal(() -> RecordReader.open(bomb, 1_000_000));
        assertThat(RecordReader.readAll(bomb, 10_000_100)).hasSize(1);
    }

    static ByteBuffer batch(CompressionCodec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(64);
        for (int i = 0; i < 20; i++) {
            builder.append(
                    1000 + i,
                    i % 3 == 0 ? null : new byte[] {1, 2, (byte) i},
                    i % 5 == 0 ? null : new byte[i],
                    i % 4 == 0
                            ? List.of(
                                    new BatchRecord.Header("h", new byte[] {3}),
                                    new BatchRecord.Header("h", null))
                            : List.of());
        }
        ByteBuffer batch = builder.build(codec, 5, (short) 0, 0);
        assertThat(RecordBatchHeader.read(batch, 0).codecId()).isEqualTo(codec.id());
        return batch;
    }

    static byte[] copy(ByteBuffer batch) {
        byte[] bytes = new byte[batch.remaining()];
        batch.duplicate().get(bytes);
        return bytes;
    }

    static void writeCrc(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(RecordBatchHeader.ATTRIBUTES_POSITION));
        batch.putInt(RecordBatchHeader.CRC_POSITION, (int) crc.getValue());
    }

    private static RejectedException refusal(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        RejectedException refusal = catchThrowableOfType(RejectedException.class, call);
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
        return refusal;
    }
}
