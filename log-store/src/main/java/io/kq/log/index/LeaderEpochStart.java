package io.kq.log.index;

/** The offset of the first batch of a leader epoch. */
public record LeaderEpochStart(int leaderEpoch, long startOffset) {}
