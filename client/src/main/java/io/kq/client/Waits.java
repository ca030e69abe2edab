package io.kq.client;

import java.time.Duration;

/** Times that a caller sets, made fit to be counted in nanoseconds. */
final class Waits {

    /** Whoever says longer means for ever, and counted from now a longer time would overflow. */
    static final Duration LONGEST = Duration.ofDays(3_650);

    private Waits() {}

    /**
     * At most {@link #LONGEST}.
     *
     * @throws IllegalArgumentException it is negative
     */
    static Duration bounded(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " is negative: " + time);
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }
}
