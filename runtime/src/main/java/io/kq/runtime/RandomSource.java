package io.kq.runtime;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;

/** Chance. One owner at a time unless made by {@link #secure()}, which is for any thread. */
public interface RandomSource {

    /** A number in {@code [0, bound)}; {@code bound} is positive. */
    int nextInt(int bound);

    /** Any long. */
    long nextLong();

    /** A random (version 4) UUID. */
    default UUID nextUuid() {
        long high = (nextLong() & 0xffffffffffff0fffL) | 0x4000L;
        long low = (nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /** Unpredictable: for ids that must never be given twice. */
    static RandomSource secure() {
        SecureRandom random = new SecureRandom();
        return new RandomSource() {
            @Override
            public int nextInt(int bound) {
                return random.nextInt(bound);
            }

            @Override
            public long nextLong() {
                return random.nextLong();
            }
        };
    }

    /** The same sequence for the same seed, on every machine: for simulations and tests. */
    static RandomSource seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new RandomSource() {
            @Override
            public int nextInt(int bound) {
                return random.nextInt(bound);
            }

            @Override
            public long nextLong() {
                return random.nextLong();
            }
        };
    }
}
