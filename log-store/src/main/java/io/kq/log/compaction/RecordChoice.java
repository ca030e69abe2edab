package io.kq.log.compaction;

import io.kq.log.compaction.BatchVerdict.Empties;
import io.kq.log.compaction.BatchVerdict.Goes;
import io.kq.log.compaction.BatchVerdict.Shrinks;
import io.kq.log.compaction.BatchVerdict.Stays;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * Which records of a log stay in one pass of compaction:
 *
 * <ul>
 *   <li>the last one of each key, and all that come after the range whose keys are known;
 *   <li>a tombstone until its delete horizon, which the first pass that meets it sets (KIP-534);
 *   <li>all that have no key: nothing can take their place;
 *   <li>all of a control batch.
 * </ul>
 *
 * A batch that a producer may repeat stays without its records, so that the repetition is known.
 * Single thread.
 */
public final class RecordChoice {

    /**
     * A batch with more than this when decompressed is not looked into: such a one is refused where
     * it would be appended to a compacted topic, and stays where it came before that.
     */
    public static final int PLAIN_BYTES_MAX = 64 << 20;

    private final KeyOffsets keys;
    private final long toOffset;
    private final LongPredicate remembered;
    private final long nowMillis;
    private final long deleteRetentionMillis;
    private final KeyDigest digest = new KeyDigest();

    /**
     * For one pass.
     *
     * @param keys last offsets of the keys of the records before {@code toOffset}
     * @param toOffset batches from here on stay as they are
     * @param remembered by the base offset of a batch: whether its producer may repeat it
     * @param nowMillis wall clock
     * @param deleteRetentionMillis for how long a tombstone stays that is met for the first time
     */
    public RecordChoice(
            KeyOffsets keys,
            long toOffset,
            LongPredicate remembered,
            long nowMillis,
            long deleteRetentionMillis) {
        this.keys = keys;
        this.toOffset = toOffset;
        this.remembered = remembered;
        this.nowMillis = nowMillis;
        this.deleteRetentionMillis = deleteRetentionMillis;
    }

    /** Whether all of the batch stays, whatever is in it. */
    public boolean staysUnread(RecordBatchHeader header) {
        return header.baseOffset() >= toOffset || header.isControl();
    }

    /**
     * Judges a batch.
     *
     * @param records of it, before the first one; stands behind the last one after
     * @throws io.kq.protocol.RejectedException CORRUPT_BATCH if they cannot be read
     */
    public BatchVerdict judge(RecordReader records) {
        RecordBatchHeader header = records.header();
        OptionalLong horizon = header.deleteHorizonMillis();
        BitSet retained = new BitSet();
        int count = 0;
        boolean hasTombstone = false;
        while (records.advance()) {
            if (stays(records, horizon)) {
                retained.set(count);
                hasTombstone |= records.hasKey() && !records.hasValue();
            }
            count++;
        }
        int removed = count - retained.cardinality();
        if (retained.isEmpty()) {
            return withoutRecords(header, removed);
        }
        OptionalLong set =
                hasTombstone && horizon.isEmpty()
                        ? OptionalLong.of(horizonFromNow())
                        : OptionalLong.empty();
        return removed == 0 && set.isEmpty() ? new Stays() : new Shrinks(retained, set, removed);
    }

    private boolean stays(RecordReader record, OptionalLong horizon) {
        if (!record.hasKey()) {
            return true;
        }
        digest.of(record);
        if (keys.lastOffset(digest) > record.offset()) {
            return false;
        }
        return record.hasValue() || horizon.isEmpty() || nowMillis < horizon.getAsLong();
    }

    private long horizonFromNow() {
        long horizon = nowMillis + deleteRetentionMillis;
        return horizon < nowMillis ? Long.MAX_VALUE : horizon;
    }

    private BatchVerdict withoutRecords(RecordBatchHeader header, int removed) {
        if (!header.isIdempotent() || !remembered.test(header.baseOffset())) {
            return new Goes(removed);
        }
        return header.recordCount() == 0 ? new Stays() : new Empties(removed);
    }
}
