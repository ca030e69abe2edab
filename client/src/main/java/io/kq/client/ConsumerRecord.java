package io.kq.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read. The arrays are the reader's own.
 *
 * @param logAppendTime whether the timestamp is the broker's and not the producer's
 */
@SuppressWarnings("ArrayRecordComponent")
public record ConsumerRecord(
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        boolean logAppendTime,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers) {}
