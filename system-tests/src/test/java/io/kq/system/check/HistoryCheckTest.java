package io.kq.system.check;

import static io.kq.system.check.HandMadeHistory.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Bound;
import io.kq.system.history.Event.Mark;
import io.kq.system.history.WrittenValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For each invariant: a history that is right although it looks odd, and one that breaks it. */
class HistoryCheckTest {

    private static final long A = v(0, 0);
    private static final long B = v(0, 1);
    private static final long C = v(1, 0);
    private static final long D = v(1, 1);

    @TempDir Path directory;

    private HandMadeHistory history() {
        return new HandMadeHistory(directory);
    }

    private static void isGood(Verdict verdict) {
        assertThat(verdict.broken()).isEmpty();
        assertThat(verdict.doesNotCount()).isEmpty();
        assertThat(verdict.exitCode()).isZero();
    }

    /** Exactly this invariant is named, so that the others do not cry with it. */
    private static String breaks(String rule, Verdict verdict) {
        assertThat(verdict.broken()).containsOnlyKeys(rule);
        assertThat(verdict.exitCode()).isEqualTo(1);
        return Objects.requireNonNull(verdict.broken().get(rule)).examples().get(0);
    }

    private static void alsoBreaks(String rule, Verdict verdict) {
        assertThat(verdict.broken()).containsKey(rule);
        assertThat(verdict.exitCode()).isEqualTo(1);
    }

    // ---- replication

    @Test
    void passesWhatAClusterWithoutFaultsDoes() {
        isGood(
                history()
                        .written(A, 0)
                        .highWatermark(0, 1)
                        .positioned("r", 0)
                        .polledUnder(1, "r", 0, 0, A)
                        .sent(B)
                        .sent(C)
                        .acked(C, 1)
                        .acked(B, 2)
                        .polledUnder(3, "r", 1, 1, C, B)
                        .finish(A, C, B)
                        .dump(0)
                        .batchOf(0, 0, 0, 7, 0, 0, A)
                        .batchOf(0, 1, 0, 8, 0, 0, C)
                        .batchOf(0, 2, 0, 7, 0, 1, B)
                        .dump(1)
                        .batchOf(1, 0, 0, 7, 0, 0, A)
                        .batchOf(1, 1, 0, 8, 0, 0, C)
                        .batchOf(1, 2, 0, 7, 0, 1, B)
                        .check());
    }

    @Test
    void passesUnknownOutcomesEitherWay() {
        isGood(
                history()
                        .written(A, 0)
                        .sent(B)
                        .failed(B, false, "DEADLINE_EXCEEDED")
                        .sent(C)
                        .failed(C, false, "NOT_ENOUGH_REPLICAS_AFTER_APPEND")
                        .finish(A, C)
                        .check());
    }

    @Test
    void catchesALostAcknowledgedWriteBehindTheEnd() {
        String words = breaks("R1", history().written(A, 0).written(B, 1).finish(A).check());
        assertThat(words).contains("partition 0 offset 1: 0-1", "line 5", "ends at 1");
    }

    @Test
    void passesALostWriteThatOnlyTheLeaderAcknowledged() {
        isGood(
                history()
                        .written(A, 0)
                        .sent(B, Acks.LEADER)
                        .acked(B, 1)
                        .written(C, 1)
                        .finish(A, C)
                        .check());
    }

    @Test
    void catchesAnAcknowledgedWriteThatWasReplaced() {
        Verdict verdict =
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .sent(C)
                        .failed(C, false, "UNREACHABLE")
                        .finish(A, C)
                        .check();
        alsoBreaks("R1", verdict);
        alsoBreaks("R3", verdict);
        assertThat(verdict.broken()).containsOnlyKeys("R1", "R3");
    }

    @Test
    void catchesAReadRecordThatVanishes() {
        String words =
                breaks(
                        "R2",
                        history()
                                .written(A, 0)
                                .sent(B, Acks.LEADER)
                                .acked(B, 1)
                                .polled("r", 1, 1, B)
                                .finish(A)
                                .check());
        assertThat(words).contains("offset 1: 0-1 was read (line 6)", "ends at 1");
    }

    @Test
    void catchesTwoValuesOfOneOffset() {
        Verdict verdict =
                history()
                        .sent(A, Acks.LEADER)
                        .sent(B, Acks.LEADER)
                        .polled("one", 0, 0, A)
                        .polled("other", 0, 0, B)
                        .finish(B)
                        .check();
        assertThat(breaks("R3", verdict)).contains("offset 0: 0-1 was read", "0-0 was told before");
    }

