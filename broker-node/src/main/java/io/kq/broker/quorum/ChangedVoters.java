package io.kq.broker.quorum;

import io.kq.metadata.record.VoterSet;

/**
 * What became of a request to change the voters.
 *
 * @param changed false: it was so before
 * @param found one sentence: what was found or done
 * @param voters as the metadata tells of them now
 * @param index of the metadata that shows them
 */
public record ChangedVoters(boolean changed, String found, VoterSet voters, long index) {}
