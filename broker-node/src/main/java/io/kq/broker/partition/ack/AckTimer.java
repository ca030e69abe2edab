package io.kq.broker.partition.ack;

import io.kq.runtime.EventLoop;
import io.kq.runtime.EventLoop.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One timer for all waiting acknowledgements of a partition: set for the nearest deadline, so that
 * an append in front of a later one costs nothing. Any thread, not under the partition's lock.
 */
public final class AckTimer {

    private final EventLoop loop;
    private final Runnable expire;

    private @Nullable Cancellable armed;
    private long armedFor;

    public AckTimer(EventLoop loop, Runnable expire) {
        this.loop = loop;
        this.expire = expire;
    }

    /** Makes sure that {@code expire} runs at {@code deadlineNanos} or earlier. */
    public synchronized void arm(long deadlineNanos, long nowNanos) {
        if (armed != null && armedFor - deadlineNanos <= 0) {
            return;
        }
        cancel();
        armedFor = deadlineNanos;
        long delay = Math.max(0, deadlineNanos - nowNanos);
        armed = loop.schedule(Duration.ofNanos(delay), this::fire);
    }

    public synchronized void cancel() {
        if (armed != null) {
            armed.cancel();
            armed = null;
        }
    }

    private void fire() {
        synchronized (this) {
            armed = null;
        }
        expire.run();
    }
}
