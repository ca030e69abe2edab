package io.kq.metadata.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.metadata.record.VoterSet.Voter;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** What voters and the group are called towards Ratis. */
final class RaftNames {

    private RaftNames() {}

    /**
     * The node id and the directory's id (KIP-853): a voter that lost its disk forgot its vote, and
     * must not come back under its old name.
     */
    static RaftPeerId peerId(int nodeId, UUID directoryId) {
        return RaftPeerId.valueOf(nodeId + "-" + directoryId);
    }

    static int nodeId(RaftPeerId peer) {
        String name = peer.toString();
        return Integer.parseInt(name.substring(0, name.indexOf('-')));
    }

    /** What {@link #peer} made of it. */
    static Voter voter(RaftPeer peer) {
        String name = peer.getId().toString();
        String address = peer.getAddress();
        int colon = address.lastIndexOf(':');
        return new Voter(
                nodeId(peer.getId()),
                UUID.fromString(name.substring(name.indexOf('-') + 1)),
                address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1)));
    }

    /** From the cluster's id: two clusters on reused addresses never talk to each other. */
    static RaftGroupId groupId(String clusterId) {
        return RaftGroupId.valueOf(
                UUID.nameUUIDFromBytes(("kq:" + clusterId + ":meta").getBytes(UTF_8)));
    }

    /** Of a coordination shard. */
    static RaftGroupId shardId(String clusterId, int shard) {
        return RaftGroupId.valueOf(
                UUID.nameUUIDFromBytes(("kq:" + clusterId + ":shard:" + shard).getBytes(UTF_8)));
    }

    /**
     * All voters, always: also those whose names do not resolve now. None for one that joins: with
     * a list it could elect itself.
     */
    static RaftGroup group(String clusterId, RaftConfig config) {
        return RaftGroup.valueOf(
                groupId(clusterId), config.voters().stream().map(RaftNames::peer).toList());
    }

    /** The address as text: it is resolved anew at each dial, so a pod may come back elsewhere. */
    static RaftPeer peer(Voter voter) {
        return RaftPeer.newBuilder()
                .setId(peerId(voter.nodeId(), voter.directoryId()))
                .setAddress(voter.host() + ":" + voter.port())
                .setPriority(0)
                .build();
    }
}
