package io.kq.log.inspection;

import io.kq.log.layout.PartitionProperties;
import io.kq.log.segment.BatchRules;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.RecordReader;
import io.kq.runtime.io.FileProblem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a whole partition: every byte of every segment, every CRC, the order of offsets
 * and epochs, the records inside each batch, the rows of the index. Goes on behind a defect where
 * it can. Single thread.
 */
public final class Verification {

    /** More than this is not decompressed; such a batch counts as unreadable. */
    private static final int PLAIN_BYTES_MAX = 256 << 20;

    private final PartitionOnDisk partition;
    private final IndexCheck index;
    private final List<Defect> defects = new ArrayList<>();
    private final List<Defect> warnings;
    private long batchCount;
    private long recordCount;
    private long sizeBytes;
    private long expectedOffset = BatchRules.ANY_OFFSET;
    private int lastLeaderEpoch = -1;

    /** Why reading a batch's bytes again failed; null if it did not. */
    private @Nullable IOException failure;

    /**
     * Of one partition.
     *
     * @param warnings known already
     */
    public Verification(PartitionOnDisk partition, IndexCheck index, List<Defect> warnings) {
        this.partition = partition;
        this.index = index;
        this.warnings = new ArrayList<>(warnings);
    }

    /** Reads it all. */
    public VerificationReport run() throws IOException {
        List<SegmentOnDisk> segments = DirectoryReader.segments(partition.directory());
        checkStart(segments);
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i == segments.size() - 1;
            SegmentOnDisk segment = segments.get(i);
            index.dropOutdated(segment, last ? Long.MAX_VALUE : segments.get(i + 1).baseOffset());
            try {
                check(segment, last);
            } catch (NoSuchFileException gone) {
                throw gone;
            } catch (IOException unreadable) {
                // What is missing because of it is told by this alone.
                addUnreadable(segment, unreadable);
                expectedOffset =
                        last
                                ? Math.max(expectedOffset, partition.recoveryPoint())
                                : segments.get(i + 1).baseOffset();
            }
        }
        long end = Math.max(expectedOffset, 0);
        warnings.addAll(index.left(partition.logStartOffset(), end));
        checkBeside();
        if (end < partition.recoveryPoint()) {
            defects.add(
                    new Defect(
                            partition.directory(),
                            0,
                            "expected records up to "
                                    + partition.recoveryPoint()
                                    + ", which were on the disk, found records up to "
                                    + end,
                            false));
        }
        return new VerificationReport(
                segments.size(),
                batchCount,
                recordCount,
                sizeBytes,
                segments.isEmpty()
                        ? partition.logStartOffset()
                        : Math.max(partition.logStartOffset(), segments.get(0).baseOffset()),
                end,
                defects,
                warnings);
    }

    private void addUnreadable(SegmentOnDisk segment, IOException why) {
        defects.add(
                new Defect(
                        segment.file(),
                        0,
                        "expected to read all of it, the disk says: " + FileProblem.of(why),
                        false));
    }

    private void checkStart(List<SegmentOnDisk> segments) {
        boolean hadRecords = partition.recoveryPoint() > partition.logStartOffset();
        if (hadRecords
                && !segments.isEmpty()
                && segments.get(0).baseOffset() > partition.logStartOffset()) {
            defects.add(
                    new Defect(
                            segments.get(0).file(),
                            0,
                            "expected a segment with record "
                                    + partition.logStartOffset()
                                    + " before it, found none",
                            false));
        }
    }

    /** The small files that go with the segments. */
    private void checkBeside() throws IOException {
        Path directory = partition.directory();
        if (partition.indexId() < 0) {
            warnings.add(
                    new Defect(
                            PartitionProperties.file(directory),
                            0,
                            "expected the partition's name and index id, found none; the node"
                                    + " writes it anew",
                            false));
        }
        for (Path file : DirectoryReader.brokenSnapshots(directory)) {
            warnings.add(
                    new Defect(
                            file,
                            0,
                            "expected a whole producer snapshot, found none; the node reads the"
                                    + " batches instead",
                            false));
        }
    }

    private void check(SegmentOnDisk segment, boolean last) throws IOException {
        if (expectedOffset != BatchRules.ANY_OFFSET && segment.baseOffset() != expectedOffset) {
            defects.add(
                    new Defect(
                            segment.file(), 0, BatchRules.segmentProblem(expectedOffset), false));
        }
        expectedOffset = segment.baseOffset();
        sizeBytes += segment.sizeBytes();
        Optional<Defect> end =
                DirectoryReader.batches(segment, batch -> check(batch, segment, last));
        IOException failed = failure;
        if (failed != null) {
            failure = null;
            throw failed;
        }
        end.ifPresent(defect -> add(defect.position(), defect, last));
    }

    private boolean check(BatchOnDisk batch, SegmentOnDisk segment, boolean last) {
        String problem =
                BatchRules.successionProblem(batch.header(), expectedOffset, lastLeaderEpoch);
        if (problem == null && !batch.crcMatches()) {
            problem = BatchRules.CRC_PROBLEM;
        }
        if (problem == null) {
            problem = recordsProblem(batch);
        }
        if (problem != null) {
            add(batch.position(), new Defect(batch.file(), batch.position(), problem, false), last);
        }
        index.check(batch, segment.baseOffset()).ifPresent(warnings::add);
        batchCount++;
        expectedOffset = batch.header().nextOffset();
        lastLeaderEpoch = batch.header().leaderEpoch();
        return failure == null;
    }

    private @Nullable String recordsProblem(BatchOnDisk batch) {
        try {
            RecordReader records = RecordReader.open(DirectoryReader.bytes(batch), PLAIN_BYTES_MAX);
            while (records.advance()) {
                recordCount++;
            }
            return null;
        } catch (RejectedException unreadable) {
            return "expected readable records, found " + unreadable.getMessage();
        } catch (IOException e) {
            failure = e;
            return null;
        }
    }

    /** In the tail is what recovery would cut: in the last segment, not known to be on the disk. */
    private void add(long position, Defect found, boolean last) {
        boolean inTail = last && expectedOffset >= partition.recoveryPoint();
        defects.add(new Defect(found.file(), position, found.problem(), inTail));
    }
}
