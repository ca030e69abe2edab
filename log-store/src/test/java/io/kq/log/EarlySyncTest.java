package io.kq.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.Housekeeping.Loops;
import io.kq.log.disk.DiskReserve;
import io.kq.log.disk.DiskSpace;
import io.kq.log.io.LogFiles;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start after a crash has to read is bounded for all partitions together. */
class EarlySyncTest {

    private static final int PARTITIONS = 20;
    private static final int UNSYNCED_BYTES_MAX = 10_000;
    private static final String VALUE = "x".repeat(1000);

    @TempDir Path directory;
    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop background = new ManualEventLoop(clock);
    private final List<PartitionLog> logs = new ArrayList<>();
    private DirectoryLogStore store;

    @BeforeEach
    void open() {
        LogStoreConfig config =
                new LogStoreConfig(
                        1 << 20,
                        8,
                        Duration.ofSeconds(30),
                        UNSYNCED_BYTES_MAX,
                        Duration.ofDays(1),
                        Duration.ofSeconds(1),
                        8 << 20,
                        DiskReserve.STANDARD);
        store =
                DirectoryLogStore.open(
                        directory,
                        new DirectoryLogStore.Parts(
                                config,
                                clock,
                                (where, cause) -> {
                                    throw new AssertionError(where, cause);
                                },
                                LogFiles.onDisk(),
                                at -> new DiskSpace(-1, -1),
                                new Loops(new ManualEventLoop(clock), background)));
        for (int i = 0; i < PARTITIONS; i++) {
            TopicIdPartition partition = new TopicIdPartition(new UUID(1, 2), i);
            logs.add(store.open(partition, "orders", LogConfig.defaults()));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void appendToEach(int batches) {
        for (PartitionLog log : logs) {
            for (int i = 0; i < batches; i++) {
                log.append(Batches.of(VALUE), 0, Batches.NOW);
            }
        }
    }

    private long durableRecords() {
        background.runDue();
        return logs.stream().mapToLong(PartitionLog::durableEndOffset).sum();
    }

    @Test
    void waitsForItsTimeWhileThereIsLittle() {
        appendToEach(1);
        assertThat(durableRecords()).isZero();
    }

    @Test
    void comesAtOnceWhenAllPartitionsTogetherHaveMuch() {
        appendToEach(1);
        assertThat(durableRecords()).isZero();
        for (int round = 0; round < 3; round++) {
            for (PartitionLog log : logs) {
                log.append(Batches.of(VALUE), 0, Batches.NOW);
                background.runDue();
            }
        }
        assertThat(durableRecords()).isGreaterThanOrEqualTo(PARTITIONS);
    }
}
