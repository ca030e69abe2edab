package io.kq.client.fetch;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Between the loop, which adds, and the one thread that polls. Bounded by the credit that the nodes
 * were granted, not by itself.
 */
final class FetchBuffer {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<FetchItem> items = new ArrayDeque<>();
    private boolean wakeup;

    void add(FetchItem item) {
        lock.lock();
        try {
            items.add(item);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Nullable FetchItem poll() {
        lock.lock();
        try {
            return items.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody asked the thread that polls to come back; asked once. */
    boolean takeWakeup() {
        lock.lock();
        try {
            boolean asked = wakeup;
            wakeup = false;
            return asked;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for an item or a wake-up, at most so long. */
    void await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (items.isEmpty() && !wakeup && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void wakeup() {
        lock.lock();
        try {
            wakeup = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
