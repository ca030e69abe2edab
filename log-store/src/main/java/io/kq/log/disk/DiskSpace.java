package io.kq.log.disk;

import java.io.File;
import java.nio.file.Path;

/**
 * How much room a file system has.
 *
 * @param freeBytes that this process may still write; -1 if the file system does not say
 * @param totalBytes of the whole file system; -1 if it does not say
 */
public record DiskSpace(long freeBytes, long totalBytes) {

    private static final DiskSpace UNKNOWN = new DiskSpace(-1, -1);

    /** Tells the space under a directory. Tests put in a disk of their own. */
    @FunctionalInterface
    public interface Meter {
        /** Never fails. One system call. */
        DiskSpace at(Path directory);
    }

    /** Of the file system that {@code directory} is on. */
    public static DiskSpace of(Path directory) {
        File file = directory.toFile();
        long totalBytes = file.getTotalSpace();
        return totalBytes > 0 ? new DiskSpace(file.getUsableSpace(), totalBytes) : UNKNOWN;
    }

    /** Whether the file system said anything. */
    public boolean isKnown() {
        return totalBytes > 0;
    }
}
