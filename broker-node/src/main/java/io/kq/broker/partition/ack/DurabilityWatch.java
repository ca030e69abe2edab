package io.kq.broker.partition.ack;

import io.kq.log.PartitionLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * With {@code flush=fsync}: asks the log for its end to become durable, one question at a time.
 * What is appended while one is out is asked for by the next: one fsync serves all who came
 * meanwhile, without a timer. Any thread, not under the partition's lock.
 */
public final class DurabilityWatch {

    /** Told of answers, on the log's flusher thread or on the asking one. */
    public interface Listener {
        void onDurable(long endOffset);

        void onFailed(Throwable failure);
    }

    private final PartitionLog log;
    private final Listener listener;
    private final AtomicBoolean asked = new AtomicBoolean();

    public DurabilityWatch(PartitionLog log, Listener listener) {
        this.log = log;
        this.listener = listener;
    }

    /** Something was appended. */
    public void onAppended() {
        long end = log.logEndOffset();
        if (log.durableEndOffset() < end && asked.compareAndSet(false, true)) {
            CompletableFuture<?> unused =
                    log.whenDurable(end).whenComplete((done, failure) -> onAnswer(failure));
        }
    }

    private void onAnswer(@Nullable Throwable failure) {
        asked.set(false);
        if (failure != null) {
            listener.onFailed(failure);
            return;
        }
        listener.onDurable(log.durableEndOffset());
        onAppended();
    }
}
