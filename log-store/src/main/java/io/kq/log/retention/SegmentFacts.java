package io.kq.log.retention;

import java.util.function.LongSupplier;

/**
 * What the choice needs to know of a segment.
 *
 * @param endOffset exclusive
 * @param sizeBytes of its batches
 * @param newestTimestampMillis largest timestamp of its records; asked for only if it decides,
 *     since it may have to be read
 */
public record SegmentFacts(long endOffset, long sizeBytes, LongSupplier newestTimestampMillis) {}
