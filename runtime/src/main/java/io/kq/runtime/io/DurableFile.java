package io.kq.runtime.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Replaces small files so that a crash leaves the old content or the new one, never a mixture or an
 * empty file.
 */
public final class DurableFile {

    private static final int BUFFER_BYTES = 1 << 16;

    private DurableFile() {}

    /** The name beside {@code fileName} under which a replacement that was cut off stays. */
    public static String unfinished(String fileName) {
        return fileName + ".tmp";
    }

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        /** Called once; {@code out} is buffered and is not to be closed. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes {@code content} beside {@code file}, syncs it, renames it into place and syncs the
     * directory. Blocking.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, out -> out.write(content));
    }

    /** The same for content that is not to be held in memory at once. */
    public static void replace(Path file, Content content) throws IOException {
        Path temporary = file.resolveSibling(unfinished(file.getFileName().toString()));
        try (FileChannel channel =
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            OutputStream out =
                    new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        syncDirectory(directoryOf(file));
    }

    /** Deletes {@code file} if it exists and makes that durable. */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            syncDirectory(directoryOf(file));
        }
    }

    /**
     * Makes creations, renames and deletions in {@code directory} durable. A platform without that
     * (Windows) does nothing.
     */
    public static void syncDirectory(Path directory) throws IOException {
        if (isWindows()) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
    }

    private static boolean isWindows() {
        return java.io.File.separatorChar == '\\';
    }
}
