package io.kq.metadata.snapshot;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.image.ImageRecords;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * An image in a file: magic, format, the image's index and term, its numbers of brokers and topics,
 * the records that rebuild it with their lengths, a mark, and the CRC32C of all that. Blocking.
 */
public final class SnapshotFile {

    /** "kqMETA" and two bytes that an editor or a transfer as text would not leave alone. */
    private static final long MAGIC = 0x6b714d4554410d0aL;

    private static final int FORMAT = 1;

    private SnapshotFile() {}

    /** Writes the file so that a crash leaves none or the whole. */
    public static void write(Path file, MetadataImage image) throws IOException {
        CheckedFile.write(
                file,
                out -> {
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
                });
    }

    /**
     * Reads a file that {@link #write} made.
     *
     * @throws IOException damaged or of another format
     * @throws io.kq.metadata.codec.UnknownRecordException written by a newer version
     */
    public static MetadataImage read(Path file) throws IOException {
        return CheckedFile.read(file, in -> read(file, in));
    }

    private static MetadataImage read(Path file, DataInputStream in) throws IOException {
        try {
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
}
