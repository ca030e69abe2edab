package io.kq.broker.rpc.admin;

import io.kq.broker.config.HostPort.Peer;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.MetadataSource.Controller;
import io.kq.v1.Quorum;
import io.kq.v1.Voter;
import java.util.List;
import java.util.Optional;

/** The metadata quorum as this node sees it; a node that is no voter sees less. Any thread. */
public final class QuorumView {

    private final MetadataSource metadata;
    private final Optional<MetadataQuorum> quorum;
    private final List<Peer> peers;

    /** What {@code quorum} says, or if this node is no voter what follows from the settings. */
    public QuorumView(MetadataSource metadata, Optional<MetadataQuorum> quorum, List<Peer> peers) {
        this.metadata = metadata;
        this.quorum = quorum;
        this.peers = List.copyOf(peers);
    }

    Quorum now() {
        return quorum.map(QuorumView::ofVoter).orElseGet(this::ofFollower);
    }

    /** The same without what changes all the time: two that are equal need not be told apart. */
    static Quorum lasting(Quorum quorum) {
        Quorum.Builder lasting = quorum.toBuilder().clearCommittedIndex();
        lasting.getVotersBuilderList().forEach(Voter.Builder::clearLag);
        return lasting.build();
    }

    private static Quorum ofVoter(MetadataQuorum quorum) {
        MetadataQuorum.Status status = quorum.status();
        Quorum.Builder proto =
                Quorum.newBuilder()
                        .setLeaderId(status.leaderId())
                        .setTerm(status.term())
                        .setCommittedIndex(status.committedIndex());
        for (MetadataQuorum.VoterStatus voter : status.voters()) {
            proto.addVoters(
                    Voter.newBuilder()
                            .setId(voter.nodeId())
                            .setAddress(voter.address())
                            .setLag(voter.lag())
                            .setUp(voter.up()));
        }
        return proto.build();
    }

    private Quorum ofFollower() {
        Controller controller = metadata.controller();
        Quorum.Builder proto =
                Quorum.newBuilder()
                        .setLeaderId(controller.nodeId())
                        .setTerm(controller.term())
                        .setCommittedIndex(metadata.image().index());
        for (Peer peer : peers) {
            proto.addVoters(
                    Voter.newBuilder()
                            .setId(peer.nodeId())
                            .setAddress(peer.address().toString())
                            .setLag(-1)
                            .setUp(metadata.image().isUp(peer.nodeId())));
        }
        return proto.build();
    }
}
