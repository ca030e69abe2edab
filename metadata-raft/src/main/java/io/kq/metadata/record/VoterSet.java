package io.kq.metadata.record;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The voters of the metadata quorum, as the metadata knows them: Raft's own configuration, told to
 * every node.
 *
 * @param version grows by one with each change; 0: none was written yet
 * @param voters by node id
 */
public record VoterSet(long version, List<Voter> voters) {

    /** Before the first leader wrote them down. */
    public static final VoterSet EMPTY = new VoterSet(0, List.of());

    public VoterSet {
        voters = voters.stream().sorted(Comparator.comparingInt(Voter::nodeId)).toList();
    }

    public Optional<Voter> of(int nodeId) {
        return voters.stream().filter(voter -> voter.nodeId() == nodeId).findFirst();
    }

    /**
     * One voter.
     *
     * @param directoryId with the node id its name (KIP-853): what forgot its vote has another one.
     *     At the cluster's birth the id of the node's first data directory, at each later joining a
     *     new id
     * @param host a name or address that the other voters can reach
     */
    public record Voter(int nodeId, UUID directoryId, String host, int port) {}
}
