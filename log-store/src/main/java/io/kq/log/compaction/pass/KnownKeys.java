package io.kq.log.compaction.pass;

import io.kq.log.compaction.DirtyRange;
import io.kq.log.compaction.KeyDigest;
import io.kq.log.compaction.KeyOffsets;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Collects the last offset of each key in a dirty range, as far as memory goes. */
final class KnownKeys {

    private final KeyDigest digest = new KeyDigest();
    private final int capacityMax;
    private KeyOffsets offsets;

    /** Keys of batches below it are known. */
    private long toOffset;

    private KnownKeys(DirtyRange range, int capacityMax) {
        this.capacityMax = capacityMax;
        this.toOffset = range.toOffset();
        long recordsMax = range.toOffset() - range.fromOffset();
        this.offsets = new KeyOffsets((int) Math.min(capacityMax, recordsMax));
    }

    /** Reads the range. */
    static KnownKeys read(
            SourceReader reader, List<SourceSegment> sources, DirtyRange range, int capacityMax)
            throws IOException {
        KnownKeys known = new KnownKeys(range, capacityMax);
        for (SourceSegment source : sources) {
            if (source.endOffset() > range.fromOffset()
                    && !reader.forEach(source, range.fromOffset(), known::take)) {
                break;
            }
        }
        return known;
    }

    /** False if the batch does not fit any more; one that never would gets memory of its own. */
    private boolean take(RecordBatchHeader header, ByteBuffer bytes) {
        if (header.isControl() || header.recordCount() == 0) {
            return true;
        }
        if (!offsets.hasRoomFor(header.recordCount())) {
            if (offsets.size() > 0 || header.recordCount() <= capacityMax) {
                toOffset = header.baseOffset();
                return false;
            }
            offsets = new KeyOffsets(header.recordCount());
        }
        Optional<RecordReader> records = SourceReader.records(bytes);
        if (records.isPresent()) {
            put(records.get());
        }
        return true;
    }

    private void put(RecordReader records) {
        while (records.advance()) {
            if (records.hasKey()) {
                digest.of(records);
                offsets.put(digest, records.offset());
            }
        }
    }

    KeyOffsets offsets() {
        return offsets;
    }

    /** Keys of batches below it are known; a batch starts there. */
    long toOffset() {
        return toOffset;
    }
}
