package io.kq.broker.rpc.admin;

import io.kq.broker.config.HostPort.Peer;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.MetadataSource.Controller;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.VoterSet;
import io.kq.v1.Quorum;
import io.kq.v1.Voter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The metadata quorum as this node sees it; a node that is no voter sees less. Any thread. */
public final class QuorumView {

    private final MetadataSource metadata;
    private final Supplier<Optional<MetadataQuorum>> quorum;
    private final List<Peer> peers;

    /**
     * What {@code quorum} says, or while this node is no voter what the metadata tells; before that
     * the settings.
     */
    public QuorumView(
            MetadataSource metadata, Supplier<Optional<MetadataQuorum>> quorum, List<Peer> peers) {
        this.metadata = metadata;
        this.quorum = quorum;
        this.peers = peers.stream().sorted(Comparator.comparingInt(Peer::nodeId)).toList();
    }

    /** Voters by id. */
    Quorum now() {
        return quorum.get().map(this::ofVoter).orElseGet(this::ofFollower);
    }

    /**
     * Voters that are down, as far as this node can tell: the leader hears all of them, the others
     * know of those that are brokers too.
     */
    List<Integer> downVoters() {
        boolean hearsAll = quorum.get().map(MetadataQuorum::isActiveController).orElse(false);
        MetadataImage image = metadata.image();
        return now().getVotersList().stream()
                .filter(voter -> !voter.getUp())
                .map(Voter::getId)
                .filter(id -> hearsAll || image.broker(id).isPresent())
                .toList();
    }

    /** The same without what changes all the time: two that are equal need not be told apart. */
    static Quorum lasting(Quorum quorum) {
        Quorum.Builder lasting = quorum.toBuilder().clearCommittedIndex();
        lasting.getVotersBuilderList().forEach(Voter.Builder::clearLag);
        return lasting.build();
    }

    /**
     * Only the leader hears all voters. The others know from the metadata which of them have a
     * session as brokers, and do not call a voter down for being no concern of theirs.
     */
    Quorum ofVoter(MetadataQuorum voter) {
        MetadataQuorum.Status status = voter.status();
        boolean hearsAll = voter.isActiveController();
        List<MetadataQuorum.VoterStatus> byId =
                status.voters().stream()
                        .sorted(Comparator.comparingInt(MetadataQuorum.VoterStatus::nodeId))
                        .toList();
        Quorum.Builder proto =
                Quorum.newBuilder()
                        .setLeaderId(status.leaderId())
                        .setTerm(status.term())
                        .setCommittedIndex(status.committedIndex());
        for (MetadataQuorum.VoterStatus each : byId) {
            boolean hasSession = !hearsAll && metadata.image().isUp(each.nodeId());
            proto.addVoters(
                    Voter.newBuilder()
                            .setId(each.nodeId())
                            .setAddress(each.address())
                            .setLag(each.lag())
                            .setDirectoryId(each.voter().directoryId().toString())
                            .setUp(each.up() || hasSession));
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
        VoterSet known = metadata.image().voters();
        for (VoterSet.Voter voter : known.voters()) {
            proto.addVoters(
                    heardOf(voter.nodeId(), voter.host() + ":" + voter.port())
                            .setDirectoryId(voter.directoryId().toString()));
        }
        if (known.voters().isEmpty()) {
            peers.forEach(
                    peer -> proto.addVoters(heardOf(peer.nodeId(), peer.address().toString())));
        }
        return proto.build();
    }

    private Voter.Builder heardOf(int id, String address) {
        return Voter.newBuilder()
                .setId(id)
                .setAddress(address)
                .setLag(-1)
                .setUp(metadata.image().isUp(id));
    }
}
