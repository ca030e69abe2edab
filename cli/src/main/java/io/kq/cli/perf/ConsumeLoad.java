package io.kq.cli.perf;

import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.ConsumerRecord;
import io.kq.client.KqConsumer;
import io.kq.client.KqConsumer.Position;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The loop that reads: polls, counts records and their bytes, touches nothing else. */
final class ConsumeLoad {

    private static final Duration WAIT = Duration.ofMillis(100);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * The load.
     *
     * @param timeout longest time without a record
     */
    record Plan(String topic, long recordCount, Duration timeout, boolean fromLatest) {}

    private final KqConsumer consumer;
    private final Plan plan;
    private final Terminal terminal;
    private final Clock clock;
    private final boolean live;
    private long recordCount;
    private long bytes;
    private volatile boolean stopping;

    ConsumeLoad(Session session, KqConsumer consumer, Plan plan) {
        this.consumer = consumer;
        this.plan = plan;
        this.terminal = session.terminal();
        this.clock = terminal.clock();
        this.live = terminal.tty().err() && !session.quiet();
    }

    /** Reads until there are enough records, or none came for too long, or a signal. */
    ConsumeReport run(List<TopicPartition> partitions) {
        terminal.interrupts()
                .onInterrupt(
                        () -> {
                            stopping = true;
                            consumer.wakeup();
                            terminal.interrupts().awaitCommandEnd();
                        });
        Map<TopicPartition, Position> positions = new HashMap<>();
        Position position = plan.fromLatest() ? Position.LATEST : Position.EARLIEST;
        partitions.forEach(partition -> positions.put(partition, position));
        long startMillis = clock.epochMillis();
        long start = clock.nanoTime();
        consumer.assign(positions);
        long last = start;
        long lastLive = start;
        while (recordCount < plan.recordCount() && !stopping) {
            List<ConsumerRecord> records = consumer.poll(WAIT);
            long now = clock.nanoTime();
            if (!records.isEmpty()) {
                count(records);
                last = now;
            } else if (now - last >= plan.timeout().toNanos()) {
                break;
            }
            if (live && now - lastLive >= NANOS_PER_SECOND) {
                showLive(now - start);
                lastLive = now;
            }
        }
        if (live) {
            terminal.errorText("\r" + " ".repeat(79) + "\r");
        }
        long elapsed = Math.max(1, (recordCount == 0 ? clock.nanoTime() : last) - start);
        return new ConsumeReport(startMillis, elapsed, recordCount, bytes);
    }

    private void count(List<ConsumerRecord> records) {
        for (int i = 0; i < records.size() && recordCount < plan.recordCount(); i++) {
            ConsumerRecord record = records.get(i);
            byte[] key = record.key();
            byte[] value = record.value();
            bytes += (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
            recordCount++;
        }
    }

    private void showLive(long elapsedNanos) {
        double seconds = elapsedNanos / (double) NANOS_PER_SECOND;
        String line =
                String.format(
                        Locale.ROOT,
                        "%d records, %.0f records/sec, %.1f MB/sec",
                        recordCount,
                        recordCount / seconds,
                        bytes / seconds / (1024 * 1024));
        terminal.errorText("\r" + line + " ".repeat(Math.max(0, 79 - line.length())));
    }
}
