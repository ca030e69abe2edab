package io.kq.broker.quorum;

import io.kq.broker.birth.DirectoryIdentity;
import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.birth.NodeIdentity;
import io.kq.broker.birth.VoterDirectory;
import io.kq.broker.birth.VoterDirectory.Self;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.record.VoterSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Where other nodes are, by all that this node knows: the metadata, what it wrote down, its
 * settings. Any thread.
 */
public final class Neighbours {

    private final NodeIdentity identity;
    private final MetadataSource metadata;
    private final List<Peer> peers;
    private final VoterDirectory directory;

    /**
     * @param peers of the settings
     * @param directory asks nodes who they are
     */
    public Neighbours(
            NodeIdentity identity,
            MetadataSource metadata,
            List<Peer> peers,
            VoterDirectory directory) {
        this.identity = identity;
        this.metadata = metadata;
        this.peers = List.copyOf(peers);
        this.directory = directory;
    }

    /** The voters that may have a feed for this node, in the order in which they are tried. */
    public List<Integer> voterIds() {
        Collection<Integer> known =
                metadata.image().voters().voters().stream().map(VoterSet.Voter::nodeId).toList();
        if (known.isEmpty()) {
            known = identity.now().voters().stream().map(Voter::nodeId).toList();
        }
        List<Integer> others = known.stream().filter(id -> id != selfId()).toList();
        return others.isEmpty() ? peers.stream().map(Peer::nodeId).toList() : others;
    }

    /** Voters with their node ports, as they are written down. */
    public List<Voter> named(VoterSet voters) {
        Map<Integer, HostPort> addresses = addresses();
        return voters.voters().stream()
                .map(
                        voter -> {
                            HostPort raft = new HostPort(voter.host(), voter.port());
                            return new Voter(
                                    voter.nodeId(),
                                    voter.directoryId(),
                                    raft,
                                    addresses.getOrDefault(voter.nodeId(), raft));
                        })
                .toList();
    }

    /** Asks all others who they are and what they know of the voters. */
    void ask(Consumer<Self> onAnswer) {
        addresses()
                .forEach(
                        (id, address) -> {
                            if (id != selfId()) {
                                var unused = directory.identify(address).thenAccept(onAnswer);
                            }
                        });
    }

    private Map<Integer, HostPort> addresses() {
        Map<Integer, HostPort> addresses = new TreeMap<>();
        for (DirectoryIdentity.Voter voter : identity.now().voters()) {
            addresses.put(voter.nodeId(), voter.nodeAddress());
        }
        peers.forEach(peer -> addresses.put(peer.nodeId(), peer.address()));
        for (BrokerImage broker : metadata.image().allBrokers()) {
            broker.endpoint(BrokerImage.NODE_LISTENER)
                    .ifPresent(e -> addresses.put(broker.id(), new HostPort(e.host(), e.port())));
        }
        return addresses;
    }

    private int selfId() {
        return identity.now().nodeId();
    }
}
