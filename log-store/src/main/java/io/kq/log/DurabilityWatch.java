package io.kq.log;

import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/** Who waits for which offset to be on the disk. Any thread; futures complete outside its lock. */
final class DurabilityWatch {

    private record Waiter(long endOffset, CompletableFuture<Void> future) {}

    /** By offset. Guarded by this. */
    private final PriorityQueue<Waiter> waiters =
            new PriorityQueue<>(Comparator.comparingLong(Waiter::endOffset));

    /** Everything below is on the disk. Guarded by this for writing. */
    private volatile long durableEndOffset;

    DurabilityWatch(long durableEndOffset) {
        this.durableEndOffset = durableEndOffset;
    }

    long durableEndOffset() {
        return durableEndOffset;
    }

    /** A future for that offset; done already if it is reached. */
    synchronized CompletableFuture<Void> await(long endOffset) {
        if (endOffset <= durableEndOffset) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiters.add(new Waiter(endOffset, future));
        return future;
    }

    /** Everything below {@code endOffset} is on the disk now. */
    void reached(long endOffset) {
        List<CompletableFuture<Void>> served = new ArrayList<>();
        synchronized (this) {
            durableEndOffset = Math.max(durableEndOffset, endOffset);
            Waiter next = waiters.peek();
            while (next != null && next.endOffset() <= durableEndOffset) {
                served.add(waiters.remove().future());
                next = waiters.peek();
            }
        }
        served.forEach(future -> future.complete(null));
    }

    /** The log ends at {@code endOffset} now: what was waited for above will never come. */
    void cut(long endOffset, RejectedException answer) {
        List<CompletableFuture<Void>> gone = new ArrayList<>();
        synchronized (this) {
            durableEndOffset = Math.min(durableEndOffset, endOffset);
            waiters.removeIf(waiter -> waiter.endOffset() > endOffset && gone.add(waiter.future()));
        }
        gone.forEach(future -> future.completeExceptionally(answer));
    }

    /** Nothing more will become durable. */
    void fail(RejectedException answer) {
        cut(durableEndOffset, answer);
    }
}
