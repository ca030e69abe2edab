package io.kq.runtime;

import java.time.Duration;

/**
 * One thread of control: tasks run one after the other, in the order they were submitted. The owner
 * of a piece of mutable state runs on one; all others only submit. A task that throws is a bug: it
 * goes to the loop's {@link FaultHandler}.
 */
public interface EventLoop extends AutoCloseable {

    /** Runs {@code task} on the loop. Any thread. After {@link #close} the task is dropped. */
    void submit(Runnable task);

    /** Runs {@code task} on the loop once {@code delay} has passed. Any thread. */
    Cancellable schedule(Duration delay, Runnable task);

    /** Whether the calling thread is the loop's own. */
    boolean isCurrent();

    /**
     * Ends the loop after the task it is in; tasks not yet begun are dropped. Waits for that task
     * unless called by it.
     */
    @Override
    void close();

    /** A scheduled task that can be called off. */
    @FunctionalInterface
    interface Cancellable {
        /** Prevents a start that has not happened yet. Any thread; idempotent. */
        void cancel();
    }

    /** A loop on a thread of its own. */
    static EventLoop start(String name, FaultHandler faults) {
        return new ThreadEventLoop(name, faults);
    }
}
