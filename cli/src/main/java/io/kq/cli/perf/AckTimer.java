package io.kq.cli.perf;

import io.kq.client.RecordMetadata;
import io.kq.runtime.Clock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Times each send from its start to its acknowledgement. The stopwatches are made once and used
 * again, so that measuring makes no garbage of its own. Started on one thread, stopped on any.
 */
final class AckTimer {

    private static final int STOPWATCHES = 1 << 16;

    private final Clock clock;
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private final Stopwatch[] stopwatches = new Stopwatch[STOPWATCHES];
    private int next;

    AckTimer(Clock clock) {
        this.clock = clock;
        for (int i = 0; i < STOPWATCHES; i++) {
            stopwatches[i] = new Stopwatch();
        }
    }

    /** The time of one send. */
    final class Stopwatch implements BiConsumer<@Nullable RecordMetadata, @Nullable Throwable> {
        private long startNanos;
        private volatile boolean running;

        @Override
        public void accept(@Nullable RecordMetadata done, @Nullable Throwable failure) {
            if (failure == null) {
                latencies.record(clock.nanoTime() - startNanos);
            } else {
                firstFailure.compareAndSet(null, failure);
                failed.incrementAndGet();
            }
            running = false;
        }
    }

    /** A stopwatch that runs since {@code startNanos}. The sending thread only. */
    Stopwatch start(long startNanos) {
        Stopwatch stopwatch = stopwatches[next];
        next = (next + 1) & (STOPWATCHES - 1);
        if (stopwatch.running) {
            // More in flight than stopwatches: this one is made for once.
            stopwatch = new Stopwatch();
        }
        stopwatch.startNanos = startNanos;
        stopwatch.running = true;
        return stopwatch;
    }

    LatencyHistogram latencies() {
        return latencies;
    }

    long failed() {
        return failed.get();
    }

    @Nullable Throwable firstFailure() {
        return firstFailure.get();
    }
}
