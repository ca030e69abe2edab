package io.kq.log.inspection;

/** The offset of the first record of a leader epoch. */
public record EpochStart(int leaderEpoch, long startOffset) {}
