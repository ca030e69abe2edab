package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.io.LogFiles;
import io.kq.log.io.OpenFiles;
import io.kq.log.layout.Checkpoint;
import io.kq.log.recovery.LogRecovery;
import io.kq.log.recovery.RecoveryReport;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S2 and S3: what was torn is cut, what was damaged is not touched. */
class TornTailTest {

    private static final LogConfig ONE_SEGMENT = LogConfig.defaults();

    @TempDir Path temp;
    private Path crashed;
    private long firstBytes;

    /** A crash after two batches, of which the first is on the disk. */
    @BeforeEach
    void crash() throws IOException {
        crashed = temp.resolve("crashed");
        try (TestStore test = new TestStore(temp.resolve("before"))) {
            PartitionLog log = test.open(ONE_SEGMENT);
            log.append(Batches.of("durable"), 3, NOW);
            firstBytes = log.sizeBytes();
            test.runBackground();
            log.append(Batches.of("in the page cache"), 3, NOW);
            TestStore.copy(temp.resolve("before"), crashed);
        }
    }

    @Test
    void aCutOfAnyLengthKeepsTheBatchesBeforeIt() throws IOException {
        byte[] whole = Files.readAllBytes(segment());
        for (int cut = whole.length - 1; cut >= firstBytes; cut--) {
            Files.write(segment(), Arrays.copyOf(whole, cut));
            assertCut(1, cut - firstBytes);
            assertThat(Files.size(segment())).isEqualTo(firstBytes);
        }
    }

    @Test
    void zerosBehindTheLastBatchAreCut() throws IOException {
        for (int zeros : List.of(1, 60, 61, 62, 4096, 200_000)) {
            append(new byte[zeros]);
            assertCut(2, zeros);
        }
    }

    @Test
    void garbageBehindTheLastBatchIsCut() throws IOException {
        RandomSource random = RandomSource.seeded(11);
        for (int length : List.of(1, 12, 61, 100, 5000)) {
            byte[] garbage = new byte[length];
            for (int i = 0; i < length; i++) {
                garbage[i] = (byte) random.nextInt(256);
            }
            append(garbage);
            assertCut(2, length);
        }
    }

    @Test
    void aFlippedBitInTheTailIsCutThere() throws IOException {
        byte[] whole = Files.readAllBytes(segment());
        for (int position = (int) firstBytes; position < whole.length; position++) {
            byte[] damaged = whole.clone();
            damaged[position] ^= 0x04;
            Files.write(segment(), damaged);
            boolean epoch = position - firstBytes >= 12 && position - firstBytes < 16;
            if (!epoch) {
                assertCut(1, whole.length - firstBytes);
            }
        }
    }

    @Test
    void aStoreGoesOnBehindTheCut() throws IOException {
        append(new byte[100]);
        try (TestStore test = new TestStore(crashed)) {
            PartitionLog log = test.open(ONE_SEGMENT);
            assertThat(log.recovery().cutBytes()).isEqualTo(100);
            log.append(Batches.of("later"), 4, NOW);
            assertThat(Batches.values(log, 0))
                    .containsExactly("durable", "in the page cache", "later");
        }
    }

    @Test
    void lossBelowTheRecoveryPointIsDamageAndTouchesNothing() throws IOException {
        resize(firstBytes - 1);
        refusedAsDamaged("00000000000000000000.log", Long.toString(firstBytes - 1));
        assertThat(Files.size(segment())).isEqualTo(firstBytes - 1);
    }

    @Test
    void aLostSegmentOrDirectoryIsDamageAndNotANewLog() throws IOException {
        Files.delete(segment());
        refusedAsDamaged(TestStore.PARTITION.toString(), "expected records 0 to 1");
        erase(partition());
        refusedAsDamaged(TestStore.PARTITION.toString(), "expected records 0 to 1");
        try (TestStore test = new TestStore(crashed)) {
            test.store.delete(TestStore.PARTITION);
            assertThat(test.open(ONE_SEGMENT).logEndOffset()).isZero();
        }
    }

    @Test
    void aDamagedHeaderBelowTheRecoveryPointIsSeenWhereItIsRead() throws IOException {
        flip(10);
        try (TestStore test = new TestStore(crashed)) {
            PartitionLog log = test.open(ONE_SEGMENT);
            assertThatThrownBy(() -> log.read(0, 1, 1000))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAULT))
                    .hasMessageContaining("00000000000000000000.log at position 0");
        }
    }

    @Test
    void aDamagedRecordIsSeenByVerifyBeforeItIsServed() throws IOException {
        flip(firstBytes - 2);
        try (TestStore test = new TestStore(crashed)) {
            PartitionLog log = test.open(ONE_SEGMENT);
            try (LogSlice slice = log.read(0, 1, 1000)) {
                assertThat(slice.isHot()).isFalse();
                assertThatThrownBy(slice::verify)
                        .isInstanceOf(RejectedException.class)
                        .hasMessageContaining("at position 0");
            }
            try (LogSlice slice = log.read(1, 2, 1000)) {
                slice.verify();
            }
        }
    }

    @Test
    void aLostCheckpointOnlyCostsReading() throws IOException {
        Files.delete(crashed.resolve("checkpoint"));
        assertThat(reopen("durable", "in the page cache").clean()).isFalse();
        byte[] whole = Files.readAllBytes(crashed.resolve("checkpoint"));
        Files.write(crashed.resolve("checkpoint"), Arrays.copyOf(whole, whole.length / 2));
        assertThat(reopen("durable", "in the page cache").clean()).isFalse();
    }

    private void assertCut(long logEndOffset, long cutBytes) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(crashed.resolve("checkpoint")).orElseThrow();
        RecoveryReport report =
                new LogRecovery(new OpenFiles(LogFiles.onDisk(), 10), partition(), NOW)
                        .recover(
                                Optional.ofNullable(
                                        checkpoint.partitions().get(TestStore.PARTITION)),
                                false)
                        .report();
        assertThat(report.logEndOffset()).isEqualTo(logEndOffset);
        assertThat(report.cutBytes()).isEqualTo(cutBytes);
        assertThat(report.cut().isPresent()).isEqualTo(cutBytes > 0);
    }

    private RecoveryReport reopen(String... values) {
        try (TestStore test = new TestStore(crashed)) {
            PartitionLog log = test.open(ONE_SEGMENT);
            assertThat(Batches.values(log, 0)).containsExactly(values);
            return log.recovery();
        }
    }

    private void refusedAsDamaged(String... parts) {
        try (TestStore test = new TestStore(crashed)) {
            assertThatThrownBy(() -> test.open(ONE_SEGMENT))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAULT))
                    .hasMessageContainingAll(parts);
        }
    }

    private Path partition() {
        return crashed.resolve("partitions").resolve(TestStore.PARTITION.toString());
    }

    private Path segment() {
        return partition().resolve("00000000000000000000.log");
    }

    private void resize(long size) throws IOException {
        try (FileChannel file = FileChannel.open(segment(), StandardOpenOption.WRITE)) {
            file.truncate(size);
        }
    }

    private void append(byte[] bytes) throws IOException {
        try (FileChannel file = FileChannel.open(segment(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(bytes), file.size());
        }
    }

    private void flip(long position) throws IOException {
        byte[] bytes = Files.readAllBytes(segment());
        bytes[(int) position] ^= 0x04;
        Files.write(segment(), bytes);
    }

    static void erase(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
