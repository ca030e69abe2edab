package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are: records or CORRUPT_BATCH. */
class RecordReaderSimulationTest {

    private static final int BOUND = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void mutatedRecordsAreRecordsOrCorrupt(int codecId) {
        long seed = Long.getLong("kq.seed", 7);
        RandomSource random = RandomSource.seeded(seed + codecId);
        byte[] original =
                RecordReaderTest.copy(RecordReaderTest.batch(CompressionCodec.ofId(codecId)));
        int records = 0;
        int refusals = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = original.clone();
            for (int m = random.nextInt(3); m >= 0; m--) {
                int from = RecordBatchHeader.ATTRIBUTES_POSITION;
                bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt(256);
            }
            ByteBuffer batch = ByteBuffer.wrap(bytes);
            RecordReaderTest.writeCrc(batch);
            try {
                records += RecordReader.readAll(batch, BOUND).size();
            } catch (RejectedException corrupt) {
                assertThat(corrupt.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
                refusals++;
            } catch (RuntimeException | Error bug) {
                throw new AssertionError("-Dkq.seed=" + seed + " turn " + i, bug);
            }
        }
        assertThat(records).isPositive();
        assertThat(refusals).isPositive();
    }

    @ParameterizedTest
    @EnumSource(CompressionCodec.class)
    void randomBytesAreNoStreamOfAnyCodec(CompressionCodec codec) {
        long seed = Long.getLong("kq.seed", 7);
        RandomSource random = RandomSource.seeded(seed);
        ByteBuffer sample = codec.compress(ByteBuffer.wrap(new byte[500]));
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = (byte) random.nextInt(256);
            }
            // Half of them begin as a stream does, to get past the magic numbers.
            int head = Math.min(random.nextInt(20) * random.nextInt(2), sample.remaining());
            sample.get(0, bytes, 0, Math.min(head, bytes.length));
            try {
                assertThat(codec.decompress(ByteBuffer.wrap(bytes), 5000).remaining())
                        .isLessThanOrEqualTo(5000);
            } catch (RejectedException corrupt) {
                assertThat(corrupt.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
            } catch (RuntimeException | Error bug) {
                throw new AssertionError("-Dkq.seed=" + seed + " turn " + i, bug);
            }
        }
    }
}
