package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordBatchBuilderTest {

    private static final int BOUND = 1 << 20;

    private final RecordBatchBuilder builder = new RecordBatchBuilder(0);

    @Test
    void knowsItsSizeWhileItGrows() {
        assertThat(builder.sizeBytes()).isEqualTo(61);
        assertThat(builder.isEmpty()).isTrue();
        builder.append(5, null, new byte[10]);
        builder.append(6, new byte[3], null);

        assertThat(builder.recordCount()).isEqualTo(2);
        assertThat(builder.sizeBytes()).isEqualTo(builder.build(CompressionCodec.NONE).remaining());
    }

    @Test
    void recordsNeverTakeMoreThanWasSaidBefore() {
        List<BatchRecord.Header> headers =
                List.of(
                        new BatchRecord.Header("€€€", new byte[200]),
                        new BatchRecord.Header("", null));
        byte[][] payloads = {null, {}, new byte[63], new byte[64], new byte[8192]};
        long[] timestamps = {1L << 62, 0, 1L << 62};
        for (byte[] key : payloads) {
            for (byte[] value : payloads) {
                for (long timestamp : timestamps) {
                    int before = builder.sizeBytes();
                    builder.append(timestamp, key, value, headers);
                    assertThat((long) builder.sizeBytes() - before)
                            .isLessThanOrEqualTo(
                                    RecordBatchBuilder.sizeBytesMax(key, value, headers));
                }
            }
        }
        assertThat(RecordReader.readAll(builder.build(CompressionCodec.NONE), BOUND))
                .hasSize(builder.recordCount());
    }

    @Test
    void timestampsMayGoBackAndForth() {
        builder.append(1000, null, null);
        builder.append(0, null, null);
        builder.append(5000, null, null);
        builder.append(-1, null, null);

        ByteBuffer batch = builder.build(CompressionCodec.NONE);

        assertThat(RecordReader.readAll(batch, BOUND))
                .extracting(BatchRecord::timestampMillis)
                .containsExactly(1000L, 0L, 5000L, -1L);
        assertThat(RecordBatchHeader.read(batch, 0).baseTimestamp()).isEqualTo(1000);
        assertThat(RecordBatchHeader.read(batch, 0).maxTimestamp()).isEqualTo(5000);
    }

    @Test
    void clearMakesRoomForAnotherBatch() {
        builder.append(1000, null, new byte[100]);
        builder.build(CompressionCodec.GZIP);
        builder.clear();
        builder.append(7, new byte[] {1}, new byte[] {2});

        ByteBuffer batch = builder.build(CompressionCodec.NONE);

        assertThat(RecordReader.readAll(batch, BOUND)).hasSize(1);
        assertThat(RecordBatchHeader.read(batch, 0).maxTimestamp()).isEqualTo(7);
    }

    @Test
    void codecThatWouldNotHelpIsLeftOut() {
        builder.append(1, null, new byte[] {1, 2, 3});

        assertThat(RecordBatchHeader.read(builder.build(CompressionCodec.GZIP), 0).codecId())
                .isZero();
    }

    @Test
    void canBeBuiltAgain() {
        builder.append(1, null, new byte[1000]);

        ByteBuffer compressed = builder.build(CompressionCodec.ZSTD, 1, (short) 0, 0);
        ByteBuffer plain = builder.build(CompressionCodec.NONE, 1, (short) 0, 0);

        RecordBatchKafkaTest.assertSame(
                RecordReader.readAll(compressed, BOUND), RecordReader.readAll(plain, BOUND));
    }

    @Test
    void anotherProducerEpochIsStampedInPlace() {
        builder.append(1, null, new byte[10]);
        ByteBuffer batch = builder.build(CompressionCodec.NONE, 5, (short) 0, 77);

        RecordBatchBuilder.stampProducer(batch, 6, (short) 1, 0);

        RecordBatchHeader header = RecordReader.open(batch, BOUND).header();
        assertThat(header.producerId()).isEqualTo(6);
        assertThat(header.producerEpoch()).isEqualTo((short) 1);
        assertThat(header.baseSequence()).isZero();
    }

    @Test
    void emptyBatchIsABug() {
        assertThatThrownBy(() -> builder.build(CompressionCodec.NONE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesTimestampsBeforeTheEpoch() {
        assertThatThrownBy(() -> builder.append(-2, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.isEmpty()).isTrue();
    }
}
