package io.kq.log;

import io.kq.log.disk.DiskReserve;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.Clock;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A process that appends for ever and says what was acknowledged: {@code <partition> <offset>}. */
final class AppendUntilKilled {

    static final int PARTITIONS = 3;

    static final LogConfig CONFIG =
            new LogConfig(
                    300_000,
                    Duration.ofDays(1),
                    1 << 20,
                    LogConfig.Flush.OS,
                    LogConfig.TimestampType.CREATE_TIME,
                    false);

    private AppendUntilKilled() {}

    static TopicIdPartition partition(int number) {
        return new TopicIdPartition(new UUID(7, 7), number);
    }

    static String value(int partition, long offset) {
        return partition + "/" + offset + " " + "x".repeat((int) (offset % 500));
    }

    static LogStoreConfig storeConfig() {
        return new LogStoreConfig(
                1 << 20,
                8,
                Duration.ofMillis(100),
                1 << 20,
                Duration.ofDays(1),
                Duration.ofSeconds(1),
                8 << 20,
                DiskReserve.STANDARD);
    }

    public static void main(String[] args) {
        LogStore store =
                LogStore.open(
                        Path.of(args[0]),
                        storeConfig(),
                        Clock.system(),
                        (where, cause) -> cause.printStackTrace());
        List<PartitionLog> logs = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            logs.add(store.open(partition(i), "orders", CONFIG));
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (long turn = 0; ; turn++) {
            int number = (int) (turn % PARTITIONS);
            PartitionLog log = logs.get(number);
            long offset = log.logEndOffset();
            log.append(
                    Batches.idempotent(number, 0, (int) offset, value(number, offset)),
                    0,
                    Batches.NOW);
            out.println(number + " " + offset);
        }
    }
}
