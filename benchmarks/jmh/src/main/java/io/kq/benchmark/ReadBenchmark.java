package io.kq.benchmark;

import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.LogStoreConfig;
import io.kq.log.PartitionLog;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.record.BatchBytes;
import io.kq.runtime.Clock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From an offset to the slice that begins with its batch, in real logs: at random places, where the
 * index and headers in files are asked, and near the end, where memory answers.
 */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up methods before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class ReadBenchmark {

    private static final int PARTITIONS = 2000;
    private static final int BATCH_BYTES = 16 << 10;
    private static final int OLD_BATCHES = 128;
    private static final int NEW_BATCHES = 4;
    private static final int READ_BYTES = 64 << 10;

    private Scratch scratch;
    private LogStore store;
    private final List<PartitionLog> logs = new ArrayList<>();

    /** Fills 2,000 logs with 2 MiB each, and opens them anew. */
    @Setup
    public void fill() {
        scratch = Scratch.make();
        ByteBuffer batch = SampleBatch.direct(BATCH_BYTES);
        try (LogStore filled = openStore()) {
            for (int i = 0; i < PARTITIONS; i++) {
                append(open(filled, i), batch, OLD_BATCHES);
            }
        }
        store = openStore();
        for (int i = 0; i < PARTITIONS; i++) {
            PartitionLog log = open(store, i);
            append(log, batch, NEW_BATCHES);
            logs.add(log);
        }
    }

    private LogStore openStore() {
        return LogStore.open(
                scratch.resolve("store"),
                LogStoreConfig.defaults(),
                Clock.system(),
                (where, cause) -> cause.printStackTrace());
    }

    private static PartitionLog open(LogStore store, int partition) {
        return store.open(Partitions.number(partition), "bench", LogConfig.defaults());
    }

    private static void append(PartitionLog log, ByteBuffer batch, int count) {
        for (int i = 0; i < count; i++) {
            var unused = log.append(BatchBytes.of(batch), 0, SampleBatch.NOW);
        }
    }

    /** Frees the disk. */
    @TearDown
    public void delete() {
        store.close();
        scratch.close();
    }

    /** Any batch that this process did not append. */
    @Benchmark
    public long randomOffset() {
        PartitionLog log = randomLog();
        return read(log, ThreadLocalRandom.current().nextInt(OLD_BATCHES));
    }

    /** One of the last batches. */
    @Benchmark
    public long nearTheEnd() {
        PartitionLog log = randomLog();
        return read(log, OLD_BATCHES + ThreadLocalRandom.current().nextInt(NEW_BATCHES));
    }

    private PartitionLog randomLog() {
        return logs.get(ThreadLocalRandom.current().nextInt(PARTITIONS));
    }

    private static long read(PartitionLog log, long offset) {
        try (LogSlice slice = log.read(offset, Long.MAX_VALUE, READ_BYTES)) {
            if (slice.baseOffset() != offset) {
                throw new AssertionError("asked for " + offset + ", got " + slice.baseOffset());
            }
            return slice.nextOffset();
        }
    }
}
