package io.kq.cli.produce;

import io.kq.client.RecordMetadata;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was sent, what was acknowledged, and keeps the first refusal. Sent on one thread,
 * acknowledged on the client's, read on any.
 */
final class Acknowledgements {

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable Refusal> first = new AtomicReference<>();
    private volatile long sent;

    /** Why a line was not acknowledged. */
    record Refusal(long line, RejectedException reason) {}

    /** Follows the send of a line. One thread only, the one that reads. */
    @SuppressWarnings({"NonAtomicVolatileUpdate", "FutureReturnValueIgnored"})
    void follow(long line, CompletableFuture<RecordMetadata> send) {
        sent++;
        send.whenComplete((done, failure) -> completed(line, failure));
    }

    private void completed(long line, @Nullable Throwable failure) {
        if (failure == null) {
            acknowledged.incrementAndGet();
        } else {
            first.compareAndSet(null, new Refusal(line, reason(failure)));
            failed.incrementAndGet();
        }
    }

    private static RejectedException reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof RejectedException rejected
                ? rejected
                : new RejectedException(ErrorCode.INTERNAL, cause.toString());
    }

    long sent() {
        return sent;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    @Nullable Refusal firstRefusal() {
        return first.get();
    }
}
