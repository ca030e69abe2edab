package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class AppendChecksTest {

    @Test
    void takesWhatAClientMakes() {
        AppendChecks.fromClient(Batches.of("a", "b"), LogConfig.defaults(), NOW);
        AppendChecks.fromClient(Batches.idempotent(1, 0, 0, "a"), LogConfig.defaults(), NOW);
        AppendChecks.fromClient(Batches.at(-1, "a"), LogConfig.defaults(), NOW);
    }

    @Test
    void recordWithoutKeyIsRefusedWhereTheTopicIsCompacted() {
        LogConfig compacted =
                new LogConfig(
                        4096,
                        Duration.ofDays(1),
                        100_000,
                        LogConfig.Flush.OS,
                        LogConfig.TimestampType.CREATE_TIME,
                        true);
        for (CompressionCodec codec : CompressionCodec.values()) {
            String text = "v".repeat(500);
            AppendChecks.fromClient(
                    BatchBytes.of(KeyedBatches.builder(NOW, "k=" + text, "k").build(codec)),
                    compacted,
                    NOW);
            BatchBytes lacking =
                    BatchBytes.of(KeyedBatches.builder(NOW, "k=" + text, "=" + text).build(codec));
            AppendChecks.fromClient(lacking, LogConfig.defaults(), NOW);
            assertThatThrownBy(() -> AppendChecks.fromClient(lacking, compacted, NOW))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                                assertThat(e.getMessage())
                                        .startsWith("record 1 of the batch has no key");
                                assertThat(e.definite()).isTrue();
                            });
        }
    }

    @Test
    void aFlippedBitAnywhereUnderTheCrcIsRefused() {
        byte[] whole = new byte[Batches.of("a", "b").sizeBytes()];
        Batches.of("a", "b").toContiguous().get(whole);
        for (int i = RecordBatchHeader.LENGTH_POSITION; i < whole.length; i++) {
            if (i >= RecordBatchHeader.LEADER_EPOCH_POSITION
                    && i < RecordBatchHeader.MAGIC_POSITION) {
                continue;
            }
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x20;
            assertThatThrownBy(
                            () ->
                                    AppendChecks.fromClient(
                                            BatchBytes.of(ByteBuffer.wrap(damaged)),
                                            LogConfig.defaults(),
                                            NOW))
                    .as("byte " + i)
                    .isInstanceOf(RejectedException.class);
        }
    }

    @Test
    void aLengthThatLiesIsRefused() {
        refused(ErrorCode.CORRUPT_BATCH, b -> b.putInt(RecordBatchHeader.LENGTH_POSITION, 10));
        refused(
                ErrorCode.CORRUPT_BATCH,
                b -> b.putInt(RecordBatchHeader.LENGTH_POSITION, Integer.MAX_VALUE));
        refused(ErrorCode.CORRUPT_BATCH, b -> b.putInt(RecordBatchHeader.LENGTH_POSITION, -1));
    }

    @Test
    void aRecordCountThatIsNotTheOffsetsIsRefused() {
        refused(ErrorCode.CORRUPT_BATCH, b -> b.putInt(RecordBatchHeader.RECORD_COUNT_POSITION, 3));
        refused(
                ErrorCode.CORRUPT_BATCH,
                b -> {
                    b.putInt(RecordBatchHeader.RECORD_COUNT_POSITION, Integer.MIN_VALUE);
                    b.putInt(RecordBatchHeader.LAST_OFFSET_DELTA_POSITION, Integer.MAX_VALUE);
                });
        refused(
                ErrorCode.CORRUPT_BATCH,
                b -> {
                    b.putInt(RecordBatchHeader.RECORD_COUNT_POSITION, 0);
                    b.putInt(RecordBatchHeader.LAST_OFFSET_DELTA_POSITION, -1);
                });
    }

    @Test
    void attributesThatOnlyBrokersSetAreRefused() {
        refused(ErrorCode.INVALID_ARGUMENT, b -> attributes(b, 0x20));
        refused(ErrorCode.INVALID_ARGUMENT, b -> attributes(b, 0x10));
        refused(ErrorCode.INVALID_ARGUMENT, b -> attributes(b, 0x40));
        refused(ErrorCode.INVALID_ARGUMENT, b -> attributes(b, 0x08));
        refused(ErrorCode.INVALID_ARGUMENT, b -> attributes(b, 0x8000));
        refused(ErrorCode.UNSUPPORTED_COMPRESSION, b -> attributes(b, 0x05));
    }

    @Test
    void timestampsThatCannotBeAreRefused() {
        long tooLate = NOW + AppendChecks.CLOCK_AHEAD_MAX.toMillis() + 1;
        refused(
                ErrorCode.INVALID_ARGUMENT,
                b -> b.putLong(RecordBatchHeader.MAX_TIMESTAMP_POSITION, tooLate));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                b -> b.putLong(RecordBatchHeader.MAX_TIMESTAMP_POSITION, NOW - 1));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                b -> b.putLong(RecordBatchHeader.BASE_TIMESTAMP_POSITION, -2));
    }

    @Test
    void halfAProducerIsRefused() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                b -> b.putLong(RecordBatchHeader.PRODUCER_ID_POSITION, 4));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                b -> b.putInt(RecordBatchHeader.BASE_SEQUENCE_POSITION, 4));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                b -> b.putLong(RecordBatchHeader.PRODUCER_ID_POSITION, -2));
    }

    @Test
    void aLargeBatchIsRefusedWithTheLimit() {
        assertThatThrownBy(
                        () ->
                                AppendChecks.fromClient(
                                        Batches.of("x".repeat(100_000)),
                                        TestStore.SMALL_SEGMENTS,
                                        NOW))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
                            assertThat(e.metadata()).containsEntry("limit", "100000");
                        });
    }

    private static void attributes(ByteBuffer batch, int bits) {
        batch.putShort(RecordBatchHeader.ATTRIBUTES_POSITION, (short) bits);
    }

    /** Changes a good batch, gives it the CRC of what it is now, and expects a refusal. */
    private static void refused(ErrorCode code, Consumer<ByteBuffer> change) {
        ByteBuffer batch = Batches.of("a", "b").toContiguous();
        change.accept(batch);
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(RecordBatchHeader.ATTRIBUTES_POSITION));
        batch.putInt(RecordBatchHeader.CRC_POSITION, (int) crc.getValue());
        assertThatThrownBy(
                        () ->
                                AppendChecks.fromClient(
                                        BatchBytes.of(batch), LogConfig.defaults(), NOW))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
