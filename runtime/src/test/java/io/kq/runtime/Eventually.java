package io.kq.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * The one way in which a test waits for another thread or process: for a condition, with a generous
 * bound.
 */
public final class Eventually {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private Eventually() {}

    /**
     * Waits until {@code condition} holds; fails with {@code what} and the last exception after a
     * minute.
     */
    public static void eventually(String what, Callable<Boolean> condition) {
        eventually(what, BOUND, condition);
    }

    /** The same with another bound. */
    public static void eventually(String what, Duration bound, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + bound.toNanos();
        Exception last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(10_000_000L);
        } while (System.nanoTime() < deadline);
        throw new AssertionError("not within " + bound + ": " + what, last);
    }
}
