package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordBatchHeaderTest {

    private static final RecordBatchHeader HEADER =
            new RecordBatchHeader(
                    1L << 40,
                    99,
                    7,
                    (byte) 2,
                    0xdeadbeef,
                    (short) 0x3c,
                    4,
                    1_000,
                    2_000,
                    1L << 50,
                    (short) 3,
                    11,
                    5);

    @Test
    void readsWhatItWroteAtAnyPosition() {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        HEADER.write(buffer, 13);

        assertThat(RecordBatchHeader.read(buffer, 13)).isEqualTo(HEADER);
        assertThat(buffer.position()).isZero();
    }

    @Test
    void kafkaReadsTheSameFields() {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER.sizeBytes());
        HEADER.write(buffer, 0);

        MutableRecordBatch kafka =
                MemoryRecords.readableRecords(buffer).batches().iterator().next();

        assertThat(kafka).isInstanceOf(DefaultRecordBatch.class);
        assertThat(kafka.baseOffset()).isEqualTo(HEADER.baseOffset());
        assertThat(kafka.lastOffset()).isEqualTo(HEADER.lastOffset());
        assertThat(kafka.nextOffset()).isEqualTo(HEADER.nextOffset());
        assertThat(kafka.sizeInBytes()).isEqualTo(HEADER.sizeBytes());
        assertThat(kafka.partitionLeaderEpoch()).isEqualTo(HEADER.leaderEpoch());
        assertThat(kafka.checksum()).isEqualTo(HEADER.crc() & 0xffffffffL);
        assertThat(kafka.compressionType().id).isEqualTo((byte) HEADER.codecId());
        assertThat(kafka.isTransactional()).isEqualTo(HEADER.isTransactional()).isTrue();
        assertThat(kafka.isControlBatch()).isEqualTo(HEADER.isControl()).isTrue();
        assertThat(kafka.maxTimestamp()).isEqualTo(HEADER.maxTimestamp());
        assertThat(kafka.timestampType().id == 1).isEqualTo(HEADER.hasLogAppendTime()).isTrue();
        assertThat(kafka.producerId()).isEqualTo(HEADER.producerId());
        assertThat(kafka.producerEpoch()).isEqualTo(HEADER.producerEpoch());
        assertThat(kafka.baseSequence()).isEqualTo(HEADER.baseSequence());
        assertThat(kafka.lastSequence()).isEqualTo(HEADER.lastSequence());
        assertThat(kafka.countOrNull()).isEqualTo(HEADER.recordCount());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "10, 4, 14",
        "2147483647, 0, 2147483647",
        "2147483647, 1, 0",
        "2147483645, 5, 2",
        "-1, 4, -1",
    })
    void sequencesWrapToZero(int base, int lastOffsetDelta, int last) {
        RecordBatchHeader header =
                new RecordBatchHeader(
                        0,
                        49,
                        0,
                        (byte) 2,
                        0,
                        (short) 0,
                        lastOffsetDelta,
                        0,
                        0,
                        1,
                        (short) 0,
                        base,
                        1);

        assertThat(header.lastSequence()).isEqualTo(last);
        if (base >= 0) {
            assertThat(last).isEqualTo(DefaultRecordBatch.incrementSequence(base, lastOffsetDelta));
        }
    }

    @Test
    void producerIdMakesABatchIdempotent() {
        assertThat(HEADER.isIdempotent()).isTrue();
        ByteBuffer buffer = ByteBuffer.allocate(100);
        HEADER.write(buffer, 0);
        buffer.putLong(RecordBatchHeader.PRODUCER_ID_POSITION, RecordBatchHeader.NO_PRODUCER_ID);
        assertThat(RecordBatchHeader.read(buffer, 0).isIdempotent()).isFalse();
    }
}
