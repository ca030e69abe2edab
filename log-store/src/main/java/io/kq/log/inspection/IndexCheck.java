package io.kq.log.inspection;

import io.kq.log.index.SparseEntry;
import io.kq.protocol.record.RecordBatchHeader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Holds the rows of a partition's index against its batches, as they come by. A row that does not
 * fit loses nothing: the node throws the rows away and makes them again. Single thread.
 */
public final class IndexCheck {

    private final Path index;

    /** Rows whose batch has not come by yet, by its base offset. */
    private final TreeMap<Long, SparseEntry> rows = new TreeMap<>();

    public IndexCheck(Path index, List<SparseEntry> entries) {
        this.index = index;
        entries.forEach(entry -> rows.put(entry.baseOffset(), entry));
    }

    /**
     * Drops the rows that speak of files which compaction has replaced: nobody believes them.
     *
     * @param endOffset of the segment, exclusive
     */
    public void dropOutdated(SegmentOnDisk segment, long endOffset) {
        rows.subMap(segment.baseOffset(), endOffset)
                .values()
                .removeIf(row -> row.generation() < segment.generation());
    }

    /** What the row of this batch says wrongly, if it has one. */
    public Optional<Defect> check(BatchOnDisk batch, long segmentBaseOffset) {
        RecordBatchHeader header = batch.header();
        SparseEntry row = rows.remove(header.baseOffset());
        if (row == null) {
            return Optional.empty();
        }
        String expected =
                place(segmentBaseOffset, batch.position(), header.crc(), header.leaderEpoch());
        String found = place(row.segmentBaseOffset(), row.position(), row.crc(), row.leaderEpoch());
        return expected.equals(found)
                ? Optional.empty()
                : Optional.of(defect(row, "expected " + expected + ", found " + found));
    }

    /** Rows of batches that are not there; those outside of the log are only behind or ahead. */
    public List<Defect> left(long logStartOffset, long logEndOffset) {
        List<Defect> defects = new ArrayList<>();
        if (logStartOffset < logEndOffset) {
            for (Map.Entry<Long, SparseEntry> row :
                    rows.subMap(logStartOffset, logEndOffset).entrySet()) {
                defects.add(
                        defect(row.getValue(), "expected a batch that starts there, found none"));
            }
        }
        return defects;
    }

    private Defect defect(SparseEntry row, String problem) {
        return new Defect(
                index,
                row.position(),
                "index row of offset " + row.baseOffset() + ": " + problem,
                false);
    }

    private static String place(long segment, long position, int crc, int leaderEpoch) {
        return String.format(
                Locale.ROOT,
                "segment %d position %d crc %08x epoch %d",
                segment,
                position,
                crc,
                leaderEpoch);
    }
}
