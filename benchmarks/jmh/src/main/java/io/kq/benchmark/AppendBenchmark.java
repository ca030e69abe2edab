package io.kq.benchmark;

import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.LogStoreConfig;
import io.kq.log.PartitionLog;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.BatchBytes;
import io.kq.runtime.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to append {@link #TOTAL_BYTES} to new files, batch by batch: by a log with all that an
 * append does, and by the least that could keep the bytes and know that they are whole ({@link
 * BareLoop}). One operation is all of it, so that both fill the same files however fast they are.
 */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up methods before anything else
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 15)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class AppendBenchmark {

    static final int TOTAL_BYTES = 512 << 20;

    /** What goes on beside the appends. */
    public enum Background {
        /** One segment, no sync. */
        NONE,
        /** Segments of 128 MiB, each synced when the next one is begun. */
        FSYNC
    }

    private static final int SEGMENT_BYTES = 128 << 20;
    private static final TopicIdPartition PARTITION = Partitions.number(0);

    @Param({"16384", "65536", "262144", "1048576"})
    int batchBytes;

    @Param Background background = Background.NONE;

    private Scratch scratch;
    private LogStore store;
    private PartitionLog log;
    private BareLoop loop;
    private ByteBuffer batch;

    /** Makes a batch. */
    @Setup(Level.Trial)
    public void makeBatch() {
        batch = SampleBatch.direct(batchBytes);
    }

    /** Makes an empty log and an empty file. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        scratch = Scratch.make();
        boolean rolls = background == Background.FSYNC;
        int segmentBytes = rolls ? SEGMENT_BYTES : Integer.MAX_VALUE;
        store =
                LogStore.open(
                        scratch.resolve("store"),
                        storeConfig(segmentBytes),
                        Clock.system(),
                        (where, cause) -> cause.printStackTrace());
        log = store.open(PARTITION, "bench", logConfig(segmentBytes));
        loop = new BareLoop(scratch.resolve("bare"), segmentBytes, rolls);
    }

    private static LogStoreConfig storeConfig(int unsyncedBytesMax) {
        LogStoreConfig usual = LogStoreConfig.defaults();
        return new LogStoreConfig(
                usual.hotBytes(),
                usual.openFilesMax(),
                Duration.ofMinutes(10),
                unsyncedBytesMax,
                usual.producerExpiry(),
                usual.diskProbeInterval(),
                usual.indexMemoryBytes(),
                usual.reserve());
    }

    private static LogConfig logConfig(int segmentBytes) {
        return new LogConfig(
                segmentBytes,
                Duration.ofDays(7),
                1 << 20,
                LogConfig.Flush.OS,
                LogConfig.TimestampType.CREATE_TIME,
                false);
    }

    /** Gives up what was appended without syncing it. */
    @TearDown(Level.Iteration)
    public void delete() throws IOException {
        loop.close();
        store.delete(PARTITION);
        store.close();
        scratch.close();
    }

    /** The log: checks, stamps, writes, indexes, publishes. */
    @Benchmark
    public long log() {
        long end = 0;
        for (int i = TOTAL_BYTES / batchBytes; i > 0; i--) {
            end = log.append(BatchBytes.of(batch), 0, SampleBatch.NOW).nextOffset();
        }
        return end;
    }

    /** CRC32C and FileChannel.write. */
    @Benchmark
    public long bareLoop() throws IOException {
        long crcs = 0;
        for (int i = TOTAL_BYTES / batchBytes; i > 0; i--) {
            crcs += loop.append(batch);
        }
        return crcs;
    }
}
