package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kq.log.layout.PartitionCheckpoint;
import io.kq.log.recovery.DamagedLogException;
import io.kq.log.recovery.LogRecovery;
import io.kq.log.recovery.RecoveredLog;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/**
 * A log is opened whose segment holds any bytes: what is left is a beginning of them that consists
 * of whole batches, or nothing is changed and the replica is damaged. The first two bytes say how
 * much was known to be on the disk. In the unit tests over its inputs, for long with {@code
 * log-store/fuzz.sh MINUTES}.
 */
class SegmentRecoveryFuzzTest {

    private static final FuzzedSegment SEGMENT = new FuzzedSegment("kq-fuzz-recovery");

    @AfterAll
    static void erase() throws IOException {
        SEGMENT.erase();
    }

    @FuzzTest
    void anyBytesAreABeginningOrDamage(byte[] bytes) throws IOException {
        if (bytes.length < 2) {
            return;
        }
        byte[] segment = FuzzedSegment.rest(bytes);
        int known = FuzzedSegment.number(bytes, segment.length);
        opens(segment, 0);
        opens(segment, known);
        TornBatches.giveCrc(segment);
        opens(segment, 0);
        opens(segment, known);
    }

    private static void opens(byte[] segment, int knownBytes) throws IOException {
        SEGMENT.holds(segment);
        Optional<PartitionCheckpoint> checkpoint =
                knownBytes == 0 ? Optional.empty() : Optional.of(checkpoint(segment, knownBytes));
        RecoveredLog log;
        try {
            log = recovery().recover(checkpoint, false);
        } catch (DamagedLogException damaged) {
            assertThat(checkpoint).as("nothing was known that is missing").isPresent();
            assertThat(SEGMENT.bytes()).as("a damaged log is left alone").isEqualTo(segment);
            return;
        }
        byte[] left = SEGMENT.bytes();
        assertThat(left).isEqualTo(Arrays.copyOf(segment, left.length));
        assertThat(left.length).isGreaterThanOrEqualTo(knownBytes);
        assertThat(log.tail().positionBytes()).isEqualTo(left.length);
        assertThat(batchesEnd(left)).isEqualTo(left.length);
        closeFiles(log);
        RecoveredLog again = recovery().recover(checkpoint, false);
        assertThat(again.tail()).isEqualTo(log.tail());
        assertThat(again.report().cut()).isEmpty();
        closeFiles(again);
    }

    private static LogRecovery recovery() {
        return new LogRecovery(SEGMENT.openFiles, SEGMENT.directory, NOW);
    }

    private static void closeFiles(RecoveredLog log) {
        log.segments().all().forEach(segment -> segment.file().discard());
    }

    /** Where the batches that are whole up to there would have had the log end. */
    private static PartitionCheckpoint checkpoint(byte[] segment, int knownBytes) {
        ByteBuffer bytes = ByteBuffer.wrap(segment);
        long end = 0;
        int at = 0;
        while (at + RecordBatchHeader.SIZE_BYTES <= knownBytes) {
            RecordBatchHeader header = RecordBatchHeader.read(bytes, at);
            int left = knownBytes - at - RecordBatchHeader.LENGTH_OVERHEAD_BYTES;
            if (header.lengthBytes() < 0 || header.lengthBytes() > left) {
                break;
            }
            end = Math.max(0, header.nextOffset());
            at += header.sizeBytes();
        }
        return new PartitionCheckpoint(0, end, 0, knownBytes, -1, -1, NOW, 0, true, -1);
    }

    private static int batchesEnd(byte[] segment) {
        ByteBuffer bytes = ByteBuffer.wrap(segment);
        int at = 0;
        while (at + RecordBatchHeader.SIZE_BYTES <= segment.length) {
            RecordBatchHeader header = RecordBatchHeader.read(bytes, at);
            assertThat(header.sizeBytes()).isPositive();
            at += header.sizeBytes();
        }
        return at;
    }
}
