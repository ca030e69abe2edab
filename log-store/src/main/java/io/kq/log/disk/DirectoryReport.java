package io.kq.log.disk;

import java.nio.file.Path;

/**
 * What one data directory is like at the moment.
 *
 * @param problem why it is not writable; empty if it is
 * @param partitionCount partitions that have a log in it
 * @param quarantinedCount those of them whose data are damaged: they are not served
 * @param usedBytes of all segments of the logs that are open
 * @param freeBytes that its file system still has for kq; -1 if it does not say
 * @param totalBytes of its file system; -1 if it does not say
 */
public record DirectoryReport(
        Path directory,
        DiskHealth health,
        String problem,
        int partitionCount,
        int quarantinedCount,
        long usedBytes,
        long freeBytes,
        long totalBytes) {

    /** The same with another number of partitions. */
    public DirectoryReport withPartitions(int count) {
        return new DirectoryReport(
                directory,
                health,
                problem,
                count,
                quarantinedCount,
                usedBytes,
                freeBytes,
                totalBytes);
    }
}
