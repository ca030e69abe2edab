package io.kq.log.index;

import io.kq.log.segment.BatchSink;
import io.kq.log.segment.Segment;
import io.kq.protocol.record.RecordBatchHeader;
import java.util.ArrayList;
import java.util.List;

/** Makes rows of batches that are read from the segments. Under the index's write lock. */
final class GapFill implements BatchSink {

    private static final int ROWS_PER_WRITE = 512;

    private final IndexStore store;
    private final int id;
    private final Sampler sampler = new Sampler();
    private final List<SparseEntry> entries = new ArrayList<>();
    private final List<LeaderEpochStart> epochs = new ArrayList<>();
    private IndexedUpTo upTo;

    GapFill(IndexStore store, int id, IndexedUpTo from) {
        this.store = store;
        this.id = id;
        this.upTo = from;
    }

    @Override
    public void onBatch(RecordBatchHeader header, Segment segment, long position) {
        SparseEntry entry =
                sampler.sample(
                        header,
                        segment.baseOffset(),
                        segment.generation(),
                        position,
                        upTo.maxTimestampMillis());
        if (entry != null) {
            entries.add(entry);
        }
        if (header.leaderEpoch() > upTo.lastLeaderEpoch()) {
            epochs.add(new LeaderEpochStart(header.leaderEpoch(), header.baseOffset()));
        }
        upTo =
                new IndexedUpTo(
                        upTo.partition(),
                        header.nextOffset(),
                        header.leaderEpoch(),
                        Math.max(upTo.maxTimestampMillis(), header.maxTimestamp()),
                        entry == null ? upTo.lastEntryOffset() : entry.baseOffset());
        if (entries.size() + epochs.size() >= ROWS_PER_WRITE) {
            finish();
        }
    }

    /** Writes what is left; answers how far the rows reach. */
    IndexedUpTo finish() {
        store.write(id, upTo, entries, epochs);
        entries.clear();
        epochs.clear();
        return upTo;
    }
}
