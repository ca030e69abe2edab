package io.kq.metadata.raft;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.image.ImageRecords;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.runtime.io.DurableFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * An image in a file: magic, format, the image's index and term, its numbers of brokers and topics,
 * the records that rebuild it with their lengths, a mark, and the CRC32C of all that. Blocking.
 */
final class SnapshotFile {

    /** "kqMETA" and two bytes that an editor or a transfer as text would not leave alone. */
    private static final long MAGIC = 0x6b714d4554410d0aL;

    private static final int FORMAT = 1;
    private static final int BUFFER_BYTES = 1 << 16;

    private SnapshotFile() {}

    /** Writes the file so that a crash leaves none or the whole. */
    static void write(Path file, MetadataImage image) throws IOException {
        DurableFile.replace(
                file,
                plain -> {
                    CheckedOutputStream checked = new CheckedOutputStream(plain, new CRC32C());
                    DataOutputStream out = new DataOutputStream(checked);
                    out.writeLong(MAGIC);
                    out.writeInt(FORMAT);
                    out.writeLong(image.index());
                    out.writeLong(image.term());
                    out.writeInt(image.brokers().size());
                    out.writeInt(image.topics().size());
                    Iterator<MetadataRecord> records = ImageRecords.of(image);
                    while (records.hasNext()) {
                        BatchCodec.writeRecord(records.next(), out);
                    }
                    BatchCodec.writeEnd(out);
                    out.writeLong(checked.getChecksum().getValue());
                });
    }

    /**
     * Reads a file that {@link #write} made.
     *
     * @throws IOException damaged or of another format
     * @throws io.kq.metadata.codec.UnknownRecordException written by a newer version
     */
    static MetadataImage read(Path file) throws IOException {
        verify(file);
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
            if (in.readLong() != MAGIC || in.readInt() != FORMAT) {
                throw new IOException(file + " is no metadata snapshot of a known format");
            }
            long index = in.readLong();
            long term = in.readLong();
            int brokerCount = in.readInt();
            int topicCount = in.readInt();
            MetadataImage image = ImageRecords.restore(readRecords(in), index, term);
            if (image.brokers().size() != brokerCount || image.topics().size() != topicCount) {
                throw new IOException(
                        file
                                + " holds "
                                + image.brokers().size()
                                + " brokers and "
                                + image.topics().size()
                                + " topics, not "
                                + brokerCount
                                + " and "
                                + topicCount);
            }
            return image;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " does not hold an image: " + e.getMessage(), e);
        }
    }

    private static List<MetadataRecord> readRecords(DataInputStream in) throws IOException {
        List<MetadataRecord> records = new ArrayList<>();
        while (true) {
            Optional<MetadataRecord> record = BatchCodec.readRecord(in);
            if (record.isEmpty()) {
                return records;
            }
            records.add(record.get());
        }
    }

    /** The checksum first: nothing of a damaged file is ever parsed. */
    private static void verify(Path file) throws IOException {
        long bodyBytes = Files.size(file) - Long.BYTES;
        if (bodyBytes < 0) {
            throw new IOException(file + " is too short for a metadata snapshot");
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
