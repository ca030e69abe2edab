package io.kq.metadata.raft;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The quorum, and this voter's place in it.
 *
 * @param voters all of them, this one too; never left out because a name does not resolve
 * @param directory the only place of the Raft log and its snapshots
 * @param bindHost never empty: Ratis would bind every interface
 * @param electionTimeoutMin a follower that hears nothing for a time between this and {@code
 *     electionTimeoutMax} stands for election
 * @param snapshotThreshold entries applied since the last snapshot that make the next one
 */
public record RaftConfig(
        List<Voter> voters,
        Path directory,
        String bindHost,
        int bindPort,
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        int snapshotThreshold) {

    public RaftConfig {
        voters = List.copyOf(voters);
        if (bindHost.isEmpty()) {
            throw new IllegalArgumentException("the Raft port needs a host to bind");
        }
        if (electionTimeoutMin.compareTo(electionTimeoutMax) >= 0) {
            throw new IllegalArgumentException(
                    "election timeouts must differ: min="
                            + electionTimeoutMin
                            + " max="
                            + electionTimeoutMax);
        }
    }

    /** With the usual timeouts (0.5 to 1 s) and snapshots (every 50,000 entries). */
    public static RaftConfig of(List<Voter> voters, Path directory, String bindHost, int bindPort) {
        return new RaftConfig(
                voters,
                directory,
                bindHost,
                bindPort,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                50_000);
    }

    /** The same with another election timeout: between {@code timeout} and twice of it. */
    public RaftConfig withElectionTimeout(Duration timeout) {
        return new RaftConfig(
                voters,
                directory,
                bindHost,
                bindPort,
                timeout,
                timeout.multipliedBy(2),
                snapshotThreshold);
    }

    /** The same with snapshots after as many entries. */
    public RaftConfig withSnapshotThreshold(int threshold) {
        return new RaftConfig(
                voters,
                directory,
                bindHost,
                bindPort,
                electionTimeoutMin,
                electionTimeoutMax,
                threshold);
    }

    /**
     * One voter.
     *
     * @param directoryId an emptied disk has another one, and is another voter
     * @param host a name or address that the other voters can reach
     */
    public record Voter(int nodeId, UUID directoryId, String host, int port) {}
}
