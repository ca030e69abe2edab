package io.kq.log.compaction;

/**
 * What a pass of compaction may use.
 *
 * @param keyMapBytes memory for the keys of its dirty range; what does not fit is left to the next
 *     pass
 * @param throttle told of every byte read and written
 */
public record CompactionMeans(long keyMapBytes, Throttle throttle) {}
