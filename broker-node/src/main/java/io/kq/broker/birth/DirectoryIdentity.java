package io.kq.broker.birth;

import io.kq.broker.config.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a data directory says of itself.
 *
 * @param nodeId whose disk it is
 * @param directoryId made when the directory was empty: an emptied disk is another one (KIP-853)
 * @param clusterId empty: no cluster yet
 * @param voters of the quorum at its birth; empty on a broker-only node
 * @param raftStarted this directory's Raft log exists and may hold a vote: without it the disk is
 *     damaged
 * @param directories ids and paths of all data directories that the node had when this was written;
 *     empty: this one alone
 */
public record DirectoryIdentity(
        int nodeId,
        UUID directoryId,
        String clusterId,
        List<Voter> voters,
        boolean raftStarted,
        Map<UUID, Path> directories) {

    public DirectoryIdentity {
        voters = List.copyOf(voters);
        directories = Map.copyOf(directories);
    }

    static DirectoryIdentity fresh(int nodeId, UUID directoryId) {
        return new DirectoryIdentity(nodeId, directoryId, "", List.of(), false, Map.of());
    }

    public boolean hasCluster() {
        return !clusterId.isEmpty();
    }

    /** The voter that this directory is, if it is one. */
    public Optional<Voter> ownVoter() {
        return voters.stream().filter(v -> v.directoryId().equals(directoryId)).findFirst();
    }

    DirectoryIdentity in(String cluster, List<Voter> itsVoters) {
        return new DirectoryIdentity(
                nodeId, directoryId, cluster, itsVoters, raftStarted, directories);
    }

    DirectoryIdentity withRaftStarted() {
        return new DirectoryIdentity(nodeId, directoryId, clusterId, voters, true, directories);
    }

    DirectoryIdentity withDirectories(Map<UUID, Path> known) {
        return new DirectoryIdentity(nodeId, directoryId, clusterId, voters, raftStarted, known);
    }

    /**
     * One voter as it was at the cluster's birth.
     *
     * @param raftAddress where the other voters reach its Raft port
     * @param nodeAddress where other nodes reach it
     */
    public record Voter(int nodeId, UUID directoryId, HostPort raftAddress, HostPort nodeAddress) {}
}