    @Test
    void catchesAnAcknowledgedOffsetThatIsNotTheOneRead() {
        Verdict verdict = history().written(A, 3).finish(A).check();
        assertThat(verdict.broken()).containsOnlyKeys("R1", "I1");
    }

    @Test
    void passesWritesThatOverlapInTimeInAnyOrder() {
        isGood(
                history()
                        .sent(A)
                        .sent(C)
                        .acked(A, 1)
                        .acked(C, 0)
                        .sent(B)
                        .highWatermark(0, 3)
                        .acked(B, 2)
                        .finish(C, A, B)
                        .check());
    }

    @Test
    void catchesAWriteThatGoesBackInTime() {
        Verdict verdict =
                history()
                        .sent(A)
                        .sent(B)
                        .acked(A, 1)
                        .written(C, 0)
                        .acked(B, 2)
                        .finish(C, A, B)
                        .check();
        assertThat(breaks("R4", verdict)).contains("1-0 was sent in line 5", "line 4 had shown");
    }

    @Test
    void catchesAWriteBelowAHighWatermarkToldBefore() {
        breaks("R4", history().highWatermark(0, 1).written(A, 0).finish(A).check());
        breaks(
                "R4",
                history().polledUnder(2, "r", 0, 0).written(A, 1).sent(C).finish(C, A).check());
    }

    @Test
    void passesAHighWatermarkOfAnOlderLeaderOrAnOverlappingQuestion() {
        isGood(
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .highWatermark(4, 2)
                        .highWatermark(3, 1)
                        .asked(1)
                        .asked(2)
                        .offset(1, Bound.HIGH_WATERMARK, 5, 2)
                        .offset(2, Bound.HIGH_WATERMARK, 5, 2)
                        .finish(A, B)
                        .check());
        isGood(
                history()
                        .written(A, 0)
                        .asked(1)
                        .asked(2)
                        .written(B, 1)
                        .offset(1, Bound.HIGH_WATERMARK, 5, 2)
                        .offset(2, Bound.HIGH_WATERMARK, 5, 1)
                        .finish(A, B)
                        .check());
    }

    @Test
    void catchesAHighWatermarkThatFallsOverAFailover() {
        Verdict verdict =
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .highWatermark(4, 2)
                        .highWatermark(6, 1)
                        .finish(A, B)
                        .check();
        assertThat(breaks("R5", verdict)).contains("was 2 (line 7, epoch 4), and later 1");
    }

    @Test
    void catchesAHighWatermarkBelowWhatWasAcknowledgedInItsEpoch() {
        HandMadeHistory history =
                history().written(A, 0).highWatermark(3, 0).finish(A).dump(0).batch(0, 0, 3, 0, A);
        assertThat(breaks("R5", history.check())).contains("offset 0 of epoch 3 was acknowledged");
        isGood(
                history()
                        .written(A, 0)
                        .highWatermark(2, 0)
                        .finish(A)
                        .dump(0)
                        .batch(0, 0, 3, 0, A)
                        .check());
    }

    @Test
    void catchesReadingAboveTheHighWatermark() {
        Verdict verdict =
                history()
                        .written(A, 0)
                        .sent(B)
                        .polledUnder(1, "r", 0, 0, A, B)
                        .finish(A, B)
                        .check();
        assertThat(breaks("R6", verdict)).contains("was given offset 1", "high watermark of 1");
    }

    @Test
    void catchesALogStartThatFalls() {
        breaks("R6", history().written(A, 0).logStart(1, 5).logStart(2, 4).finish(A).check());
    }

    @Test
    void passesReplicasThatDifferAboveTheHighWatermarkOnly() {
        isGood(
                history()
                        .written(A, 0)
                        .state(0, 1, 1, 0, 1)
                        .sent(B, Acks.LEADER)
                        .sent(D, Acks.LEADER)
                        .finish(A)
                        .dump(0)
                        .batch(0, 0, 1, 0, A)
                        .batchOf(0, 1, 2, -1, -1, -1, B)
                        .dump(1)
                        .batch(1, 0, 1, 0, A)
                        .batchOf(1, 1, 3, -1, -1, -1, D)
                        .dump(2)
                        .check());
    }

