package io.kq.log.inspection;

import io.kq.log.index.IndexReader;
import io.kq.log.io.StorageFaultException;
import io.kq.log.layout.StoreLayout;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks at a data directory without touching it: nothing is opened for writing, no lock is taken,
 * so it works beside a live node too. Then the last batch of a partition may be seen half written,
 * and files may vanish between two calls. Blocking; any thread, one at a time.
 */
public final class LogInspection {

    private LogInspection() {}

    /**
     * All partitions with data, by topic id and number; those being deleted are left out.
     *
     * @throws RejectedException INVALID_ARGUMENT if this is no data directory
     */
    public static List<PartitionOnDisk> partitions(Path dataDirectory) {
        StoreLayout layout = new StoreLayout(dataDirectory);
        if (!Files.isDirectory(layout.partitions())) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT,
                    dataDirectory + " is no data directory: it has no 'partitions' in it");
        }
        return looking(layout.partitions(), () -> DirectoryReader.partitions(layout));
    }

    /** A partition's segments, oldest first. */
    public static List<SegmentOnDisk> segments(PartitionOnDisk partition) {
        return looking(
                partition.directory(), () -> DirectoryReader.segments(partition.directory()));
    }

    /**
     * Hands the segment's batches to {@code each}, first to last, until it answers false.
     *
     * @return what stands where the next batch should start, if that is not a whole batch
     */
    public static Optional<Defect> batches(SegmentOnDisk segment, Predicate<BatchOnDisk> each) {
        return looking(segment.file(), () -> DirectoryReader.batches(segment, each));
    }

    /** A batch's bytes as they are stored, for those who read its records. */
    public static ByteBuffer bytes(BatchOnDisk batch) {
        return looking(batch.file(), () -> DirectoryReader.bytes(batch));
    }

    /** {@link DirectoryVerification} of one partition alone. */
    public static VerificationReport verify(PartitionOnDisk partition) {
        try (DirectoryVerification verification =
                DirectoryVerification.open(partition.dataDirectory())) {
            return verification.verify(partition);
        }
    }

    /** Where each leader epoch starts, read from the batches. */
    public static List<EpochStart> epochs(PartitionOnDisk partition) {
        return looking(partition.directory(), () -> DirectoryReader.epochs(partition.directory()));
    }

    /** Idempotent producers as of the newest snapshot on disk. */
    public static List<ProducerOnDisk> producers(PartitionOnDisk partition) {
        return looking(
                partition.directory(), () -> DirectoryReader.producers(partition.directory()));
    }

    /**
     * The partition's entries in the index, as far as its owner has flushed them; empty if it does
     * not open beside its owner.
     */
    public static Optional<List<IndexEntry>> index(Path dataDirectory, PartitionOnDisk partition) {
        try (IndexReader index = IndexReader.open(new StoreLayout(dataDirectory).index())) {
            return Optional.of(
                    index.entries(partition.indexId()).stream()
                            .map(
                                    entry ->
                                            new IndexEntry(
                                                    entry.baseOffset(),
                                                    entry.segmentBaseOffset(),
                                                    entry.position()))
                            .toList());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Something that looks at files. */
    @FunctionalInterface
    interface Look<T> {
        T look() throws IOException;
    }

    /** What it sees, or the refusal that its failure means. */
    static <T> T looking(Path at, Look<T> look) {
        try {
            return look.look();
        } catch (NoSuchFileException gone) {
            throw new RejectedException(
                    ErrorCode.PARTITION_NOT_FOUND, "it is gone: " + gone.getMessage());
        } catch (IOException e) {
            throw new RejectedException(
                    ErrorCode.STORAGE_FAULT, StorageFaultException.of("read", at, e).getMessage());
        }
    }
}
