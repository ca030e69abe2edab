package io.kq.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * An event loop that the test turns by hand, on the test's thread; its timers follow a {@link
 * ManualClock}.
 */
public final class ManualEventLoop implements EventLoop {

    private record Timer(long dueNanos, long sequence, Runnable task) {}

    private final ManualClock clock;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(
                    Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::sequence));
    private long sequence;
    private boolean closed;

    public ManualEventLoop(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public void submit(Runnable task) {
        if (!closed) {
            tasks.add(task);
        }
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(clock.nanoTime() + delay.toNanos(), sequence++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Runs all that is due now, and what that submits, until nothing is left. */
    public void runDue() {
        while (!closed) {
            Timer next = timers.peek();
            if (next != null && next.dueNanos() <= clock.nanoTime()) {
                tasks.add(timers.remove().task());
            }
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public void close() {
        closed = true;
        tasks.clear();
        timers.clear();
    }
}
