package io.kq.log;

import io.kq.log.Housekeeping.Loops;
import io.kq.log.disk.DiskHealth;
import io.kq.log.disk.DiskReserve;
import io.kq.log.disk.DiskSpace;
import io.kq.log.io.LogFiles;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A store whose background threads are turned by the test. */
final class TestStore implements AutoCloseable {

    static final TopicIdPartition PARTITION =
            new TopicIdPartition(UUID.fromString("0b5e8b1a-5c5f-4a6e-9d8e-000000000001"), 3);

    static final LogConfig SMALL_SEGMENTS =
            new LogConfig(
                    2000,
                    Duration.ofDays(7),
                    100_000,
                    LogConfig.Flush.OS,
                    LogConfig.TimestampType.CREATE_TIME,
                    false);

    final ManualClock clock = new ManualClock();
    final ManualEventLoop flusher = new ManualEventLoop(clock);
    final ManualEventLoop background = new ManualEventLoop(clock);
    final List<Throwable> faults = new ArrayList<>();
    final DirectoryLogStore store;

    TestStore(Path directory) {
        this(directory, LogFiles.onDisk());
    }

    TestStore(Path directory, LogFiles files) {
        this(directory, files, DiskReserve.STANDARD, at -> new DiskSpace(-1, -1));
    }

    TestStore(Path directory, LogFiles files, DiskReserve reserve, DiskSpace.Meter meter) {
        this.store =
                DirectoryLogStore.open(
                        directory,
                        new DirectoryLogStore.Parts(
                                LogStoreConfig.defaults().withReserve(reserve),
                                clock,
                                (where, cause) -> faults.add(cause),
                                files,
                                meter,
                                new Loops(flusher, background)));
    }

    PartitionLog open() {
        return open(SMALL_SEGMENTS);
    }

    PartitionLog open(LogConfig config) {
        return store.open(PARTITION, "orders", config);
    }

    DiskHealth health() {
        return store.directories().get(0).health();
    }

    /** Lets the background do all it has to do within a minute. */
    void runBackground() {
        clock.advance(Duration.ofMinutes(1));
        flusher.runDue();
        background.runDue();
    }

    @Override
    public void close() {
        store.close();
    }

    /** A copy of the directory as a crash of the process would leave it. */
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(file.getFileName().toString());
                if (Files.isDirectory(file)) {
                    copy(file, target);
                } else {
                    copyUnlessGone(file, target);
                }
            }
        }
    }

    /** RocksDB deletes files while it is copied: one more way in which an index may be broken. */
    private static void copyUnlessGone(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException gone) {
            Files.deleteIfExists(target);
        }
    }
}
