package io.kq.log.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.RecordBatchHeader;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** I1 to I3 of the invariants, and KIP-98's table of verdicts. */
class ProducerTableTest {

    private static final long PRODUCER = 9;

    private final ProducerTable table = new ProducerTable();
    private long end;

    @Test
    void acceptsSequencesThatFollowEachOther() {
        append(0, 0, 3);
        append(0, 3, 1);
        append(0, 4, 2);
        assertThat(judge(0, 6, 1)).isEmpty();
    }

    @Test
    void answersTheLastFiveBatchesWithTheirOffsets() {
        for (int i = 0; i < 7; i++) {
            append(0, 2 * i, 2);
        }
        for (int i = 2; i < 7; i++) {
            assertThat(judge(0, 2 * i, 2)).map(SequencedBatch::baseOffset).hasValue(2L * i);
        }
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 0, 2, 2);
    }

    @Test
    void aGapIsRefused() {
        append(0, 0, 2);
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 0, 3, 1);
    }

    @Test
    void anotherBatchUnderAnOldSequenceIsRefused() {
        append(0, 0, 2);
        append(0, 2, 2);
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 0, 0, 3);
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 0, 1, 1);
    }

    @Test
    void anOlderEpochIsFenced() {
        append(3, 0, 1);
        refused(ErrorCode.FENCED_PRODUCER_EPOCH, 2, 1, 1);
        refused(ErrorCode.FENCED_PRODUCER_EPOCH, 2, 0, 1);
    }

    @Test
    void aNewEpochBeginsWithZeroAndForgetsTheOld() {
        append(0, 0, 5);
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 1, 5, 1);
        append(1, 0, 1);
        assertThat(judge(1, 1, 1)).isEmpty();
        refused(ErrorCode.FENCED_PRODUCER_EPOCH, 0, 0, 5);
    }

    @Test
    void sequencesGoOnWithZeroAfterTheLargest() {
        table.mayHaveForgotten();
        append(0, Integer.MAX_VALUE - 1, 4);
        assertThat(judge(0, 2, 1)).isEmpty();
        assertThat(judge(0, Integer.MAX_VALUE - 1, 4)).isPresent();
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 0, 3, 1);
    }

    @Test
    void anUnknownProducerBeginsWithZeroUnlessSomethingWasForgotten() {
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 0, 1, 1);
        assertThat(judge(0, 0, 1)).isEmpty();
        table.mayHaveForgotten();
        assertThat(judge(0, 17, 1)).isEmpty();
    }

    @Test
    void silentProducersAreForgottenAndThatIsKnown() {
        table.appended(header(0, 0, 1), 1000);
        table.expire(1000 + Duration.ofDays(1).toMillis(), Duration.ofDays(1));
        assertThat(judge(0, 0, 1)).isPresent();
        table.expire(1001 + Duration.ofDays(1).toMillis(), Duration.ofDays(1));
        assertThat(judge(0, 5, 1)).isEmpty();
        assertThat(table.isBlank()).isFalse();
    }

    @Test
    void batchesWithoutAProducerAreNotJudged() {
        RecordBatchHeader plain = header(-1, (short) -1, -1, 1);
        assertThat(table.judge(plain)).isEmpty();
        table.appended(plain, 0);
        assertThat(table.isBlank()).isTrue();
    }

    @Test
    void aSnapshotHoldsEverythingAndDamageToItIsSeen() {
        append(2, 0, 3);
        append(2, 3, 3);
        ProducerSnapshot snapshot = table.snapshot(6);
        byte[] bytes = ProducerSnapshotCodec.encode(snapshot);
        assertThat(ProducerSnapshotCodec.decode(bytes)).hasValue(snapshot);
        assertThat(ProducerTable.from(snapshot).judge(header(2, 3, 3))).isPresent();
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x10;
            assertThat(ProducerSnapshotCodec.decode(damaged)).as("byte " + i).isEmpty();
            byte[] cut = java.util.Arrays.copyOf(bytes, i);
            assertThat(ProducerSnapshotCodec.decode(cut)).as("cut to " + i).isEmpty();
        }
    }

    private void append(int epoch, int sequence, int count) {
        RecordBatchHeader header = header(epoch, sequence, count);
        assertThat(table.judge(header)).isEmpty();
        table.appended(header, 0);
        end += count;
    }

    private Optional<SequencedBatch> judge(int epoch, int sequence, int count) {
        return table.judge(header(epoch, sequence, count));
    }

    private void refused(ErrorCode code, int epoch, int sequence, int count) {
        assertThatThrownBy(() -> judge(epoch, sequence, count))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private RecordBatchHeader header(int epoch, int sequence, int count) {
        return header(PRODUCER, (short) epoch, sequence, count);
    }

    private RecordBatchHeader header(long producer, short epoch, int sequence, int count) {
        return new RecordBatchHeader(
                end, 100, 0, (byte) 2, 0, (short) 0, count - 1, 0, 0, producer, epoch, sequence,
                count);
    }
}
