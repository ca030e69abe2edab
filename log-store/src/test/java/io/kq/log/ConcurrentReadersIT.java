package io.kq.log;

import static io.kq.log.Batches.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.disk.DiskReserve;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.record.RecordReader;
import io.kq.runtime.Clock;
import io.kq.runtime.RandomSource;
import io.kq.runtime.Threads;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One appender, several readers, real threads, real fsyncs: nobody sees half of anything. */
class ConcurrentReadersIT {

    private static final int BATCHES = 4000;
    private static final int READERS = 3;

    @TempDir Path directory;

    private final AtomicBoolean done = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();

    @Test
    void readersSeeWholeBatchesInOrderWhileTheLogGrowsAndRolls() throws Exception {
        LogConfig config =
                new LogConfig(
                        60_000,
                        Duration.ofDays(1),
                        1 << 20,
                        LogConfig.Flush.FSYNC,
                        LogConfig.TimestampType.CREATE_TIME,
                        false);
        LogStoreConfig store =
                new LogStoreConfig(
                        100_000,
                        4,
                        Duration.ofMillis(50),
                        1 << 20,
                        Duration.ofDays(1),
                        Duration.ofSeconds(1),
                        16 << 20,
                        DiskReserve.STANDARD);
        ExecutorService threads = Threads.bounded("reader", READERS, 10);
        try (LogStore opened =
                LogStore.open(
                        directory, store, Clock.system(), (where, cause) -> faults.add(cause))) {
            PartitionLog log = opened.open(TestStore.PARTITION, "orders", config);
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                int seed = i;
                readers.add(threads.submit(() -> follow(log, RandomSource.seeded(seed))));
            }
            List<CompletableFuture<Void>> durable = new ArrayList<>();
            for (int i = 0; i < BATCHES; i++) {
                log.append(
                        Batches.idempotent(1, 0, 2 * i, value(2L * i), value(2L * i + 1)), 0, NOW);
                durable.add(log.whenDurable(log.logEndOffset()));
            }
            CompletableFuture.allOf(durable.toArray(new CompletableFuture<?>[0]))
                    .get(60, TimeUnit.SECONDS);
            assertThat(log.durableEndOffset()).isEqualTo(2L * BATCHES);
            done.set(true);
            for (Future<Long> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            done.set(true);
            threads.shutdown();
        }
        assertThat(faults).isEmpty();
    }

    private static String value(long offset) {
        return offset + ":" + "x".repeat((int) (offset % 300));
    }

    /** Reads from random places on, until the writer is done. */
    private long follow(PartitionLog log, RandomSource random) throws Exception {
        long seen = 0;
        while (!done.get()) {
            long end = log.logEndOffset();
            long next = end == 0 ? 0 : random.nextInt((int) end);
            for (int i = 0; i < 20 && next < end; i++) {
                try (LogSlice slice = log.read(next, end, 1 + random.nextInt(50_000))) {
                    slice.verify();
                    ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
                    slice.read(0, bytes);
                    bytes.flip();
                    long expected = slice.baseOffset();
                    assertThat(expected).isLessThanOrEqualTo(next);
                    while (bytes.hasRemaining()) {
                        RecordReader records = RecordReader.openNext(bytes, 1 << 20);
                        while (records.advance()) {
                            assertThat(records.offset()).isEqualTo(expected);
                            assertThat(new String(records.record().value(), UTF_8))
                                    .isEqualTo(value(expected));
                            expected++;
                            seen++;
                        }
                    }
                    assertThat(slice.nextOffset()).isEqualTo(expected);
                    next = expected;
                }
            }
        }
        return seen;
    }
}