    @Test
    void catchesReplicasThatDiffer() {
        Verdict verdict =
                history()
                        .written(A, 0)
                        .finish(A)
                        .dump(0)
                        .batch(0, 0, 1, 0, A)
                        .dump(1)
                        .batch(1, 0, 2, 0, A)
                        .check();
        assertThat(breaks("R7", verdict))
                .contains("node 0 has 0-0 of epoch 1, node 1 has 0-0 of epoch 2");
        breaks(
                "R7",
                history()
                        .written(A, 0)
                        .sent(B, Acks.LEADER)
                        .finish(A)
                        .dump(0)
                        .batch(0, 0, 1, 0, B)
                        .check());
        breaks(
                "R7",
                history()
                        .state(0, 1, 1, 0, 1)
                        .written(A, 0)
                        .finish(A)
                        .dump(0)
                        .batch(0, 0, 1, 0, A)
                        .dump(1)
                        .check());
    }

    @Test
    void catchesDamageInADump() {
        breaks(
                "S3",
                history()
                        .written(A, 0)
                        .finish(A)
                        .dump(0)
                        .batch(0, 0, 1, 0, A)
                        .dumpLine(
                                0,
                                "{\"kind\":\"defect\",\"file\":\"x\",\"position\":9,\"problem\":\"bad\",\"inTail\":false}")
                        .check());
    }

    @Test
    void passesAcknowledgementsUnderMinIsrThatTheLeaderMayNotHaveHeardOf() {
        isGood(
                history()
                        .state(0, 1, 4, 0)
                        .written(A, 0)
                        .pause(Duration.ofSeconds(6))
                        .state(0, 1, 4, 0)
                        .state(0, 1, 5, 0, 1)
                        .written(B, 1)
                        .finish(A, B)
                        .check());
        isGood(
                history()
                        .state(0, 1, 4, 0)
                        .pause(Duration.ofSeconds(6))
                        .written(A, 0)
                        .state(0, 1, 5, 0, 1)
                        .state(0, 1, 6, 0)
                        .finish(A)
                        .check());
    }

    @Test
    void catchesAnAcknowledgementUnderMinIsr() {
        Verdict verdict =
                history()
                        .state(0, 1, 4, 0)
                        .pause(Duration.ofSeconds(6))
                        .highWatermark(1, 0)
                        .sent(A, Acks.LEADER)
                        .acked(A, 0)
                        .state(0, 1, 4, 0)
                        .finish(A)
                        .check();
        assertThat(breaks("R10", verdict))
                .contains("the ISR was [0] from line 3 to line 9", "0-0 was sent");
    }

    @Test
    void catchesAHighWatermarkThatMovesUnderMinIsr() {
        Verdict verdict =
                history()
                        .sent(A)
                        .state(0, 1, 4, 0)
                        .pause(Duration.ofSeconds(6))
                        .highWatermark(1, 0)
                        .highWatermark(1, 0)
                        .highWatermark(1, 1)
                        .state(0, 1, 4, 0)
                        .acked(A, 0)
                        .finish(A)
                        .check();
        assertThat(breaks("R10", verdict)).contains("moved from 0 (line 8) to 1 (line 10)");
    }

    // ---- idempotence

    @Test
    void catchesAValueThatIsThereTwice() {
        Verdict verdict = history().written(A, 0).polled("r", 0, 0, A, A).finish(A, A).check();
        assertThat(breaks("I1", verdict)).contains("0-0 is at offset 0", "and at offset 1");
        isGood(history().sent(A, Acks.LEADER).acked(A, 1).written(B, 2).finish(A, A, B).check());
    }

    @Test
    void catchesAProducersRecordsOutOfOrder() {
        Verdict verdict = history().sent(A).sent(B).acked(A, 1).acked(B, 0).finish(B, A).check();
        assertThat(breaks("I2", verdict)).contains("0-0 at offset 1", "was sent before 0-1");
    }

    @Test
    void catchesAGapInTheSequences() {
        Verdict verdict =
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .finish(A, B)
                        .dump(0)
                        .batch(0, 0, 1, 0, A)
                        .batch(0, 1, 1, 2, B)
                        .check();
        assertThat(breaks("I3", verdict)).contains("wrote sequence 2 where 1 was due");
        breaks(
                "I3",
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .finish(A, B)
                        .dump(0)
                        .batchOf(0, 0, 1, 7, 1, 0, A)
                        .batchOf(0, 1, 1, 7, 0, 0, B)
                        .check());
    }

