package io.kq.runtime;

/** The time. Any thread. Components sample it once per turn and pass the value down. */
public interface Clock {

    /** Monotonic nanoseconds with an arbitrary origin: for durations, deadlines and sessions. */
    long nanoTime();

    /**
     * Wall clock in milliseconds since the epoch: for timestamps that people or records carry,
     * never for timeouts.
     */
    long epochMillis();

    /** The clock of this machine. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
