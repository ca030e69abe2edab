package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.PartitionLog.AppendOutcome;
import io.kq.log.disk.DiskHealth;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {

    @TempDir Path directory;

    @Test
    void givesBackWhatWasAppendedInOrder() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            assertThat(log.append(Batches.of("a", "b"), 1, NOW))
                    .isEqualTo(new AppendOutcome(0, 2, false));
            assertThat(log.append(Batches.of("c"), 1, NOW))
                    .isEqualTo(new AppendOutcome(2, 3, false));
            assertThat(Batches.values(log, 0)).containsExactly("a", "b", "c");
            assertThat(Batches.values(log, 1)).containsExactly("b", "c");
            assertThat(log.lastLeaderEpoch()).isEqualTo(1);
        }
    }

    @Test
    void cleanStopIsRememberedAndNothingIsReadAtTheNextStart() {
        try (TestStore test = new TestStore(directory)) {
            assertThat(test.store.wasCleanShutdown()).isTrue();
            test.open().append(Batches.idempotent(7, 0, 0, "a", "b"), 4, NOW);
        }
        try (TestStore test = new TestStore(directory)) {
            assertThat(test.store.wasCleanShutdown()).isTrue();
            PartitionLog log = test.open();
            assertThat(log.recovery().clean()).isTrue();
            assertThat(log.recovery().scannedBytes()).isZero();
            assertThat(log.logEndOffset()).isEqualTo(2);
            assertThat(log.lastLeaderEpoch()).isEqualTo(4);
            assertThat(Batches.values(log, 0)).containsExactly("a", "b");
            assertThat(log.append(Batches.idempotent(7, 0, 0, "a", "b"), 4, NOW).duplicate())
                    .isTrue();
        }
    }

    @Test
    void aCrashKeepsAllThatWasAppended(@TempDir Path crashed) throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 100; i++) {
                log.append(Batches.idempotent(7, 0, i, "value " + i), 4, NOW);
                if (i == 50) {
                    test.runBackground();
                }
            }
            TestStore.copy(directory, crashed);
        }
        try (TestStore test = new TestStore(crashed)) {
            assertThat(test.store.wasCleanShutdown()).isFalse();
            PartitionLog log = test.open();
            assertThat(log.recovery().clean()).isFalse();
            assertThat(log.recovery().cutBytes()).isZero();
            assertThat(Batches.values(log, 0)).hasSize(100).contains("value 99");
            assertThat(log.append(Batches.idempotent(7, 0, 99, "value 99"), 4, NOW))
                    .isEqualTo(new AppendOutcome(99, 100, true));
        }
    }

    @Test
    void secondProcessIsRefusedWithTheDirectorysName() {
        try (TestStore test = new TestStore(directory)) {
            assertThat(test.health()).isEqualTo(DiskHealth.WRITABLE);
            assertThatThrownBy(() -> new TestStore(directory))
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("another process")
                    .extracting(e -> ((RejectedException) e).code())
                    .isEqualTo(ErrorCode.NOT_READY);
        }
    }

    @Test
    void readsWholeBatchesBelowTheBoundAndAtLeastOne() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 3; i++) {
                log.append(Batches.of("0123456789", "x"), 0, NOW);
            }
            assertThat(Batches.batches(log.read(3, 6, 1))).hasSize(1);
            assertThat(log.read(3, 6, 1).baseOffset()).isEqualTo(2);
            assertThat(log.read(3, 6, 1).nextOffset()).isEqualTo(4);
            assertThat(log.read(0, 4, 1 << 20).nextOffset()).isEqualTo(4);
            assertThat(log.read(0, 3, 1 << 20).nextOffset()).isEqualTo(2);
            assertThat(log.read(0, 1, 1 << 20).sizeBytes()).isZero();
            assertThat(log.read(6, 6, 1 << 20).sizeBytes()).isZero();
            assertThat(log.read(6, 100, 1 << 20).nextOffset()).isEqualTo(6);
        }
    }

    @Test
    void offsetsOutsideTheLogAreRefusedWithItsBounds() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            assertThatThrownBy(() -> log.read(2, 9, 100))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
                                assertThat(e.metadata())
                                        .containsEntry("log_start", "0")
                                        .containsEntry("log_end", "1");
                            });
        }
    }

    @Test
    void deletedPartitionIsGoneAtOnceAndItsFilesAfterAWhile() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            LogSlice held = log.read(0, 1, 100);
            test.store.delete(TestStore.PARTITION);
            assertThat(test.store.partitions()).isEmpty();
            test.runBackground();
            try (Stream<Path> left = Files.list(directory.resolve("partitions"))) {
                assertThat(left).isEmpty();
            }
            assertThat(Batches.batches(held)).hasSize(1);
            assertThatThrownBy(() -> log.read(0, 1, 100))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND));
            assertThatThrownBy(() -> log.append(Batches.of("b"), 0, NOW))
                    .isInstanceOf(RejectedException.class);
            assertThat(test.open().logEndOffset()).isZero();
        }
    }

    @Test
    void leftoversOfADeletionAreFreedByTheNextProcess(@TempDir Path crashed) throws IOException {
        try (TestStore test = new TestStore(directory)) {
            test.open().append(Batches.of("a"), 0, NOW);
            test.store.delete(TestStore.PARTITION);
            TestStore.copy(directory, crashed);
        }
        try (Stream<Path> left = Files.list(crashed.resolve("partitions"))) {
            assertThat(left).singleElement().asString().endsWith(".deleted");
        }
        try (TestStore test = new TestStore(crashed)) {
            assertThat(test.store.partitions()).isEmpty();
            test.runBackground();
            try (Stream<Path> left = Files.list(crashed.resolve("partitions"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void rollsBySizeAndKeepsReadingAcrossSegments() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 200; i++) {
                log.append(Batches.of("value " + i), 0, NOW);
            }
            Path partition =
                    directory.resolve("partitions").resolve(TestStore.PARTITION.toString());
            try (Stream<Path> files = Files.list(partition)) {
                assertThat(files.filter(f -> f.toString().endsWith(".log")).count())
                        .isGreaterThan(5);
            }
            assertThat(Batches.values(log, 0)).hasSize(200);
            assertThat(Batches.values(log, 150)).hasSize(50).startsWith("value 150");
        }
    }
}
