package io.kq.metadata.raft;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs what a power cut can leave in the open segment of a Raft log: the length of an entry that
 * was being written, and zeros where the rest of it would be. Ratis takes that for damage and
 * refuses to start. The entry was never synced, so it was never acknowledged, and cutting it off
 * loses nothing. Anything else that is wrong stays as it is, and Ratis refuses to start rightly:
 * this voter's disk is then to be treated as lost.
 *
 * <p>A segment is a magic, then entries: length (varint), bytes, CRC32C of both; zeros fill the
 * preallocated rest. Blocking; before Ratis starts.
 */
final class LogTailRepair {

    private static final Logger LOG = LoggerFactory.getLogger(LogTailRepair.class);

    private static final byte[] MAGIC = {'R', 'a', 'f', 't', 'L', 'o', 'g', '1'};
    private static final int CRC_BYTES = 4;

    private LogTailRepair() {}

    /** Looks at the open segment of each group below {@code raftDirectory}. */
    static void repair(Path raftDirectory) throws IOException {
        if (!Files.isDirectory(raftDirectory)) {
            return;
        }
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(raftDirectory)) {
            for (Path group : groups) {
                Path current = group.resolve("current");
                if (Files.isDirectory(current)) {
                    repairOpenSegments(current);
                }
            }
        }
    }

    private static void repairOpenSegments(Path directory) throws IOException {
        try (DirectoryStream<Path> segments =
                Files.newDirectoryStream(directory, "log_inprogress_*")) {
            for (Path segment : segments) {
                OptionalLong end = endBeforeTornEntry(segment);
                if (end.isPresent()) {
                    LOG.warn(
                            "Cut an entry that was never synced off segment={} position={}",
                            segment,
                            end.getAsLong());
                    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                        file.setLength(end.getAsLong());
                        file.getFD().sync();
                    }
                }
            }
        }
    }

    /** Where the torn entry begins; empty: there is none, or what is wrong is something else. */
    static OptionalLong endBeforeTornEntry(Path segment) throws IOException {
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(segment), 1 << 16))) {
            byte[] magic = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                return OptionalLong.empty();
            }
            long position = MAGIC.length;
            while (true) {
                Entry entry = Entry.read(in);
                if (entry == null) {
                    return OptionalLong.empty();
                }
                if (!entry.isIntact()) {
                    return entry.hasZeroChecksum() && onlyZeros(in)
                            ? OptionalLong.of(position)
                            : OptionalLong.empty();
                }
                position += entry.bytes();
            }
        } catch (EOFException cutShort) {
            // A file that ends inside an entry is one that Ratis repairs itself.
            return OptionalLong.empty();
        }
    }

    private static boolean onlyZeros(DataInputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) {
                if (buffer[i] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** One frame as it stands in the file. */
    private record Entry(int bytes, long computedCrc, long storedCrc) {

        /** Null: the segment's entries end here. */
        static @Nullable Entry read(DataInputStream in) throws IOException {
            int first = in.read();
            if (first <= 0) {
                return null;
            }
            CRC32C crc = new CRC32C();
            int length = 0;
            int shift = 0;
            int lengthBytes = 0;
            for (int next = first; ; next = in.readUnsignedByte()) {
                crc.update(next);
                length |= (next & 0x7f) << shift;
                shift += 7;
                lengthBytes++;
                if ((next & 0x80) == 0) {
                    break;
                }
                if (lengthBytes == 5) {
                    return damaged(lengthBytes);
                }
            }
            if (length < 0 || length > RaftSettings.ENTRY_MAX.getSizeInt()) {
                return damaged(lengthBytes);
            }
            byte[] body = new byte[length];
            in.readFully(body);
            crc.update(body, 0, length);
            long stored = in.readInt() & 0xffffffffL;
            return new Entry(lengthBytes + length + CRC_BYTES, crc.getValue(), stored);
        }

        private static Entry damaged(int bytes) {
            return new Entry(bytes, 0, 1);
        }

        boolean isIntact() {
            return computedCrc == storedCrc;
        }

        boolean hasZeroChecksum() {
            return storedCrc == 0;
        }
    }
}
