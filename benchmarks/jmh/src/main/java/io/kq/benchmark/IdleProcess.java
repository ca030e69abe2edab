package io.kq.benchmark;

import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.LogStoreConfig;
import io.kq.log.PartitionLog;
import io.kq.protocol.record.BatchBytes;
import io.kq.runtime.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What open partitions cost a process that does nothing with them.
 *
 * <p>{@code IdleProcess DIRECTORY PARTITIONS SECONDS}: prints what the process has after each step,
 * what it used in so many idle seconds, and the classes with the most bytes.
 */
public final class IdleProcess {

    private static final int BATCH_BYTES = 1 << 10;
    private static final int HISTOGRAM_LINES = 45;
    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private IdleProcess() {}

    /** See above. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int partitions = Integer.parseInt(args[1]);
        ByteBuffer batch = SampleBatch.direct(BATCH_BYTES);
        String before = histogram();
        say("before the store is opened");
        try (LogStore store = open(directory)) {
            List<PartitionLog> logs = openLogs(store, partitions);
            say("logs made, nothing appended");
            append(logs, batch);
            say("one batch appended to each");
        }
        say("store closed");
        try (LogStore store = open(directory)) {
            List<PartitionLog> logs = openLogs(store, partitions);
            OUT.print(top(before, histogram(), partitions));
            say("logs opened, not touched");
            idle(Integer.parseInt(args[2]));
            append(logs, batch);
            say("another batch appended to each");
            logs.forEach(PartitionLog::flush);
            Thread.sleep(2000);
            OUT.print(top(before, histogram(), partitions));
            say("synced and indexed");
            idle(Integer.parseInt(args[2]));
        }
    }

    private static LogStore open(Path directory) {
        return LogStore.open(
                directory,
                LogStoreConfig.defaults(),
                Clock.system(),
                (where, cause) -> cause.printStackTrace());
    }

    private static List<PartitionLog> openLogs(LogStore store, int count) {
        List<PartitionLog> logs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            logs.add(store.open(Partitions.number(i), "bench", LogConfig.defaults()));
        }
        return logs;
    }

    private static void append(List<PartitionLog> logs, ByteBuffer batch) {
        for (PartitionLog log : logs) {
            var unused = log.append(BatchBytes.of(batch), 0, SampleBatch.NOW);
        }
    }

    private static void idle(int seconds) throws IOException, InterruptedException {
        ProcessFigures begin = ProcessFigures.now();
        Thread.sleep(seconds * 1000L);
        long millis = ProcessFigures.now().cpu().minus(begin.cpu()).toMillis();
        OUT.println("idle for " + seconds + " s: " + millis + " ms of CPU, threads of the JVM too");
    }

    private static void say(String state) throws IOException {
        System.gc();
        ProcessFigures now = ProcessFigures.now();
        OUT.println(
                String.format(
                        Locale.ROOT,
                        "%-32s heap %5.1f MiB   resident %4d MiB   open files %5d   threads %d"
                                + "   CPU so far %5.1f s",
                        state,
                        now.heapBytes() / 1048576.0,
                        now.residentBytes() >> 20,
                        now.openFiles(),
                        now.threads(),
                        now.cpu().toMillis() / 1000.0));
    }

    private static String histogram() throws JMException {
        Object answer =
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
        return String.valueOf(answer);
    }

    private static String top(String before, String after, int partitions) {
        return ClassHistogram.parse(after)
                .minus(ClassHistogram.parse(before))
                .perPartition(partitions, HISTOGRAM_LINES);
    }
}