    @Test
    void passesANewEpochOfAProducer() {
        isGood(
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .finish(A, B)
                        .dump(0)
                        .batchOf(0, 0, 1, 7, 0, 0, A)
                        .batchOf(0, 1, 1, 7, 1, 0, B)
                        .check());
    }

    // ---- the API

    @Test
    void catchesAWriteThatFailedForCertainAndIsThere() {
        Verdict verdict =
                history()
                        .written(A, 0)
                        .sent(B)
                        .failed(B, true, "NOT_ENOUGH_REPLICAS")
                        .finish(A, B)
                        .check();
        assertThat(breaks("A1", verdict)).contains("0-1 failed for certain (line 5)");
        breaks(
                "A1",
                history()
                        .written(A, 0)
                        .sent(B)
                        .failed(B, true, "NOT_ENOUGH_REPLICAS")
                        .finish(A)
                        .dump(0)
                        .batch(0, 0, 1, 0, A)
                        .batch(0, 1, 1, 1, B)
                        .check());
        breaks(
                "A1",
                history()
                        .written(A, 0)
                        .sent(B)
                        .polled("r", 1, 1, B)
                        .failed(B, true, "NO_LEADER")
                        .finish(A, B)
                        .check());
    }

    @Test
    void catchesAnAppendedWriteThatIsCalledCertain() {
        breaks(
                "A1",
                history()
                        .written(A, 0)
                        .sent(B)
                        .failed(B, true, "NOT_ENOUGH_REPLICAS_AFTER_APPEND")
                        .finish(A)
                        .check());
    }

    @Test
    void catchesInternalErrors() {
        breaks(
                "A5",
                history().written(A, 0).sent(B).failed(B, false, "INTERNAL").finish(A).check());
        breaks("A5", history().written(A, 0).admin("create", "x", "INTERNAL").finish(A).check());
    }

    @Test
    void catchesAHoleInTheLog() {
        breaks(
                "A2",
                history()
                        .written(A, 0)
                        .written(B, 2)
                        .mark(Mark.FINAL, "")
                        .highWatermark(9, 3)
                        .positioned("final", 0)
                        .polled("final", 0, 0, A)
                        .positioned("final", 2)
                        .polled("final", 2, 2, B)
                        .check());
    }

    @Test
    void catchesOffsetsBelowTheOneAskedFor() {
        breaks(
                "A3",
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .positioned("r", 1)
                        .polled("r", 1, 0, A, B)
                        .finish(A, B)
                        .check());
    }

    @Test
    void catchesRecordsThatAReaderIsNotGiven() {
        HandMadeHistory inside =
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .positioned("r", 0)
                        .polled("r", 0, 1, B)
                        .finish(A, B);
        assertThat(breaks("A4", inside.check())).contains("asked for 0 and was given 1");
        HandMadeHistory between =
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .written(C, 2)
                        .positioned("r", 0)
                        .polled("r", 0, 0, A)
                        .polled("r", 2, 2, C)
                        .finish(A, B, C);
        assertThat(breaks("A4", between.check())).contains("stood at 1 and goes on at 2");
    }

    @Test
    void catchesBytesThatNobodyWrote() {
        breaks(
                "T1",
                history()
                        .written(A, 0)
                        .polled("r", 0, 0, A, WrittenValue.CORRUPT)
                        .finish(A, WrittenValue.CORRUPT)
                        .check());
        breaks("T1", history().written(A, 0).finish(A, D).check());
    }

    @Test
    void catchesAChangeOfTheMetadataThatHappensTwice() {
        breaks(
                "M8",
                history()
                        .written(A, 0)
                        .admin("create", "x", "TOPIC_ALREADY_EXISTS")
                        .finish(A)
                        .check());
        breaks(
                "M8",
                history()
                        .written(A, 0)
                        .admin("create", "x", "OK")
                        .admin("delete", "x", "TOPIC_NOT_FOUND")
                        .finish(A)
                        .check());
        isGood(
                history()
                        .written(A, 0)
                        .admin("create", "x", "DEADLINE_EXCEEDED")
                        .admin("delete", "x", "TOPIC_NOT_FOUND")
                        .finish(A)
                        .check());
    }
}
