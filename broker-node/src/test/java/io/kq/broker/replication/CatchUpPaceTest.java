package io.kq.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CatchUpPaceTest {

    private static final long KIB = 1 << 10;

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop timers = new ManualEventLoop(clock);
    private int read;

    private void ask(CatchUpPace pace, int pieces) {
        for (int i = 0; i < pieces; i++) {
            pace.run(() -> read++, 100 * KIB, Runnable::run);
        }
    }

    private int readAfter(Duration time) {
        for (long i = 0; i < time.toMillis(); i++) {
            clock.advance(Duration.ofMillis(1));
            timers.runDue();
        }
        return read;
    }

    @Test
    void readersShareWhatASecondMayTake() {
        CatchUpPace pace = new CatchUpPace(1000 * KIB, timers, clock);
        ask(pace, 100);
        assertThat(readAfter(Duration.ofSeconds(1))).isBetween(10, 12);
        assertThat(readAfter(Duration.ofSeconds(4))).isBetween(50, 52);
        assertThat(readAfter(Duration.ofSeconds(10))).isEqualTo(100);
    }

    @Test
    void aPauseIsNotSavedUp() {
        CatchUpPace pace = new CatchUpPace(1000 * KIB, timers, clock);
        assertThat(readAfter(Duration.ofHours(1))).isZero();
        ask(pace, 100);
        assertThat(read).isLessThanOrEqualTo(2);
        assertThat(readAfter(Duration.ofSeconds(1))).isBetween(10, 12);
    }

    @Test
    void withoutABoundNothingWaits() {
        ask(new CatchUpPace(0, timers, clock), 100);
        assertThat(read).isEqualTo(100);
    }
}
