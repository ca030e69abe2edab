package io.kq.broker.partition.core.leader;

/**
 * What does not change in a leader epoch.
 *
 * @param nodeId the leader itself
 * @param leaderEpoch the only epoch whose subscriptions and acknowledgements count
 * @param epochStartOffset log end when the epoch began
 * @param fsync whether a record counts only when it is on the disk
 */
public record LeaderTerm(int nodeId, int leaderEpoch, long epochStartOffset, boolean fsync) {}
