package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.disk.DiskHealth;
import io.kq.log.retention.RetentionPolicy;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S6: a disk that fails takes nothing that was acknowledged with it, and acknowledges no hole. */
class FailingDiskTest {

    @TempDir Path directory;

    private final FailingLogFiles files = new FailingLogFiles();

    @Test
    void aFullDiskRefusesAppendsAndTakesThemAgainWithoutARestart() {
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            files.bytesLeft = 80;
            refused(ErrorCode.DISK_FULL, () -> log.append(Batches.of("b".repeat(100)), 0, NOW));
            refused(ErrorCode.DISK_FULL, () -> log.append(Batches.of("c"), 0, NOW));
            assertThat(test.health()).isEqualTo(DiskHealth.DISK_FULL);
            assertThat(test.faults).hasSize(1);
            assertThat(Batches.values(log, 0)).containsExactly("a");
            test.runBackground();
            assertThat(test.health()).isEqualTo(DiskHealth.DISK_FULL);

            files.bytesLeft = Long.MAX_VALUE;
            test.runBackground();
            assertThat(test.health()).isEqualTo(DiskHealth.WRITABLE);
            assertThat(log.append(Batches.of("d"), 0, NOW).baseOffset()).isEqualTo(1);
            assertThat(Batches.values(log, 0)).containsExactly("a", "d");
        }
    }

    /** The new start has to be written down before a file may go: from the space kept for that. */
    @Test
    void recordsAreDeletedFromADiskWithoutAByteLeft() throws IOException {
        Path spare = directory.resolve("spare");
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 40; i++) {
                log.append(Batches.of("x".repeat(400) + i), 0, NOW);
                test.runBackground();
            }
            files.bytesLeft = 0;
            files.deletingFrees = true;
            refused(ErrorCode.DISK_FULL, () -> log.append(Batches.of("y"), 0, NOW));
            assertThat(Files.exists(spare)).isTrue();
            assertThat(log.deleteRecords(20)).isEqualTo(20);
            assertThat(Files.exists(spare)).as("it gave its space").isFalse();
            files.bytesLeft = Long.MAX_VALUE / 2;
            test.runBackground();
            assertThat(test.health()).isEqualTo(DiskHealth.WRITABLE);
            log.append(Batches.of("z"), 0, NOW);
            assertThat(Batches.values(log, 20)).hasSize(21).endsWith("z");
            test.runBackground();
            assertThat(Files.exists(spare)).as("it is kept back again").isTrue();
        }
    }

    @Test
    void retentionFreesADiskWithoutAByteLeft() throws IOException {
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 40; i++) {
                log.append(Batches.of("x".repeat(400) + i), 0, NOW);
                test.runBackground();
            }
            files.bytesLeft = 0;
            files.deletingFrees = true;
            refused(ErrorCode.DISK_FULL, () -> log.append(Batches.of("y"), 0, NOW));
            assertThat(log.retain(new RetentionPolicy(-1, 6000), 40, NOW)).isPositive();
            assertThat(files.bytesLeft).isGreaterThan(6000);
        }
    }

    @Test
    void withoutTheSpareNothingIsFreedAndNothingLost() throws IOException {
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 40; i++) {
                log.append(Batches.of("x".repeat(400) + i), 0, NOW);
                test.runBackground();
            }
            Files.delete(directory.resolve("spare"));
            files.bytesLeft = 0;
            files.deletingFrees = true;
            refused(ErrorCode.DISK_FULL, () -> log.deleteRecords(20));
            assertThat(Batches.values(log, 0)).hasSize(40);
        }
    }

    @Test
    void aBeginningThatCouldNotBeWrittenDownIsForgotten(@TempDir Path crashed) throws IOException {
        TopicIdPartition other = new TopicIdPartition(TestStore.PARTITION.topicId(), 4);
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            Files.delete(directory.resolve("spare"));
            long space = files.bytesLeft;
            files.bytesLeft = 0;
            refused(ErrorCode.DISK_FULL, () -> log.beginAt(1000));
            files.bytesLeft = space;
            test.runBackground();
            log.append(Batches.of("a"), 0, NOW);
            PartitionLog busy = test.store.open(other, "orders", TestStore.SMALL_SEGMENTS);
            busy.append(Batches.of("b"), 0, NOW);
            busy.deleteRecords(1); // writes the checkpoint of both
            TestStore.copy(directory, crashed);
        }
        try (TestStore test = new TestStore(crashed)) {
            assertThat(Batches.values(test.open(), 0)).containsExactly("a");
        }
    }

    @Test
    void everyLengthOfATornWriteLeavesNoTrace(@TempDir Path crashed) throws IOException {
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            log.append(Batches.idempotent(1, 0, 0, "a"), 0, NOW);
            int size = Batches.idempotent(1, 0, 1, "b").sizeBytes();
            for (int written = 0; written < size; written++) {
                files.bytesLeft = written;
                refused(
                        ErrorCode.DISK_FULL,
                        () -> log.append(Batches.idempotent(1, 0, 1, "b"), 0, NOW));
                files.bytesLeft = Long.MAX_VALUE;
                test.runBackground();
            }
            assertThat(log.append(Batches.idempotent(1, 0, 1, "b"), 0, NOW).duplicate()).isFalse();
            TestStore.copy(directory, crashed);
        }
        try (TestStore test = new TestStore(crashed)) {
            PartitionLog log = test.open();
            assertThat(log.recovery().cutBytes()).isZero();
            assertThat(Batches.values(log, 0)).containsExactly("a", "b");
        }
    }

    @Test
    void aWriteThatCannotBeCutBackEndsAllWritesAndRecoveryCutsIt(@TempDir Path crashed)
            throws IOException {
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            files.bytesLeft = 30;
            files.writeError = FailingLogFiles.BROKEN;
            files.truncateFails = true;
            refused(ErrorCode.STORAGE_FAULT, () -> log.append(Batches.of("b"), 0, NOW));
            files.bytesLeft = Long.MAX_VALUE;
            files.truncateFails = false;
            test.runBackground();
            assertThat(test.health()).isEqualTo(DiskHealth.FAILED);
            refused(ErrorCode.STORAGE_FAULT, () -> log.append(Batches.of("c"), 0, NOW));
            assertThat(Batches.values(log, 0)).containsExactly("a");
            TestStore.copy(directory, crashed);
        }
        try (TestStore test = new TestStore(crashed)) {
            PartitionLog log = test.open();
            assertThat(log.recovery().cutBytes()).isEqualTo(30);
            assertThat(Batches.values(log, 0)).containsExactly("a");
        }
    }

    @Test
    void aFailedFsyncIsNeverTriedAgainAndNothingIsAcknowledged() {
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            log.flush();
            log.append(Batches.of("b"), 0, NOW);
            files.forceFails = true;
            CompletableFuture<Void> durable = log.whenDurable(2);
            test.flusher.runDue();
            assertThat(durable).isCompletedExceptionally();
            files.forceFails = false;
            int forces = files.forces;
            refused(ErrorCode.STORAGE_FAULT, log::flush);
            CompletableFuture<Void> again = log.whenDurable(2);
            test.flusher.runDue();
            assertThat(again)
                    .isCompletedExceptionally()
                    .failsWithin(java.time.Duration.ZERO)
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.definite()).isFalse());
            assertThat(files.forces).isEqualTo(forces);
            assertThat(log.durableEndOffset()).isEqualTo(1);
            assertThat(log.whenDurable(1)).isCompleted();
            refused(ErrorCode.STORAGE_FAULT, () -> log.append(Batches.of("c"), 0, NOW));
            assertThat(Batches.values(log, 0)).containsExactly("a", "b");
        }
        try (TestStore test = new TestStore(directory)) {
            assertThat(test.store.wasCleanShutdown()).isFalse();
        }
    }

    @Test
    void oneFsyncServesAllWhoWait() {
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 10; i++) {
                log.append(Batches.of("v" + i), 0, NOW);
            }
            CompletableFuture<?>[] waiting = new CompletableFuture<?>[10];
            for (int i = 0; i < 10; i++) {
                waiting[i] = log.whenDurable(i + 1);
                assertThat(waiting[i]).isNotDone();
            }
            test.flusher.runDue();
            assertThat(CompletableFuture.allOf(waiting)).isCompleted();
            assertThat(files.forces).isEqualTo(1);
            assertThat(log.durableEndOffset()).isEqualTo(10);
        }
    }

    @Test
    void whoeverWaitsIsToldWhenTheLogIsDeleted() {
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            CompletableFuture<Void> durable = log.whenDurable(1);
            test.store.delete(TestStore.PARTITION);
            test.flusher.runDue();
            assertThatThrownBy(durable::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(RejectedException.class);
            assertThat(test.faults).isEmpty();
        }
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
