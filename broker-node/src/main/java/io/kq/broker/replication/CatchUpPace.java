package io.kq.broker.replication;

import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * How fast followers that are far behind may read, all of a node together, so that they leave
 * something of its disk and network to clients. Who is close behind reads from memory and is not
 * held back. Any thread, never blocks.
 */
public final class CatchUpPace {

    /** Unused time that counts: pauses between reads are no loss. */
    private static final long BURST_NANOS = Duration.ofMillis(100).toNanos();

    private final long bytesPerSecond;
    private final EventLoop timers;
    private final Clock clock;

    /** Until then, what was let go is paid for. Guarded by this. */
    private long paidUntilNanos;

    /**
     * Nobody has read yet.
     *
     * @param bytesPerSecond 0: no bound
     */
    public CatchUpPace(long bytesPerSecond, EventLoop timers, Clock clock) {
        this.bytesPerSecond = bytesPerSecond;
        this.timers = timers;
        this.clock = clock;
        this.paidUntilNanos = clock.nanoTime() - BURST_NANOS;
    }

    /** Has {@code read}, of so many bytes at most, run by {@code executor} when it is its turn. */
    void run(Runnable read, long bytes, Executor executor) {
        long waitNanos = bytesPerSecond == 0 ? 0 : reserve(bytes, clock.nanoTime());
        if (waitNanos == 0) {
            executor.execute(read);
        } else {
            timers.schedule(Duration.ofNanos(waitNanos), () -> executor.execute(read));
        }
    }

    /** How long a read of {@code bytes} has to wait; its time is taken. */
    private synchronized long reserve(long bytes, long nowNanos) {
        long begins = Math.max(paidUntilNanos, nowNanos - BURST_NANOS);
        paidUntilNanos = begins + (long) (bytes * 1e9 / bytesPerSecond);
        return Math.max(0, begins - nowNanos);
    }
}
