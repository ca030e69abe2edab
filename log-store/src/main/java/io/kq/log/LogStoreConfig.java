package io.kq.log;

import io.kq.log.disk.DiskReserve;
import java.time.Duration;

/**
 * Settings of one data directory; they may differ between nodes.
 *
 * @param hotBytes what was appended within the last so many bytes of the whole directory is taken
 *     to be in the page cache
 * @param openFilesMax segment files kept open while nobody reads or writes them
 * @param syncInterval how often the files are synced behind {@code flush=os} writes: bounds what a
 *     start after a crash has to read
 * @param unsyncedBytesMax one partition is synced earlier when it has so many bytes to sync, and
 *     all are when they have {@value #PARTITIONS_UNSYNCED} times as many together
 * @param producerExpiry a producer that was silent for so long is forgotten
 * @param diskProbeInterval how often a full disk is looked at for space
 * @param indexMemoryBytes cache and write buffers of the index
 * @param reserve what appends leave free on the file system
 */
public record LogStoreConfig(
        long hotBytes,
        int openFilesMax,
        Duration syncInterval,
        long unsyncedBytesMax,
        Duration producerExpiry,
        Duration diskProbeInterval,
        long indexMemoryBytes,
        DiskReserve reserve) {

    private static final int PARTITIONS_UNSYNCED = 8;
    private static final int OPEN_FILES_MIN = 16;

    /** All partitions are synced earlier when they have so many bytes to sync. */
    long unsyncedBytesMaxOfAll() {
        return unsyncedBytesMax > Long.MAX_VALUE / PARTITIONS_UNSYNCED
                ? Long.MAX_VALUE
                : unsyncedBytesMax * PARTITIONS_UNSYNCED;
    }

    /** For a node on a machine of its own. */
    public static LogStoreConfig defaults() {
        return new LogStoreConfig(
                256L << 20,
                4096,
                Duration.ofSeconds(30),
                256L << 20,
                Duration.ofDays(1),
                Duration.ofSeconds(2),
                48L << 20,
                DiskReserve.STANDARD);
    }

    /** The same with another reserve. */
    public LogStoreConfig withReserve(DiskReserve changed) {
        return new LogStoreConfig(
                hotBytes,
                openFilesMax,
                syncInterval,
                unsyncedBytesMax,
                producerExpiry,
                diskProbeInterval,
                indexMemoryBytes,
                changed);
    }

    /**
     * The same with at most half of the files that the process may open, shared between its
     * directories: the rest is for sockets and the index. Without that an append that finds no file
     * to open would look like a disk that failed.
     */
    LogStoreConfig withinFileLimit(long limit, int directories) {
        long share = Math.max(OPEN_FILES_MIN, limit / 2 / directories);
        return new LogStoreConfig(
                hotBytes,
                (int) Math.min(openFilesMax, share),
                syncInterval,
                unsyncedBytesMax,
                producerExpiry,
                diskProbeInterval,
                indexMemoryBytes,
                reserve);
    }
}
