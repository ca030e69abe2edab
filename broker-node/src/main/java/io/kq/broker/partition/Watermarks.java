package io.kq.broker.partition;

/**
 * What a reader is told of a partition beside its data.
 *
 * @param highWatermark first offset that is not committed yet
 * @param lastStableOffset first offset of an open transaction, else the high watermark; without
 *     transactions always the latter
 * @param logStartOffset first offset that still exists
 */
public record Watermarks(long highWatermark, long lastStableOffset, long logStartOffset) {}
