package io.kq.system.driver;

import io.kq.client.ClientConfig;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.ProducerRecord;
import io.kq.client.RecordMetadata;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Threads;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.HistoryWriter;
import io.kq.system.history.WrittenValue;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * A producer that writes values of its own to all partitions, in turn and at an even pace. A
 * partition that does not answer holds up no other: only so many writes to it may be under way.
 */
final class Writer implements AutoCloseable {

    private static final int UNDER_WAY_MAX = 40;
    private static final int SIZE_MAX = 300;

    private final int number;
    private final Acks acks;
    private final Plan plan;
    private final HistoryWriter history;
    private final Progress progress;
    private final KqProducer producer;
    private final ScheduledExecutorService ticks;
    private final AtomicIntegerArray underWay;
    private long written;

    Writer(int number, Acks acks, Plan plan, HistoryWriter history, Progress progress) {
        this.number = number;
        this.acks = acks;
        this.plan = plan;
        this.history = history;
        this.progress = progress;
        underWay = new AtomicIntegerArray(plan.partitions());
        producer =
                KqProducer.open(
                        new ClientConfig(
                                plan.bootstrap(), "writer-" + number, Duration.ofSeconds(10)),
                        config());
        ticks = Threads.scheduler("writer-" + number);
    }

    private ProducerConfig config() {
        ProducerConfig defaults = ProducerConfig.defaults();
        return new ProducerConfig(
                switch (acks) {
                    case NONE -> ProducerConfig.Acks.NONE;
                    case LEADER -> ProducerConfig.Acks.LEADER;
                    case ALL -> ProducerConfig.Acks.ALL;
                },
                acks == Acks.ALL,
                defaults.linger(),
                defaults.batchBytesMax(),
                defaults.bufferBytesMax(),
                Duration.ofSeconds(5),
                plan.deliveryMax(),
                defaults.compression());
    }

    void start() {
        long pauseNanos = plan.pause().toNanos();
        var unused = ticks.scheduleWithFixedDelay(this::turn, 0, pauseNanos, TimeUnit.NANOSECONDS);
    }

    /** One record to each partition that answers. */
    private void turn() {
        for (int partition = 0; partition < plan.partitions(); partition++) {
            if (underWay.get(partition) < UNDER_WAY_MAX) {
                write(partition);
            }
        }
    }

    private void write(int partition) {
        long value = WrittenValue.of(number, written++);
        byte[] bytes = WrittenValue.bytes(value, partition, (int) (written * 37 % SIZE_MAX));
        underWay.incrementAndGet(partition);
        history.write(t -> new Event.Sent(t, value, partition, acks));
        var unused =
                producer.send(ProducerRecord.to(plan.topic(), partition, null, bytes))
                        .whenComplete(
                                (metadata, failure) -> {
                                    underWay.decrementAndGet(partition);
                                    ended(value, partition, metadata, failure);
                                });
    }

    private void ended(
            long value,
            int partition,
            @Nullable RecordMetadata metadata,
            @Nullable Throwable failure) {
        if (metadata != null) {
            history.write(t -> new Event.Acked(t, value, partition, metadata.offset()));
            if (acks == Acks.ALL) {
                progress.acked(partition);
            }
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        boolean definite = cause instanceof RejectedException e && e.definite();
        String code = cause instanceof RejectedException e ? e.code().name() : "" + cause;
        progress.failed(definite);
        history.write(t -> new Event.Failed(t, value, partition, definite, code));
    }

    /** Stops writing and waits for the end of each write. */
    void finish() {
        ticks.shutdown();
        try {
            // A turn waits at most for room and for metadata.
            if (!ticks.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("writer " + number + " does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.flush();
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        producer.close();
    }
}
