package io.kq.log;

import io.kq.log.io.LogFiles;
import io.kq.log.io.OpenFiles;
import io.kq.log.layout.OffsetFileName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The directory of one partition, in memory if there is some, whose only segment holds any bytes.
 */
final class FuzzedSegment {

    private static final Path MEMORY = Path.of("/dev/shm");

    final Path directory;
    final Path file;
    final OpenFiles openFiles = new OpenFiles(LogFiles.onDisk(), 1);

    FuzzedSegment(String name) {
        try {
            directory =
                    Files.isWritable(MEMORY)
                            ? Files.createTempDirectory(MEMORY, name)
                            : Files.createTempDirectory(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file = directory.resolve(OffsetFileName.SEGMENT.of(0));
    }

    /** Writes {@code bytes} into the segment. */
    void holds(byte[] bytes) throws IOException {
        Files.write(file, bytes);
    }

    byte[] bytes() throws IOException {
        return Files.readAllBytes(file);
    }

    /** The first two bytes, as a number up to {@code max}. */
    static int number(byte[] bytes, int max) {
        return ((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff)) % (max + 1);
    }

    /** What follows the first two bytes. */
    static byte[] rest(byte[] bytes) {
        return Arrays.copyOfRange(bytes, 2, bytes.length);
    }

    void erase() throws IOException {
        TornTailTest.erase(directory);
    }
}
