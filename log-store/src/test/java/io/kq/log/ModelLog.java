package io.kq.log;

import io.kq.log.PartitionLog.EpochEnd;
import io.kq.log.PartitionLog.TimestampAndOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a log is, as simply as it can be said: a list of batches. */
final class ModelLog {

    record Batch(long baseOffset, int leaderEpoch, long timestampMillis, List<String> values) {
        long nextOffset() {
            return baseOffset + values.size();
        }
    }

    /** All that were ever appended and not cut; those below the start count as gone. */
    final List<Batch> batches = new ArrayList<>();

    long startOffset;

    long endOffset() {
        return batches.isEmpty() ? 0 : batches.get(batches.size() - 1).nextOffset();
    }

    int lastEpoch() {
        return batches.isEmpty() ? -1 : batches.get(batches.size() - 1).leaderEpoch();
    }

    void append(int leaderEpoch, long timestampMillis, List<String> values) {
        batches.add(new Batch(endOffset(), leaderEpoch, timestampMillis, List.copyOf(values)));
    }

    void cut(long endOffset) {
        batches.removeIf(batch -> batch.nextOffset() > endOffset);
    }

    /** The batches of which something exists. */
    List<Batch> existing() {
        return batches.stream().filter(batch -> batch.nextOffset() > startOffset).toList();
    }

    List<String> valuesFrom(long offset) {
        List<String> values = new ArrayList<>();
        for (Batch batch : batches) {
            for (int i = 0; i < batch.values().size(); i++) {
                if (batch.baseOffset() + i >= offset) {
                    values.add(batch.values().get(i));
                }
            }
        }
        return values;
    }

    /** The batch that contains {@code offset}. */
    Batch batchAt(long offset) {
        return batches.stream()
                .filter(batch -> batch.nextOffset() > offset)
                .findFirst()
                .orElseThrow();
    }

    Optional<TimestampAndOffset> byTime(long timestampMillis, long upperBound) {
        return existing().stream()
                .filter(batch -> batch.timestampMillis() >= timestampMillis)
                .findFirst()
                .map(batch -> new TimestampAndOffset(batch.timestampMillis(), first(batch)))
                .filter(found -> found.offset() < upperBound);
    }

    EpochEnd epochEnd(int leaderEpoch) {
        int found = -1;
        for (Batch batch : existing()) {
            if (batch.leaderEpoch() > leaderEpoch) {
                return new EpochEnd(found, first(batch));
            }
            found = batch.leaderEpoch();
        }
        return new EpochEnd(leaderEpoch < lastEpoch() ? found : lastEpoch(), endOffset());
    }

    private long first(Batch batch) {
        return Math.max(batch.baseOffset(), startOffset);
    }
}
