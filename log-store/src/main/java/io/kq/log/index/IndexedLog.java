package io.kq.log.index;

import io.kq.log.segment.BatchSink;
import io.kq.log.segment.LogTail;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an index may ask of the log that it indexes. Any thread, blocking. */
public interface IndexedLog {

    /** Whether the batch that the entry names is where it says. */
    boolean holds(SparseEntry entry);

    /**
     * The segment that compaction put in place of the file that the entry speaks of; empty if that
     * file was not replaced.
     */
    Optional<ReplacedRange> replacementOf(SparseEntry entry);

    /** Its rows were thrown away: {@link PartitionIndex#drain} makes them anew. Does not block. */
    void indexWasLost();

    /** Base offset of the oldest segment. */
    long firstSegmentOffset();

    /** The log's end. Batches before it have been given to {@link PartitionIndex#appended}. */
    LogTail tail();

    /**
     * Shows the batches from the one that starts at {@code fromOffset} up to the one that ends at
     * {@code toOffset}.
     *
     * @param hint a place at or before the first one, to begin looking from; null: anywhere
     */
    void forEachBatch(@Nullable SparseEntry hint, long fromOffset, long toOffset, BatchSink sink)
            throws IOException;
}
