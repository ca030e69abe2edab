package io.kq.protocol.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a batch, copied out of it: the arrays are the receiver's own.
 *
 * @param key null: none (an empty key is another thing)
 * @param value null: none, which compaction reads as "deleted"
 */
@SuppressWarnings("ArrayRecordComponent")
public record BatchRecord(
        long offset,
        long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {

    /** A header of a record; names may repeat. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Header(String key, byte @Nullable [] value) {}
}
