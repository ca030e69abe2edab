package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.PartitionLog.EpochEnd;
import io.kq.log.layout.SegmentName;
import io.kq.log.retention.RetentionPolicy;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerLogTest {

    @TempDir Path directory;

    @Test
    void keepsOffsetsEpochsAndSequencesOfItsLeader() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.appendAsFollower(Batches.stamped(0, 3, Batches.idempotent(8, 0, 0, "a", "b")), NOW);
            log.appendAsFollower(Batches.stamped(2, 5, Batches.idempotent(8, 0, 2, "c")), NOW);
            assertThat(log.logEndOffset()).isEqualTo(3);
            assertThat(log.lastLeaderEpoch()).isEqualTo(5);
            assertThat(log.append(Batches.idempotent(8, 0, 0, "a", "b"), 6, NOW).duplicate())
                    .isTrue();
        }
    }

    @Test
    void refusesWhatDoesNotFollowItsEnd() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.appendAsFollower(Batches.stamped(0, 3, Batches.of("a")), NOW);
            refused(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    () -> log.appendAsFollower(Batches.stamped(2, 3, Batches.of("c")), NOW));
            refused(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    () -> log.appendAsFollower(Batches.stamped(0, 3, Batches.of("a")), NOW));
            refused(
                    ErrorCode.FENCED_LEADER_EPOCH,
                    () -> log.appendAsFollower(Batches.stamped(1, 2, Batches.of("b")), NOW));
            refused(ErrorCode.FENCED_LEADER_EPOCH, () -> log.append(Batches.of("b"), 2, NOW));
            assertThat(log.logEndOffset()).isEqualTo(1);
        }
    }

    @Test
    void anEmptyLogBeginsWhereItsLeaderBegins(@TempDir Path crashed) throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            test.runBackground();
            log.beginAt(1000);
            assertThat(log.durableEndOffset()).isEqualTo(1000);
            log.appendAsFollower(Batches.stamped(1000, 3, Batches.of("a")), NOW);
            assertThat(log.logStartOffset()).isEqualTo(1000);
            TestStore.copy(directory, crashed);
        }
        for (Path data : new Path[] {directory, crashed}) {
            try (TestStore test = new TestStore(data)) {
                PartitionLog log = test.open();
                assertThat(log.logStartOffset()).isEqualTo(1000);
                assertThat(log.logEndOffset()).isEqualTo(1001);
                assertThat(Batches.values(log, 1000)).containsExactly("a");
            }
        }
    }

    @Test
    void beginsElsewhereThoughItsLastCheckpointNamesAnEmptySegment(@TempDir Path crashed)
            throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 3, NOW);
            log.retain(new RetentionPolicy(1, -1), 1, NOW + 1_000_000);
            test.runBackground();
            assertThat(log.logStartOffset()).isEqualTo(1);
            log.beginAt(1000);
            TestStore.copy(directory, crashed);
        }
        for (Path data : new Path[] {directory, crashed}) {
            try (TestStore test = new TestStore(data)) {
                PartitionLog log = test.open();
                assertThat(log.logStartOffset()).isEqualTo(1000);
                assertThat(log.logEndOffset()).isEqualTo(1000);
            }
        }
    }

    @Test
    void beginsElsewhereThoughThePowerBringsBackATornSegmentOfBefore(@TempDir Path crashed)
            throws IOException {
        try (TestStore test = new TestStore(directory)) {
            test.open().beginAt(1000);
            TestStore.copy(directory, crashed);
        }
        Path log = crashed.resolve("partitions").resolve(TestStore.PARTITION.toString());
        Path back = log.resolve(SegmentName.appended(0).fileName());
        Files.write(back, new byte[100]);
        try (TestStore test = new TestStore(crashed)) {
            assertThat(test.open().logStartOffset()).isEqualTo(1000);
            assertThat(test.open().logEndOffset()).isEqualTo(1000);
            assertThat(back).doesNotExist();
        }
    }

    @Test
    void beginsElsewhereOnlyWhileEmptyAndOnlyLater() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.beginAt(10);
            refused(ErrorCode.OFFSET_OUT_OF_RANGE, () -> log.beginAt(9));
            log.appendAsFollower(Batches.stamped(10, 3, Batches.of("a")), NOW);
            refused(ErrorCode.OFFSET_OUT_OF_RANGE, () -> log.beginAt(1000));
            assertThat(Batches.values(log, 10)).containsExactly("a");
        }
    }

    @Test
    void tellsWhereEpochsEnd() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            assertThat(log.endOffsetForEpoch(7)).isEqualTo(new EpochEnd(-1, 0));
            log.append(Batches.of("a"), 2, NOW);
            log.append(Batches.of("b"), 2, NOW);
            log.append(Batches.of("c"), 5, NOW);
            assertThat(log.endOffsetForEpoch(1)).isEqualTo(new EpochEnd(-1, 0));
            assertThat(log.endOffsetForEpoch(2)).isEqualTo(new EpochEnd(2, 2));
            assertThat(log.endOffsetForEpoch(4)).isEqualTo(new EpochEnd(2, 2));
            assertThat(log.endOffsetForEpoch(5)).isEqualTo(new EpochEnd(5, 3));
            assertThat(log.endOffsetForEpoch(9)).isEqualTo(new EpochEnd(5, 3));
        }
    }

    @Test
    void aCutForgetsProducersAndEpochsAboveIt(@TempDir Path crashed) throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 60; i++) {
                log.append(Batches.idempotent(8, 0, i, "value " + i), i / 10, NOW);
            }
            test.runBackground();
            refused(ErrorCode.INVALID_ARGUMENT, () -> longBatchThenCutInside(log));
            log.truncateTo(25);
            assertThat(log.logEndOffset()).isEqualTo(25);
            assertThat(log.lastLeaderEpoch()).isEqualTo(2);
            assertThat(log.durableEndOffset()).isLessThanOrEqualTo(25);
            assertThat(log.endOffsetForEpoch(9)).isEqualTo(new EpochEnd(2, 25));
            assertThat(log.append(Batches.idempotent(8, 0, 24, "value 24"), 7, NOW).duplicate())
                    .isTrue();
            refused(
                    ErrorCode.OUT_OF_ORDER_SEQUENCE,
                    () -> log.append(Batches.idempotent(8, 0, 30, "value 30"), 7, NOW));
            TestStore.copy(directory, crashed);
            log.append(Batches.idempotent(8, 0, 25, "other"), 7, NOW);
            assertThat(Batches.values(log, 24)).containsExactly("value 24", "other");
        }
        try (TestStore test = new TestStore(crashed)) {
            PartitionLog log = test.open();
            assertThat(log.logEndOffset()).isEqualTo(25);
            assertThat(log.append(Batches.idempotent(8, 0, 24, "value 24"), 7, NOW).duplicate())
                    .isTrue();
        }
    }

    private static void longBatchThenCutInside(PartitionLog log) {
        log.append(Batches.of("x", "y", "z"), 9, NOW);
        log.truncateTo(61);
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
