package io.kq.log.inspection;

/** Says that the batch at {@code baseOffset} starts at {@code position} of a segment. */
public record IndexEntry(long baseOffset, long segmentBaseOffset, long position) {}
