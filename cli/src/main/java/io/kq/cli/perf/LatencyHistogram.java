package io.kq.cli.perf;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts latencies in buckets that grow with the value: exact below 2.048 ms, within a thousandth
 * above, up to 2^41 µs. Recording allocates nothing and never waits. Any thread.
 */
final class LatencyHistogram {

    /** A value keeps this many leading bits. */
    private static final int PRECISION_BITS = 10;

    private static final int EXACT_BELOW = 1 << (PRECISION_BITS + 1);
    private static final int EXPONENTS = 30;

    private final AtomicLongArray counts =
            new AtomicLongArray(EXACT_BELOW + EXPONENTS * (1 << PRECISION_BITS));
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong sumMicros = new AtomicLong();
    private final AtomicLong maxMicros = new AtomicLong();

    /** Counts one; negative is 0. */
    void record(long nanos) {
        long micros = Math.max(0, nanos / 1_000);
        counts.incrementAndGet(bucket(micros));
        count.incrementAndGet();
        sumMicros.addAndGet(micros);
        if (micros > maxMicros.get()) {
            maxMicros.accumulateAndGet(micros, Math::max);
        }
    }

    private static int bucket(long micros) {
        if (micros < EXACT_BELOW) {
            return (int) micros;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(micros) - PRECISION_BITS;
        if (exponent > EXPONENTS) {
            return EXACT_BELOW + EXPONENTS * (1 << PRECISION_BITS) - 1;
        }
        int leading = (int) (micros >>> exponent) - (1 << PRECISION_BITS);
        return EXACT_BELOW + (exponent - 1) * (1 << PRECISION_BITS) + leading;
    }

    /** The largest value that falls into the bucket. */
    private static long valueOf(int bucket) {
        if (bucket < EXACT_BELOW) {
            return bucket;
        }
        int above = bucket - EXACT_BELOW;
        int exponent = above / (1 << PRECISION_BITS) + 1;
        long leading = above % (1 << PRECISION_BITS) + (1L << PRECISION_BITS);
        return ((leading + 1) << exponent) - 1;
    }

    long count() {
        return count.get();
    }

    long sumMicros() {
        return sumMicros.get();
    }

    /** NaN if nothing was recorded. */
    double averageMillis() {
        return (double) sumMicros.get() / count.get() / 1_000;
    }

    double maxMillis() {
        return maxMicros.get() / 1_000.0;
    }

    /**
     * The value that this share of all values does not exceed; 0 if nothing was recorded.
     *
     * @param share in [0, 1]
     */
    double quantileMillis(double share) {
        long wanted = (long) Math.ceil(share * count.get());
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= wanted && seen > 0) {
                return Math.min(valueOf(i), maxMicros.get()) / 1_000.0;
            }
        }
        return maxMillis();
    }
}
