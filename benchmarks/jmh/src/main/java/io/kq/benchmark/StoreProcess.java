package io.kq.benchmark;

import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.LogStoreConfig;
import io.kq.log.PartitionLog;
import io.kq.protocol.record.BatchBytes;
import io.kq.runtime.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A process that uses a data directory and is timed, or killed while it writes.
 *
 * <pre>
 * fill DIRECTORY PARTITIONS MIB     appends so much to logs of the directory and stops in good order
 * write DIRECTORY PARTITIONS MIB_PER_S   appends at that rate for ever; says how much it has
 * open DIRECTORY PARTITIONS         opens all logs, prints how long that took, stops in good order
 * </pre>
 */
public final class StoreProcess {

    private static final int BATCH_BYTES = 16 << 10;
    private static final int SEGMENT_BYTES = 64 << 20;
    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private final Path directory;
    private final int partitions;

    private StoreProcess(Path directory, int partitions) {
        this.directory = directory;
        this.partitions = partitions;
    }

    /** See above. */
    public static void main(String[] args) throws IOException, InterruptedException {
        StoreProcess process = new StoreProcess(Path.of(args[1]), Integer.parseInt(args[2]));
        switch (args[0]) {
            case "fill" -> process.fill(Long.parseLong(args[3]));
            case "write" -> process.write(Long.parseLong(args[3]));
            case "open" -> process.open();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private LogStore openStore() {
        return LogStore.open(
                directory,
                LogStoreConfig.defaults(),
                Clock.system(),
                (where, cause) -> cause.printStackTrace());
    }

    private List<PartitionLog> openLogs(LogStore store) {
        LogConfig usual = LogConfig.defaults();
        LogConfig config =
                new LogConfig(
                        SEGMENT_BYTES,
                        usual.segmentAge(),
                        usual.messageBytesMax(),
                        usual.flush(),
                        usual.timestampType(),
                        false);
        List<PartitionLog> logs = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            logs.add(store.open(Partitions.number(i), "bench", config));
        }
        return logs;
    }

    private void fill(long mebibytes) {
        try (LogStore store = openStore()) {
            List<PartitionLog> logs = openLogs(store);
            ByteBuffer batch = SampleBatch.direct(BATCH_BYTES);
            long batches = (mebibytes << 20) / BATCH_BYTES;
            for (long i = 0; i < batches; i++) {
                append(logs.get((int) (i % partitions)), batch);
            }
        }
        OUT.println("filled mib=" + mebibytes);
    }

    private static void append(PartitionLog log, ByteBuffer batch) {
        var unused = log.append(BatchBytes.of(batch), 0, SampleBatch.NOW);
    }

    private void write(long mebibytesPerSecond) throws InterruptedException {
        LogStore store = openStore();
        List<PartitionLog> logs = openLogs(store);
        ByteBuffer batch = SampleBatch.direct(BATCH_BYTES);
        int perSlice = (int) Math.max(1, (mebibytesPerSecond << 20) / BATCH_BYTES / 100);
        int next = 0;
        long begun = System.nanoTime();
        for (long slice = 1; ; slice++) {
            for (int i = 0; i < perSlice; i++) {
                append(logs.get(next), batch);
                next = (next + 1) % partitions;
            }
            if (slice % 100 == 0) {
                OUT.println("wrote mib=" + ((slice * perSlice * BATCH_BYTES) >> 20));
            }
            long ahead = begun + slice * 10_000_000 - System.nanoTime();
            if (ahead > 0) {
                Thread.sleep(Duration.ofNanos(ahead).toMillis());
            }
        }
    }

    private void open() throws IOException {
        long readBefore = ProcessFigures.now().diskReadBytes();
        long begun = System.nanoTime();
        LogStore store = openStore();
        long storeOpen = System.nanoTime();
        List<PartitionLog> logs = openLogs(store);
        long done = System.nanoTime();
        long bytes = logs.stream().mapToLong(PartitionLog::sizeBytes).sum();
        long scanned = logs.stream().mapToLong(log -> log.recovery().scannedBytes()).sum();
        OUT.println(
                String.format(
                        Locale.ROOT,
                        "open clean=%-5s store_ms=%d logs_ms=%d total_ms=%d data_mib=%d"
                                + " scanned_mib=%d disk_read_mib=%d",
                        store.wasCleanShutdown(),
                        millis(storeOpen - begun),
                        millis(done - storeOpen),
                        millis(done - begun),
                        bytes >> 20,
                        scanned >> 20,
                        (ProcessFigures.now().diskReadBytes() - readBefore) >> 20));
        store.close();
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}
