package io.kq.broker.partition;

import io.kq.log.PartitionLog;
import io.kq.protocol.RejectedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * With {@code flush=fsync}: asks the log for its end to become durable, one question at a time.
 * What is appended while one is out is asked for by the next: one fsync serves all who came
 * meanwhile, without a timer. Any thread, not under the partition's lock.
 */
final class DurabilityWatch {

    /** Told of answers, on the log's flusher thread or on the asking one. */
    interface Listener {
        void onDurable(long endOffset);

        void onFailed(RejectedException reason);
    }

    private final PartitionLog log;
    private final Listener listener;
    private final AtomicBoolean asked = new AtomicBoolean();

    DurabilityWatch(PartitionLog log, Listener listener) {
        this.log = log;
        this.listener = listener;
    }

    /** Something was appended. */
    void onAppended() {
        long end = log.logEndOffset();
        if (log.durableEndOffset() < end && asked.compareAndSet(false, true)) {
            CompletableFuture<?> unused =
                    log.whenDurable(end).whenComplete((done, failure) -> onAnswer(failure));
        }
    }

    private void onAnswer(@Nullable Throwable failure) {
        asked.set(false);
        if (failure != null) {
            listener.onFailed(Causes.rejection(failure));
            return;
        }
        listener.onDurable(log.durableEndOffset());
        onAppended();
    }
}
