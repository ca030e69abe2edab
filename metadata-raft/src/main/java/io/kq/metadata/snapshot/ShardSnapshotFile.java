package io.kq.metadata.snapshot;

import io.kq.metadata.codec.ShardCodec;
import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A shard's image in a file: magic, format, the image's index, term and last batch, how many
 * records rebuild it, these with their lengths, and the CRC32C of all that. Blocking.
 */
public final class ShardSnapshotFile {

    /** "kqSHRD" and two bytes that an editor or a transfer as text would not leave alone. */
    private static final long MAGIC = 0x6b71534852440d0aL;

    private static final int FORMAT = 1;

    private ShardSnapshotFile() {}

    /** Writes the file so that a crash leaves none or the whole. */
    public static void write(Path file, ShardImage image) throws IOException {
        List<ShardRecord> records = image.records();
        CheckedFile.write(
                file,
                out -> {
                    out.writeLong(MAGIC);
                    out.writeInt(FORMAT);
                    out.writeLong(image.index());
                    out.writeLong(image.term());
                    out.writeLong(image.lastBatchSequence());
                    out.writeInt(records.size());
                    for (ShardRecord record : records) {
                        ShardCodec.writeRecord(record, out);
                    }
                });
    }

    /**
     * Reads a file that {@link #write} made.
     *
     * @throws IOException damaged or of another format
     * @throws io.kq.metadata.codec.UnknownRecordException written by a newer version
     */
    public static ShardImage read(Path file) throws IOException {
        return CheckedFile.read(file, in -> read(file, in));
    }

    private static ShardImage read(Path file, DataInputStream in) throws IOException {
        if (in.readLong() != MAGIC || in.readInt() != FORMAT) {
            throw new IOException(
                    file + " is no snapshot of a coordination shard of a known format");
        }
        long index = in.readLong();
        long term = in.readLong();
        long lastBatchSequence = in.readLong();
        int count = in.readInt();
        List<ShardRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(ShardCodec.readRecord(in));
        }
        return ShardImage.restored(index, term, lastBatchSequence, records);
    }
}
