package io.kq.system.check;

import static io.kq.system.check.HandMadeHistory.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.history.Event.Mark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that proves nothing is not called good; and what a fault cost is measured. */
class RunCountsTest {

    private static final long A = v(0, 0);
    private static final long B = v(0, 1);
    private static final long C = v(0, 2);
    private static final long D = v(0, 3);

    @TempDir Path directory;

    private HandMadeHistory history() {
        return new HandMadeHistory(directory);
    }

    private static void isVoid(Verdict verdict, String why) {
        assertThat(verdict.broken()).isEmpty();
        assertThat(verdict.exitCode()).isEqualTo(3);
        assertThat(verdict.doesNotCount()).hasSize(1).first().asString().contains(why);
    }

    @Test
    void countsWithEnoughWritesOnly() {
        assertThat(history().written(A, 0).finish(A).check(1).exitCode()).isZero();
        isVoid(history().written(A, 0).finish(A).check(2), "1 writes were acknowledged; 2 are");
    }

    @Test
    void doesNotCountWithoutTheLastReading() {
        Verdict verdict = history().written(A, 0).check();
        assertThat(verdict.exitCode()).isEqualTo(3);
        assertThat(verdict.doesNotCount()).hasSize(2);
    }

    @Test
    void doesNotCountIfTheLastReadingEndsEarly() {
        isVoid(
                history()
                        .written(A, 0)
                        .written(B, 1)
                        .mark(Mark.FINAL, "")
                        .highWatermark(9, 2)
                        .positioned("final", 0)
                        .polled("final", 0, 0, A)
                        .check(),
                "ended at 1, below the high watermark 2");
    }

    @Test
    void doesNotCountIfTheFaultDidNotBite() {
        isVoid(
                history()
                        .written(A, 0)
                        .mark(Mark.FAULT, "kill")
                        .mark(Mark.FAULT, "cut")
                        .mark(Mark.BIT, "no connection")
                        .finish(A)
                        .check(),
                "the fault did not bite: kill");
    }

    @Test
    void doesNotCountIfSomethingStaysBrokenAfterTheFault() {
        HandMadeHistory faulty =
                history()
                        .written(A, 0)
                        .mark(Mark.FAULT, "kill")
                        .mark(Mark.BIT, "")
                        .mark(Mark.HEALED, "");
        assertThat(faulty.finish(A).check().doesNotCount())
                .extracting(reason -> reason.substring(0, reason.indexOf(" after ")))
                .isEqualTo(
                        List.of(
                                "no write to partition 0 was acknowledged",
                                "nothing was read",
                                "no offsets were told",
                                "no change of the metadata was answered"));
    }

    @Test
    void measuresTheLongestTimeWithoutAcknowledgementAroundAFault() {
        Verdict verdict =
                history()
                        .written(A, 0)
                        .admin("create", "x", "OK")
                        .pause(Duration.ofMillis(300))
                        .mark(Mark.FAULT, "kill -9 node 0", 0)
                        .mark(Mark.BIT, "gone")
                        .pause(Duration.ofMillis(696))
                        .written(B, 1)
                        .mark(Mark.HEALED, "back")
                        .written(C, 2)
                        .pause(Duration.ofMillis(200))
                        .written(D, 3)
                        .polled("r", 0, 0, A, B, C, D)
                        .highWatermark(0, 4)
                        .admin("create", "y", "OK")
                        .finish(A, B, C, D)
                        .check();
        assertThat(verdict.exitCode()).isZero();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        verdict.print(new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "fault   1: kill -9 node 0",
                        "affected=1.000 others=0.000 after=0.201 admin=1.207 errors=0",
                        "verdict good");
    }
}
