package io.kq.log.io;

import io.kq.runtime.io.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Every change of a file that a store makes: of the disk, or in tests of one that fails. Reading
 * goes beside it. Any thread.
 */
public interface LogFiles {

    /** Makes a new file for reading and writing; fails if it exists. */
    LogFile create(Path file) throws IOException;

    /** Opens a file that exists, for reading and writing. */
    LogFile open(Path file) throws IOException;

    /** Opens a file that exists, for reading only. */
    LogFile openReadOnly(Path file) throws IOException;

    /** Deletes a file if it exists. */
    void delete(Path file) throws IOException;

    /** Gives a file another name in its directory, in place of what may have that name. */
    void rename(Path from, Path to) throws IOException;

    /** Makes a directory unless it is there; the one it lies in has to be. */
    void createDirectory(Path directory) throws IOException;

    /** Makes creations, renames and deletions in {@code directory} durable. */
    void syncDirectory(Path directory) throws IOException;

    /**
     * Replaces a small file so that a crash leaves the old content or the new one: written beside,
     * synced, renamed into place, the directory synced.
     */
    default void replace(Path file, byte[] content) throws IOException {
        Path unfinished = file.resolveSibling(DurableFile.unfinished(nameOf(file)));
        writeNew(unfinished, content, true);
        rename(unfinished, file);
        syncDirectory(parentOf(file));
    }

    /** The same with nothing synced: a crash may leave a file that is not whole, or none. */
    default void replaceUnsynced(Path file, byte[] content) throws IOException {
        Path unfinished = file.resolveSibling(DurableFile.unfinished(nameOf(file)));
        writeNew(unfinished, content, false);
        rename(unfinished, file);
    }

    /** Deletes a file if it exists, and makes that durable. */
    default void deleteDurably(Path file) throws IOException {
        if (Files.exists(file)) {
            delete(file);
            syncDirectory(parentOf(file));
        }
    }

    private void writeNew(Path file, byte[] content, boolean synced) throws IOException {
        delete(file);
        try (LogFile made = create(file)) {
            made.write(new ByteBuffer[] {ByteBuffer.wrap(content)}, 0);
            if (synced) {
                made.force();
            }
        }
    }

    private static String nameOf(Path file) {
        return Objects.requireNonNull(file.getFileName(), "a file has a name").toString();
    }

    private static Path parentOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "a file has a directory");
    }

    /** The disks of this machine. */
    static LogFiles onDisk() {
        return new DiskLogFiles();
    }
}
