package io.kq.log;

import io.kq.log.inspection.BatchOnDisk;
import io.kq.log.inspection.Defect;
import io.kq.log.inspection.EpochStart;
import io.kq.log.inspection.IndexEntry;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.ProducerOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import io.kq.log.inspection.VerificationReport;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks at a data directory without touching it: nothing is opened for writing, no lock is taken,
 * so it works beside a live node too. Then the last batch of a partition may be seen half written,
 * and files may vanish between two calls. Blocking; any thread, one at a time.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class LogInspection {

    private LogInspection() {}

    /**
     * All partitions with data, by topic id and number; those being deleted are left out.
     *
     * @throws RejectedException INVALID_ARGUMENT if this is no data directory
     */
    public static List<PartitionOnDisk> partitions(Path dataDirectory) {
        throw notYet();
    }

    /** A partition's segments, oldest first. */
    public static List<SegmentOnDisk> segments(PartitionOnDisk partition) {
        throw notYet();
    }

    /**
     * Hands the segment's batches to {@code each}, first to last, until it answers false.
     *
     * @return what stands where the next batch should start, if that is not a whole batch
     */
    public static Optional<Defect> batches(SegmentOnDisk segment, Predicate<BatchOnDisk> each) {
        throw notYet();
    }

    /** A batch's bytes as they are stored, for those who read its records. */
    public static ByteBuffer bytes(BatchOnDisk batch) {
        throw notYet();
    }

    /** Reads every byte of a partition and checks all that can be checked. */
    public static VerificationReport verify(PartitionOnDisk partition) {
        throw notYet();
    }

    /** Where each leader epoch starts, read from the batches. */
    public static List<EpochStart> epochs(PartitionOnDisk partition) {
        throw notYet();
    }

    /** Idempotent producers as of the newest snapshot on disk. */
    public static List<ProducerOnDisk> producers(PartitionOnDisk partition) {
        throw notYet();
    }

    /** The partition's entries in the index; empty if the index does not open beside its owner. */
    public static Optional<List<IndexEntry>> index(PartitionOnDisk partition) {
        throw notYet();
    }

    private static RejectedException notYet() {
        return new RejectedException(ErrorCode.UNSUPPORTED, "inspection is not there yet");
    }
}
