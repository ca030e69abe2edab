package io.kq.client.batch;

import io.kq.protocol.record.BatchRecord;
import io.kq.runtime.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that wait to be sent. Senders' threads append, the loop takes; both
 * under this object's lock, which is held for one step and never across a callback.
 */
final class PartitionQueue {

    /** What an append means for the loop. */
    enum Appended {
        /** Nothing: it will look here anyway. */
        QUIETLY,
        /** A batch is full: it could be sent although others are in flight. */
        FILLED,
        /** The queue was at rest: the loop does not know of it. */
        WOKEN,
        /** Nothing was taken: the queue is closed. */
        REFUSED
    }

    private final int partition;
    private final Clock clock;
    private final BuilderPool pool;
    private final ArrayDeque<ProducerBatch> full = new ArrayDeque<>();
    private @Nullable ProducerBatch open;

    /** Size at which a batch is full. */
    private int batchBytesMax;

    /** Size of the last batch taken: the next one will need about as much. */
    private int expectedBytes;

    /** Whether the loop has this queue among those it looks at. */
    private boolean active;

    private boolean closed;

    /** Whether somebody leads the partition. Set by the loop, read without the lock. */
    private volatile boolean led = true;

    /** Tells the loop of a queue at rest that got something. Set once, before the first append. */
    private volatile Runnable wake = () -> {};

    PartitionQueue(int partition, int batchBytesMax, Clock clock, BuilderPool pool) {
        this.partition = partition;
        this.batchBytesMax = batchBytesMax;
        this.clock = clock;
        this.pool = pool;
    }

    int partition() {
        return partition;
    }

    /**
     * Takes a record. Any thread.
     *
     * @param sizeBytesMax what it adds to a batch at most; also what it has reserved
     */
    synchronized Appended append(
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<BatchRecord.Header> headers,
            SendCallback callback,
            long sizeBytesMax) {
        if (closed) {
            return Appended.REFUSED;
        }
        boolean filled = false;
        ProducerBatch batch = open;
        if (batch != null && batch.sizeBytes() + sizeBytesMax > batchBytesMax) {
            full.add(batch);
            filled = true;
            expectedBytes = batch.sizeBytes();
            batch = null;
        }
        if (batch == null) {
            batch = new ProducerBatch(pool.take(expectedBytes), clock.nanoTime());
            open = batch;
        }
        batch.append(timestampMillis, key, value, headers, callback, sizeBytesMax);
        if (!active) {
            active = true;
            return Appended.WOKEN;
        }
        return filled ? Appended.FILLED : Appended.QUIETLY;
    }

    /** Whether a batch is being filled; without the lock, so perhaps a moment old. */
    boolean hasOpen() {
        return open != null;
    }

    /**
     * The next batch to send. On the loop.
     *
     * @param createdBeforeNanos one that is not full is given only if it was begun before this
     */
    synchronized @Nullable ProducerBatch poll(long createdBeforeNanos) {
        ProducerBatch next = full.poll();
        if (next == null && open != null && open.createdNanos() - createdBeforeNanos <= 0) {
            next = open;
            open = null;
            expectedBytes = next.sizeBytes();
        }
        return next;
    }

    /** Takes the oldest batch if it was begun before the given time. On the loop. */
    synchronized @Nullable ProducerBatch pollExpired(long createdBeforeNanos) {
        ProducerBatch oldest = full.isEmpty() ? open : full.peek();
        if (oldest == null || oldest.createdNanos() - createdBeforeNanos > 0) {
            return null;
        }
        return poll(createdBeforeNanos);
    }

    /** When the oldest batch that waits was begun. On the loop. */
    synchronized OptionalLong oldestNanos() {
        ProducerBatch oldest = full.isEmpty() ? open : full.peek();
        return oldest == null ? OptionalLong.empty() : OptionalLong.of(oldest.createdNanos());
    }

    /** Makes what is there full, and says which batches wait. On the loop. */
    synchronized List<ProducerBatch> seal() {
        if (open != null) {
            full.add(open);
            open = null;
        }
        return new ArrayList<>(full);
    }

    /** Leaves the loop's care if nothing waits: the next append wakes it. On the loop. */
    synchronized boolean rest() {
        if (full.isEmpty() && open == null) {
            active = false;
            return true;
        }
        return false;
    }

    /** Refuses all appends from now on, and gives what waits. On the loop. */
    synchronized List<ProducerBatch> close() {
        closed = true;
        List<ProducerBatch> left = seal();
        full.clear();
        return left;
    }

    /** The topic takes no larger batches. On the loop. */
    synchronized void lowerBatchBytesMax(int bytes) {
        batchBytesMax = Math.min(batchBytesMax, bytes);
    }

    void onWake(Runnable toBeRun) {
        wake = toBeRun;
    }

    /** To be called, outside the lock, after an append that answered {@link Appended#WOKEN}. */
    void wake() {
        wake.run();
    }

    boolean isLed() {
        return led;
    }

    void setLed(boolean isLed) {
        led = isLed;
    }
}
