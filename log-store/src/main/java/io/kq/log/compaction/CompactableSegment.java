package io.kq.log.compaction;

import java.util.function.LongSupplier;

/**
 * What the choice needs to know of a sealed segment.
 *
 * @param baseOffset of its first batch
 * @param endOffset exclusive
 * @param sizeBytes of its batches
 * @param newestTimestampMillis largest timestamp of its records; asked for only if it decides,
 *     since it may have to be read
 * @param oldestTimestampMillis of the first batch that has one; the same
 */
public record CompactableSegment(
        long baseOffset,
        long endOffset,
        long sizeBytes,
        LongSupplier newestTimestampMillis,
        LongSupplier oldestTimestampMillis) {}
