package io.kq.client.metadata;

import io.kq.protocol.TopicPartition;

/**
 * Asks for an offset of a partition.
 *
 * @param timestampMillis for {@link Kind#TIMESTAMP} only
 */
public record OffsetQuery(TopicPartition partition, Kind kind, long timestampMillis) {

    /** Which offset is meant. */
    public enum Kind {
        /** The first one that still exists. */
        EARLIEST,
        /** The high watermark. */
        LATEST,
        /** The first record that is not older than a timestamp. */
        TIMESTAMP
    }
}
