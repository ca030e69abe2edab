package io.kq.metadata.publish;

import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.RecordSize;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The newest batches, for followers that are only a little behind. Bounded. Any thread. */
final class FeedRing {

    /** A batch at its place in the log. */
    record Entry(long index, long term, MetadataBatch batch) {}

    private static final int PER_READ_MAX = 64;

    private final int countMax;
    private final long bytesMax;

    /** Ascending by index. Guarded by this. */
    private final Deque<Entry> entries = new ArrayDeque<>();

    private long bytes;

    /** All batches after this index, and before the newest, are here. Guarded by this. */
    private long completeAfter = -1;

    FeedRing(int countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    synchronized void add(Entry entry) {
        entries.add(entry);
        bytes += RecordSize.boundBytes(entry.batch().records());
        while (entries.size() > countMax || (bytes > bytesMax && entries.size() > 1)) {
            Entry oldest = entries.remove();
            bytes -= RecordSize.boundBytes(oldest.batch().records());
            completeAfter = oldest.index();
        }
    }

    /** The image was replaced by one at {@code index}: what led there is not known. */
    synchronized void restart(long index) {
        entries.clear();
        bytes = 0;
        completeAfter = index;
    }

    /** The next batches after {@code index}; empty: they are gone, the image must be sent. */
    synchronized Optional<List<Entry>> after(long index) {
        if (index < completeAfter) {
            return Optional.empty();
        }
        List<Entry> next = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.index() > index) {
                next.add(entry);
                if (next.size() == PER_READ_MAX) {
                    break;
                }
            }
        }
        return Optional.of(next);
    }
}
