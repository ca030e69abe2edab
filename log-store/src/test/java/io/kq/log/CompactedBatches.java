package io.kq.log;

import io.kq.log.CrashModel.Batch;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stored batches held against those that were sent, where compaction may have been: each record
 * that is there was sent so, at its offset; one that is missing has a later one with its key, or
 * was missing before; offsets, epochs and producers are those that were sent. Single use.
 */
final class CompactedBatches {

    private static final int BOUND = 1 << 20;

    private final List<Batch> sent;
    private final Set<Long> missing = new HashSet<>();

    private CompactedBatches(List<Batch> sent) {
        this.sent = sent;
    }

    /**
     * Whether {@code stored} may have become of {@code sent}.
     *
     * @param goneBefore offsets of records that are known to be gone
     * @return offsets of records that are gone; empty: it may not
     */
    static Optional<Set<Long>> of(List<Batch> sent, List<ByteBuffer> stored, Set<Long> goneBefore) {
        CompactedBatches judged = new CompactedBatches(sent);
        return judged.fits(stored) && judged.isSuperseded(goneBefore)
                ? Optional.of(judged.missing)
                : Optional.empty();
    }

    /** Each stored batch stands for one that was sent or, without records, for several. */
    private boolean fits(List<ByteBuffer> stored) {
        int index = 0;
        long expected = -1;
        for (ByteBuffer batch : stored) {
            RecordBatchHeader header = RecordBatchHeader.read(batch, 0);
            if (expected >= 0 && header.baseOffset() != expected) {
                return false;
            }
            expected = header.nextOffset();
            List<Batch> covered = new ArrayList<>();
            long next = header.baseOffset();
            while (index < sent.size() && next < header.nextOffset()) {
                Batch one = sent.get(index++);
                covered.add(one);
                next = one.nextOffset();
            }
            if (next != header.nextOffset() || !standsFor(batch, header, covered)) {
                return false;
            }
        }
        return index == sent.size();
    }

    private boolean standsFor(ByteBuffer stored, RecordBatchHeader header, List<Batch> covered) {
        Batch first = covered.get(0);
        boolean begins =
                header.isPlaceholder()
                        ? header.baseOffset() <= first.baseOffset()
                        : header.baseOffset() == first.baseOffset();
        if (!begins || covered.stream().anyMatch(b -> b.leaderEpoch() != header.leaderEpoch())) {
            return false;
        }
        if (!header.isPlaceholder()
                && (covered.size() > 1
                        || header.producerId() != first.producerId()
                        || header.baseSequence() != first.sequence())) {
            return false;
        }
        if (stored.equals(first.stored())) {
            return true;
        }
        Map<Long, String> left = texts(stored);
        for (Batch batch : covered) {
            for (Map.Entry<Long, String> record : texts(batch.stored()).entrySet()) {
                String found = left.remove(record.getKey());
                if (found == null) {
                    missing.add(record.getKey());
                } else if (!found.equals(record.getValue())) {
                    return false;
                }
            }
        }
        return left.isEmpty();
    }

    private boolean isSuperseded(Set<Long> goneBefore) {
        Map<String, Long> last = new HashMap<>();
        Map<Long, String> keys = new HashMap<>();
        for (Batch batch : sent) {
            texts(batch.stored())
                    .forEach(
                            (offset, text) -> {
                                String key = text.substring(0, text.indexOf('='));
                                keys.put(offset, key);
                                last.merge(key, offset, Math::max);
                            });
        }
        return missing.stream()
                .allMatch(
                        offset ->
                                goneBefore.contains(offset)
                                        || last.getOrDefault(keys.getOrDefault(offset, ""), -1L)
                                                > offset);
    }

    private static Map<Long, String> texts(ByteBuffer batch) {
        Map<Long, String> texts = new HashMap<>();
        for (BatchRecord record : RecordReader.readAll(batch, BOUND)) {
            texts.put(record.offset(), KeyedBatches.text(record));
        }
        return texts;
    }
}
