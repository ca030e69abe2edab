package io.kq.log.io;

import java.io.IOException;
import java.nio.file.Path;

/** Where log files come from: the disk, or in tests one that fails. Any thread. */
public interface LogFiles {

    /** Makes a new file for reading and writing; fails if it exists. */
    LogFile create(Path file) throws IOException;

    /** Opens a file that exists, for reading and writing. */
    LogFile open(Path file) throws IOException;

    /** Opens a file that exists, for reading only. */
    LogFile openReadOnly(Path file) throws IOException;

    /** Deletes a file if it exists. */
    void delete(Path file) throws IOException;

    /** Makes creations and deletions in {@code directory} durable. */
    void syncDirectory(Path directory) throws IOException;

    /** The disks of this machine. */
    static LogFiles onDisk() {
        return new DiskLogFiles();
    }
}
