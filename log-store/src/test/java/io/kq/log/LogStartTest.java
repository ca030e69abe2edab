package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.io.LogFile;
import io.kq.log.io.LogFiles;
import io.kq.log.retention.RetentionPolicy;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention and delete-records: what goes, what stays, and what a crash in between leaves. */
class LogStartTest {

    private static final RetentionPolicy OLDER_THAN_A_SECOND = new RetentionPolicy(1000, -1);

    @TempDir Path directory;

    /** Batches of one record and some 470 bytes each, four to a segment. */
    private static void fill(PartitionLog log, int count, long timestamp) {
        long first = log.logEndOffset();
        for (long i = first; i < first + count; i++) {
            log.append(Batches.at(timestamp, i + "x".repeat(400)), 1, NOW);
        }
    }

    private static int segments(Path directory) throws IOException {
        PartitionOnDisk partition = LogInspection.partitions(directory).get(0);
        return LogInspection.segments(partition).size();
    }

    @Test
    void whatIsTooOldGoesAndTheRestIsRead() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 10, NOW - 5000);
            fill(log, 10, NOW);
            test.runBackground();
            int before = segments(directory);
            long start = log.retain(OLDER_THAN_A_SECOND, 20, NOW);
            assertThat(start).isBetween(5L, 10L).isEqualTo(log.logStartOffset());
            assertThat(segments(directory)).isLessThan(before);
            assertThat(Batches.values(log, start)).hasSize((int) (20 - start));
            assertThatThrownBy(() -> log.read(start - 1, 20, 1000))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
            assertThat(log.retain(OLDER_THAN_A_SECOND, 20, NOW)).isEqualTo(start);
        }
    }

    @Test
    void aLogThatIsTooOldAsAWholeBecomesEmptyAndGoesOn(@TempDir Path crashed) throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 12; i++) {
                log.append(Batches.idempotent(8, 0, i, i + "x".repeat(400)), 3, NOW);
            }
            test.runBackground();
            assertThat(log.retain(OLDER_THAN_A_SECOND, 11, NOW + 9000)).isLessThan(12);
            assertThat(log.retain(OLDER_THAN_A_SECOND, 12, NOW + 9000)).isEqualTo(12);
            assertThat(log.logEndOffset()).isEqualTo(12);
            assertThat(log.sizeBytes()).isZero();
            TestStore.copy(directory, crashed);
        }
        for (Path data : List.of(directory, crashed)) {
            try (TestStore test = new TestStore(data)) {
                PartitionLog log = test.open();
                assertThat(log.logStartOffset()).isEqualTo(12);
                assertThat(log.lastLeaderEpoch()).isEqualTo(3);
                assertThat(
                                log.append(
                                                Batches.idempotent(8, 0, 11, 11 + "x".repeat(400)),
                                                3,
                                                NOW)
                                        .duplicate())
                        .as("producers are remembered although their records are gone")
                        .isTrue();
                log.append(Batches.idempotent(8, 0, 12, "twelve"), 3, NOW);
                assertThat(Batches.values(log, 12)).containsExactly("twelve");
            }
        }
    }

    @Test
    void deletedRecordsStayDeletedOverACutAndACrash(@TempDir Path crashed) throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 20, NOW);
            assertThat(log.deleteRecords(18)).isEqualTo(18);
            assertThat(log.deleteRecords(3)).isEqualTo(18);
            assertThatThrownBy(() -> log.deleteRecords(21))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
            log.truncateTo(19);
            TestStore.copy(directory, crashed);
        }
        for (Path data : List.of(directory, crashed)) {
            try (TestStore test = new TestStore(data)) {
                PartitionLog log = test.open();
                assertThat(log.logStartOffset()).isEqualTo(18);
                assertThat(log.logEndOffset()).isEqualTo(19);
            }
        }
    }

    @Test
    void aSliceHandedOutBeforeStaysReadable() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 20, NOW);
            test.runBackground();
            LogSlice slice = log.read(0, 20, 1000);
            log.deleteRecords(20);
            assertThat(Batches.batches(slice)).isNotEmpty();
        }
    }

    @Test
    void aRestartedLogKnowsHowOldItsSegmentsAre() {
        try (TestStore test = new TestStore(directory)) {
            fill(test.open(), 10, NOW - 5000);
            fill(test.open(), 10, NOW);
            test.runBackground();
        }
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            assertThat(log.retain(OLDER_THAN_A_SECOND, 20, NOW)).isBetween(5L, 10L);
        }
    }

    /** A crash before each unlink: the next opening has the new start and finishes the rest. */
    @Test
    void aCrashHalfWayIsFinishedAtTheNextOpening(@TempDir Path crashes) throws IOException {
        List<Path> copies = new ArrayList<>();
        try (TestStore test =
                new TestStore(
                        directory,
                        new CopiesBeforeDelete(
                                () -> {
                                    Path copy = crashes.resolve("crash" + copies.size());
                                    TestStore.copy(directory, copy);
                                    copies.add(copy);
                                }))) {
            PartitionLog log = test.open();
            fill(log, 30, NOW);
            test.runBackground();
            log.deleteRecords(27);
        }
        assertThat(copies).hasSizeGreaterThan(3);
        for (Path copy : copies) {
            try (TestStore test = new TestStore(copy)) {
                PartitionLog log = test.open();
                assertThat(log.logStartOffset()).isEqualTo(27);
                assertThat(Batches.values(log, 27)).hasSize(3);
                assertThat(segments(copy)).isEqualTo(segments(directory));
            }
        }
    }

    private interface Copy {
        void make() throws IOException;
    }

    private record CopiesBeforeDelete(Copy copy) implements LogFiles {

        @Override
        public LogFile create(Path file) throws IOException {
            return LogFiles.onDisk().create(file);
        }

        @Override
        public LogFile open(Path file) throws IOException {
            return LogFiles.onDisk().open(file);
        }

        @Override
        public LogFile openReadOnly(Path file) throws IOException {
            return LogFiles.onDisk().openReadOnly(file);
        }

        @Override
        public void delete(Path file) throws IOException {
            if (Files.exists(file)) {
                copy.make();
                Files.delete(file);
            }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            LogFiles.onDisk().rename(from, to);
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            LogFiles.onDisk().createDirectory(directory);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            LogFiles.onDisk().syncDirectory(directory);
        }
    }
}
