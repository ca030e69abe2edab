package io.kq.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kq.runtime.RandomSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

    @Test
    void quantilesAreWithinAThousandthOfTheTrueOnes() {
        long seed = Long.getLong("kq.seed", 11);
        RandomSource random = RandomSource.seeded(seed);
        LatencyHistogram histogram = new LatencyHistogram();
        long[] micros = new long[20_000];
        for (int i = 0; i < micros.length; i++) {
            micros[i] = 1L + random.nextInt(1 << (1 + random.nextInt(28)));
            histogram.record(micros[i] * 1_000);
        }
        Arrays.sort(micros);
        for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 0.999, 1}) {
            double exact = micros[(int) Math.ceil(share * micros.length) - 1] / 1_000.0;
            assertThat(histogram.quantileMillis(share))
                    .as("share %s -Dkq.seed=%d", share, seed)
                    .isCloseTo(exact, within(exact / 1_000 + 1e-9));
        }
        assertThat(histogram.maxMillis()).isEqualTo(micros[micros.length - 1] / 1_000.0);
        assertThat(histogram.averageMillis())
                .isCloseTo(Arrays.stream(micros).average().orElse(0) / 1_000, within(1e-6));
    }

    @Test
    void takesAnyValue() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(-5);
        histogram.record(Long.MAX_VALUE);
        assertThat(histogram.count()).isEqualTo(2);
        assertThat(histogram.quantileMillis(0.5)).isZero();
        assertThat(histogram.quantileMillis(1)).isPositive();
    }
}
