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
 * @param voters of the quorum as this node last heard of them; at first those of its birth. They
 *     count, and not {@code metadata.peers}, once there is a cluster
 * @param votersVersion of {@code voters}; 0: those of the cluster's birth
 * @param raftId with the node id this node's name in Raft, if it joined the quorum after the
 *     cluster's birth: a new one each time, because what left it forgets its vote. Empty: the
 *     directory's id
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
        long votersVersion,
        Optional<UUID> raftId,
        boolean raftStarted,
        Map<UUID, Path> directories) {

    public DirectoryIdentity {
        voters = List.copyOf(voters);
        directories = Map.copyOf(directories);
    }

    static DirectoryIdentity fresh(int nodeId, UUID directoryId) {
        return new DirectoryIdentity(
                nodeId, directoryId, "", List.of(), 0, Optional.empty(), false, Map.of());
    }

    public boolean hasCluster() {
        return !clusterId.isEmpty();
    }

    /** With the node id this node's name in Raft, if it has one. */
    public UUID raftName() {
        return raftId.orElse(directoryId);
    }

    /** The voter that this directory is, if it is one. */
    public Optional<Voter> ownVoter() {
        return voters.stream()
                .filter(v -> v.nodeId() == nodeId && v.directoryId().equals(raftName()))
                .findFirst();
    }

    public boolean isVoter() {
        return ownVoter().isPresent();
    }

    /** Its Raft log was begun, and the quorum has not taken it in as far as it has heard. */
    public boolean isJoining() {
        return raftId.isPresent() && !isVoter();
    }

    /** The quorum counts on this node's vote, which was on a disk that is not there any more. */
    public boolean lostItsVote() {
        return !isVoter() && voters.stream().anyMatch(v -> v.nodeId() == nodeId);
    }

    DirectoryIdentity in(String cluster, List<Voter> itsVoters, long version) {
        return new DirectoryIdentity(
                nodeId, directoryId, cluster, itsVoters, version, raftId, raftStarted, directories);
    }

    /** The same with other voters. */
    public DirectoryIdentity withVoters(List<Voter> others, long version) {
        return in(clusterId, others, version);
    }

    /** The same with a name for a Raft log that is begun now. */
    public DirectoryIdentity joiningAs(UUID name) {
        return new DirectoryIdentity(
                nodeId,
                directoryId,
                clusterId,
                voters,
                votersVersion,
                Optional.of(name),
                false,
                directories);
    }

    /** The same without a vote. */
    public DirectoryIdentity withoutRaft() {
        return new DirectoryIdentity(
                nodeId,
                directoryId,
                clusterId,
                voters,
                votersVersion,
                Optional.empty(),
                false,
                directories);
    }

    /** The same with the mark that the Raft log exists. */
    public DirectoryIdentity withRaftStarted() {
        return new DirectoryIdentity(
                nodeId, directoryId, clusterId, voters, votersVersion, raftId, true, directories);
    }

    DirectoryIdentity withDirectories(Map<UUID, Path> known) {
        return new DirectoryIdentity(
                nodeId, directoryId, clusterId, voters, votersVersion, raftId, raftStarted, known);
    }

    /**
     * One voter.
     *
     * @param raftAddress where the other voters reach its Raft port
     * @param nodeAddress where other nodes reach it
     */
    public record Voter(int nodeId, UUID directoryId, HostPort raftAddress, HostPort nodeAddress) {}
}
