package io.kq.metadata.shard;

/**
 * How far a group has come in a partition.
 *
 * @param offset of the next record to be read
 * @param leaderEpoch in which the record before it was written, -1: not known
 * @param metadata the committer's own words, perhaps empty
 * @param atMillis when it was committed
 */
public record CommittedOffset(long offset, int leaderEpoch, String metadata, long atMillis) {}
