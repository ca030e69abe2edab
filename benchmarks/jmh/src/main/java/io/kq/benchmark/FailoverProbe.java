package io.kq.benchmark;

import io.kq.client.ClientConfig;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.ProducerRecord;
import io.kq.client.RecordMetadata;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a partition takes no writes when the process that leads it gets a signal: a steady
 * producer with the client's defaults, and then the time from the signal to the first
 * acknowledgement of a record that was sent after it, and the longest time without any.
 *
 * <p>Arguments: bootstrap servers, topic, pid, signal, records per second. Nothing is judged.
 */
public final class FailoverProbe {

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration LISTEN_MAX = Duration.ofSeconds(60);
    private static final Duration AFTERWARDS = Duration.ofMillis(2500);
    private static final byte[] VALUE = new byte[100];

    private final KqProducer producer;
    private final String topic;
    private final AtomicLong signalled = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong firstNew = new AtomicLong();
    private final AtomicLong lastAck = new AtomicLong();
    private final AtomicLong gapMax = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private FailoverProbe(KqProducer producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        ClientConfig client = ClientConfig.of(args[0]);
        try (KqProducer producer = KqProducer.open(client, ProducerConfig.defaults())) {
            new FailoverProbe(producer, args[1]).run(args[2], args[3], Double.parseDouble(args[4]));
        }
    }

    private void run(String pid, String signal, double perSecond)
            throws IOException, InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Thread sender = new Thread(() -> sendUntil(stop, perSecond), "probe");
        sender.start();
        Thread.sleep(WARM_UP.toMillis());
        new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor();
        // Starting kill(1) takes a while itself: only what is sent from here on counts.
        signalled.set(System.nanoTime());
        long end = System.nanoTime() + LISTEN_MAX.toNanos();
        while (firstNew.get() == 0 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        Thread.sleep(AFTERWARDS.toMillis());
        stop.set(true);
        sender.join();
        producer.flush();
        double failover = firstNew.get() == 0 ? -1 : (firstNew.get() - signalled.get()) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "failover_ms %.0f gap_ms %.0f acknowledged %d failed %d%n",
                failover,
                gapMax.get() / 1e6,
                acknowledged.get(),
                failed.get());
    }

    private void sendUntil(AtomicBoolean stop, double perSecond) {
        long periodNanos = (long) (1e9 / perSecond);
        long next = System.nanoTime();
        while (!stop.get()) {
            long wait = next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
                continue;
            }
            next += periodNanos;
            long sentNanos = System.nanoTime();
            CompletableFuture<RecordMetadata> sent =
                    producer.send(ProducerRecord.to(topic, 0, null, VALUE));
            var unused = sent.whenComplete((done, failure) -> ended(sentNanos, failure == null));
        }
    }

    private void ended(long sentNanos, boolean well) {
        if (!well) {
            failed.incrementAndGet();
            return;
        }
        long now = System.nanoTime();
        acknowledged.incrementAndGet();
        long before = lastAck.getAndSet(now);
        if (now > signalled.get()) {
            gapMax.accumulateAndGet(now - before, Math::max);
            if (sentNanos > signalled.get()) {
                firstNew.compareAndSet(0, now);
            }
        }
    }
}
