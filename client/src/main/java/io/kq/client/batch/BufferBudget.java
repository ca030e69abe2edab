package io.kq.client.batch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The bound of a producer's memory. Any thread. */
final class BufferBudget {

    private final long bytesMax;
    private final AtomicLong usedBytes = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();

    /** Threads that wait for room. */
    private final AtomicInteger waiting = new AtomicInteger();

    private volatile boolean closed;

    BufferBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    long bytesMax() {
        return bytesMax;
    }

    long usedBytes() {
        return usedBytes.get();
    }

    /** Takes room if there is some and nobody waits for it. */
    boolean tryTake(long bytes) {
        return waiting.get() == 0 && take(bytes);
    }

    private boolean take(long bytes) {
        if (usedBytes.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        usedBytes.addAndGet(-bytes);
        return false;
    }

    /** Takes room, waiting for it; false if none was free in time or the producer was closed. */
    boolean takeWithin(long bytes, long waitNanos) throws InterruptedException {
        lock.lock();
        waiting.incrementAndGet();
        try {
            long left = waitNanos;
            while (!take(bytes)) {
                if (left <= 0 || closed) {
                    return false;
                }
                // Bounded: two takes that fail by each other's attempt wake nobody.
                long wait = Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
                left -= wait - Math.max(0, freed.awaitNanos(wait));
            }
            return !closed;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    void release(long bytes) {
        usedBytes.addAndGet(-bytes);
        if (waiting.get() > 0) {
            signal();
        }
    }

    /** Nobody waits any longer. */
    void close() {
        closed = true;
        signal();
    }

    private void signal() {
        lock.lock();
        try {
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
