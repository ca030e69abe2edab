package io.kq.cli.perf;

import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.KqProducer;
import io.kq.client.ProducerRecord;
import io.kq.runtime.Clock;
import io.kq.runtime.RandomSource;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * The loop that sends. It makes its records before it starts and uses them again and again: what is
 * measured is the client and the cluster. With a rate it is an open loop: the times at which
 * records should be sent are fixed beforehand, and a record that is late is late by the product's
 * fault.
 */
final class ProduceLoad {

    private static final int PAYLOADS_MAX = 1024;
    private static final int PAYLOADS_BYTES_MAX = 16 << 20;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Looking at the clock for the live line is worth it only now and then. */
    private static final int LIVE_EVERY_RECORDS = 256;

    /**
     * The load.
     *
     * @param recordsPerSecond not positive: as fast as it goes
     */
    record Plan(String topic, long recordCount, int recordBytes, double recordsPerSecond) {
        boolean isPaced() {
            return recordsPerSecond > 0;
        }
    }

    private final KqProducer producer;
    private final Plan plan;
    private final Terminal terminal;
    private final Clock clock;
    private final boolean live;
    private final AckTimer timer;
    private long liveNanos;
    private long liveCount;
    private long liveSumMicros;
    private volatile boolean stopping;

    ProduceLoad(Session session, KqProducer producer, Plan plan) {
        this.producer = producer;
        this.plan = plan;
        this.terminal = session.terminal();
        this.clock = terminal.clock();
        this.live = terminal.tty().err() && !session.quiet();
        this.timer = new AckTimer(clock);
    }

    /** Sends all, waits for all. A signal ends it early, with a report of what was sent. */
    ProduceReport run() {
        terminal.interrupts()
                .onInterrupt(
                        () -> {
                            stopping = true;
                            terminal.interrupts().awaitCommandEnd();
                        });
        ProducerRecord[] records = records();
        long start = clock.nanoTime();
        liveNanos = start;
        long sent = 0;
        while (sent < plan.recordCount() && !stopping) {
            long begin = plan.isPaced() ? pace(start, sent) : clock.nanoTime();
            send(records[(int) (sent % records.length)], begin);
            sent++;
            if (live && sent % LIVE_EVERY_RECORDS == 0) {
                showLive(sent);
            }
        }
        producer.flush();
        long elapsed = clock.nanoTime() - start;
        if (live) {
            terminal.errorText("\r" + " ".repeat(79) + "\r");
        }
        return new ProduceReport(plan, sent, elapsed, timer);
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(ProducerRecord record, long begin) {
        producer.send(record).whenComplete(timer.start(begin));
    }

    /** Waits for the moment of this record. Returns it, though it may have passed. */
    private long pace(long start, long index) {
        long intended = start + (long) (index * (NANOS_PER_SECOND / plan.recordsPerSecond()));
        for (long left = intended - clock.nanoTime(); left > 0; ) {
            LockSupport.parkNanos(this, left);
            left = intended - clock.nanoTime();
        }
        return intended;
    }

    private ProducerRecord[] records() {
        int count =
                Math.max(
                        1,
                        Math.min(
                                PAYLOADS_MAX,
                                PAYLOADS_BYTES_MAX / Math.max(1, plan.recordBytes())));
        RandomSource random = RandomSource.seeded(0);
        ProducerRecord[] records = new ProducerRecord[count];
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[plan.recordBytes()];
            for (int j = 0; j < payload.length; j++) {
                payload[j] = (byte) ('A' + random.nextInt(26));
            }
            records[i] = ProducerRecord.of(plan.topic(), payload);
        }
        return records;
    }

    private void showLive(long sent) {
        long now = clock.nanoTime();
        if (now - liveNanos < NANOS_PER_SECOND) {
            return;
        }
        LatencyHistogram latencies = timer.latencies();
        long count = latencies.count();
        long sum = latencies.sumMicros();
        double rate = (count - liveCount) * (double) NANOS_PER_SECOND / (now - liveNanos);
        double average = (double) (sum - liveSumMicros) / Math.max(1, count - liveCount) / 1_000;
        String line =
                String.format(
                        Locale.ROOT,
                        "%d sent, %d acknowledged, %.0f records/sec, %.1f ms avg latency",
                        sent,
                        count,
                        rate,
                        average);
        terminal.errorText("\r" + line + " ".repeat(Math.max(0, 79 - line.length())));
        liveNanos = now;
        liveCount = count;
        liveSumMicros = sum;
    }
}
