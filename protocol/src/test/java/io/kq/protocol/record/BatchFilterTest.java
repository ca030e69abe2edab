package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches with fewer records, read by us and by Kafka. */
class BatchFilterTest {

    private static final int BOUND = 1 << 20;
    private static final long HORIZON = 1_790_000_000_000L;

    private static ByteBuffer stamped(CompressionCodec codec) {
        ByteBuffer batch = ByteBuffer.wrap(RecordReaderTest.copy(RecordReaderTest.batch(codec)));
        batch.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, 700);
        batch.putInt(RecordBatchHeader.LEADER_EPOCH_POSITION, 6);
        return batch;
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    private static DefaultRecordBatch kafkas(ByteBuffer batch) {
        DefaultRecordBatch read =
                (DefaultRecordBatch)
                        MemoryRecords.readableRecords(batch.duplicate())
                                .batches()
                                .iterator()
                                .next();
        read.ensureValid();
        return read;
    }

    private static void requireSameOffsetsAndProducer(ByteBuffer before, ByteBuffer after) {
        RecordBatchHeader was = RecordBatchHeader.read(before, 0);
        RecordBatchHeader is = RecordBatchHeader.read(after, 0);
        assertThat(is.baseOffset()).isEqualTo(was.baseOffset());
        assertThat(is.nextOffset()).isEqualTo(was.nextOffset());
        assertThat(is.leaderEpoch()).isEqualTo(was.leaderEpoch());
        assertThat(is.producerId()).isEqualTo(was.producerId());
        assertThat(is.producerEpoch()).isEqualTo(was.producerEpoch());
        assertThat(is.baseSequence()).isEqualTo(was.baseSequence());
        assertThat(is.lastSequence()).isEqualTo(was.lastSequence());
    }

    @ParameterizedTest
    @EnumSource
    void keepsChosenRecordsWithTheirOffsetsTimesAndCodec(CompressionCodec codec) {
        ByteBuffer before = stamped(codec);
        List<BatchRecord> all = RecordReader.readAll(before, BOUND);

        ByteBuffer after =
                BatchFilter.retain(
                        RecordReader.open(before, BOUND), bits(2, 3, 17), OptionalLong.empty());

        requireSameOffsetsAndProducer(before, after);
        assertThat(RecordBatchHeader.read(after, 0).codecId()).isEqualTo(codec.id());
        assertThat(RecordBatchHeader.read(after, 0).maxTimestamp()).isEqualTo(1017);
        assertThat(RecordReader.readAll(after, BOUND))
                .usingRecursiveComparison()
                .isEqualTo(List.of(all.get(2), all.get(3), all.get(17)));
        List<Long> offsets = new ArrayList<>();
        for (Record record : kafkas(after)) {
            offsets.add(record.offset());
        }
        assertThat(offsets).containsExactly(702L, 703L, 717L);
    }

    @ParameterizedTest
    @EnumSource
    void deleteHorizonTakesThePlaceOfTheBaseTimestamp(CompressionCodec codec) {
        ByteBuffer before = stamped(codec);
        List<BatchRecord> all = RecordReader.readAll(before, BOUND);

        ByteBuffer marked =
                BatchFilter.retain(
                        RecordReader.open(before, BOUND), bits(0, 5, 19), OptionalLong.of(HORIZON));
        ByteBuffer again =
                BatchFilter.retain(
                        RecordReader.open(marked, BOUND), bits(0, 2), OptionalLong.empty());

        requireSameOffsetsAndProducer(before, again);
        for (ByteBuffer batch : List.of(marked, again)) {
            assertThat(RecordBatchHeader.read(batch, 0).deleteHorizonMillis()).hasValue(HORIZON);
            assertThat(kafkas(batch).deleteHorizonMs()).hasValue(HORIZON);
        }
        assertThat(RecordReader.readAll(again, BOUND))
                .usingRecursiveComparison()
                .isEqualTo(List.of(all.get(0), all.get(19)));
        List<Long> times = new ArrayList<>();
        for (Record record : kafkas(again)) {
            times.add(record.timestamp());
        }
        assertThat(times).containsExactly(1000L, 1019L);
    }

    @Test
    void horizonOfAnOrdinaryBatchIsUnknown() {
        assertThat(RecordBatchHeader.read(stamped(CompressionCodec.NONE), 0).deleteHorizonMillis())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void emptiedBatchStillTellsOfItsProducer(CompressionCodec codec) {
        ByteBuffer before = stamped(codec);

        ByteBuffer after = BatchFilter.emptied(RecordBatchHeader.read(before, 0));

        requireSameOffsetsAndProducer(before, after);
        assertThat(after.remaining()).isEqualTo(RecordBatchHeader.SIZE_BYTES);
        assertThat(RecordBatchHeader.read(after, 0).isPlaceholder()).isFalse();
        assertThat(RecordReader.readAll(after, BOUND)).isEmpty();
        assertThat(kafkas(after).iterator().hasNext()).isFalse();
        assertThat(kafkas(after).lastSequence()).isEqualTo(19);
    }

    @Test
    void placeholderCoversOffsetsAndTellsOfNobody() {
        ByteBuffer batch = BatchFilter.placeholder(10, 10L + Integer.MAX_VALUE, 4);

        RecordBatchHeader header = RecordBatchHeader.read(batch, 0);
        assertThat(header.nextOffset()).isEqualTo(11L + Integer.MAX_VALUE);
        assertThat(header.leaderEpoch()).isEqualTo(4);
        assertThat(header.isPlaceholder()).isTrue();
        assertThat(RecordReader.readAll(batch, BOUND)).isEmpty();
        assertThat(kafkas(batch).lastOffset()).isEqualTo(10L + Integer.MAX_VALUE);
        assertThat(kafkas(batch).iterator().hasNext()).isFalse();
    }
}
