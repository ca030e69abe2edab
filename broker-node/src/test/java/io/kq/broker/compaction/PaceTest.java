package io.kq.broker.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MILLI = 1_000_000;

    private final Pace pace = new Pace(1000);

    @Test
    void burstsGoThroughAndWhatIsMoreWaits() {
        assertThat(pace.waitNanos(100, 7)).isZero();
        assertThat(pace.waitNanos(100, 7)).isEqualTo(200 * MILLI);
        assertThat(pace.waitNanos(0, 7 + 150 * MILLI)).isZero();
    }

    @Test
    void overTimeItIsTheRateWhateverTheSteps() {
        long now = -5_000 * MILLI;
        long begin = now;
        for (int i = 0; i < 500; i++) {
            now += pace.waitNanos(37, now) + MILLI / 10;
        }
        assertThat((now - begin) / MILLI).isBetween(18_300L, 18_700L);
    }

    @Test
    void pauseIsNotSavedUp() {
        assertThat(pace.waitNanos(1000, 0)).isEqualTo(1000 * MILLI);
        assertThat(pace.waitNanos(1000, 60_000 * MILLI)).isEqualTo(1000 * MILLI);
    }
}
