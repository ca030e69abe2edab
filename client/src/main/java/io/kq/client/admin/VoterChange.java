package io.kq.client.admin;

/**
 * What became of a change of the metadata quorum's voters.
 *
 * @param changed false: it was so before
 * @param found one sentence without a full stop: what was found or done
 * @param quorum as its leader sees it now
 */
public record VoterChange(boolean changed, String found, ClusterDescription.Quorum quorum) {}
