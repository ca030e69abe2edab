package io.kq.metadata.raft;

import io.kq.metadata.record.VoterSet.Voter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The quorum, and this voter's place in it.
 *
 * @param voters at the cluster's birth, all of them, this one too; never left out because a name
 *     does not resolve. Empty: this one joins a quorum that exists, whose leader will tell it. Once
 *     the log has a configuration this is not looked at
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
}
