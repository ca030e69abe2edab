package io.kq.metadata.snapshot;

import io.kq.runtime.io.DurableFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/** A file that ends with the CRC32C of all before it: there whole, or not at all. Blocking. */
final class CheckedFile {

    private static final int BUFFER_BYTES = 1 << 16;

    private CheckedFile() {}

    /** Writes what comes before the checksum. */
    @FunctionalInterface
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads what comes before the checksum, which was found right. */
    @FunctionalInterface
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    /** Writes the file so that a crash leaves none or the whole. */
    static void write(Path file, Writer body) throws IOException {
        DurableFile.replace(
                file,
                plain -> {
                    CheckedOutputStream checked = new CheckedOutputStream(plain, new CRC32C());
                    DataOutputStream out = new DataOutputStream(checked);
                    body.write(out);
                    out.writeLong(checked.getChecksum().getValue());
                });
    }

    /**
     * Reads a file that {@link #write} made. The checksum first: nothing of a damaged file is ever
     * parsed.
     *
     * @throws IOException damaged, or what {@code body} throws
     */
    static <T> T read(Path file, Reader<T> body) throws IOException {
        verify(file);
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
            return body.read(in);
        }
    }

    private static void verify(Path file) throws IOException {
        long bodyBytes = Files.size(file) - Long.BYTES;
        if (bodyBytes < 0) {
            throw new IOException(file + " is too short for a snapshot");
        }
        CheckedInputStream checked =
                new CheckedInputStream(
                        new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES),
                        new CRC32C());
        try (DataInputStream in = new DataInputStream(checked)) {
            in.skipNBytes(bodyBytes);
            long computed = checked.getChecksum().getValue();
            long stored = in.readLong();
            if (computed != stored) {
                throw new IOException(
                        String.format(
                                "%s is damaged: crc=%08x, the file says %016x",
                                file, computed, stored));
            }
        }
    }
}
