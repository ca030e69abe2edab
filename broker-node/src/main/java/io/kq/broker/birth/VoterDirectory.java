package io.kq.broker.birth;

import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.config.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** How a node that is being born asks the voters. Implemented over the node port. Any thread. */
public interface VoterDirectory {

    /** Asks who is there; fails if nobody answers soon. */
    CompletableFuture<Self> identify(HostPort address);

    /** Tells a voter of the cluster that was just founded; what comes of it is not waited for. */
    void announce(HostPort address, String clusterId, List<Voter> voters, int founderId);

    /**
     * What a node says of itself.
     *
     * @param directoryId empty: not known yet
     * @param clusterId empty: no cluster yet
     * @param votersVersion of {@code voters}: a higher one is newer
     * @param raftAddress empty: it is no voter
     */
    record Self(
            int nodeId,
            Optional<UUID> directoryId,
            String clusterId,
            List<Voter> voters,
            long votersVersion,
            Optional<HostPort> raftAddress) {
        public Self {
            voters = List.copyOf(voters);
        }
    }
}
