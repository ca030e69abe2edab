package io.kq.broker.rpc.node;

import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.config.HostPort;
import io.kq.internal.v1.VoterRecord;
import io.kq.metadata.record.VoterSet;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.List;

/** Voters to protobuf and back. */
final class VoterCodec {

    private VoterCodec() {}

    static List<VoterRecord> toProto(List<Voter> voters) {
        return voters.stream()
                .map(
                        voter ->
                                VoterRecord.newBuilder()
                                        .setNodeId(voter.nodeId())
                                        .setDirectoryId(UuidBytes.of(voter.directoryId()))
                                        .setRaftAddress(voter.raftAddress().toString())
                                        .setNodeAddress(voter.nodeAddress().toString())
                                        .build())
                .toList();
    }

    static List<Voter> fromProto(List<VoterRecord> voters) {
        return voters.stream()
                .map(
                        voter ->
                                new Voter(
                                        voter.getNodeId(),
                                        UuidBytes.parse(voter.getDirectoryId(), "directory_id"),
                                        address(voter.getRaftAddress()),
                                        address(voter.getNodeAddress())))
                .toList();
    }

    /** Its node port is known to the asker, or does not matter. */
    static VoterRecord raftToProto(VoterSet.Voter voter) {
        return VoterRecord.newBuilder()
                .setNodeId(voter.nodeId())
                .setDirectoryId(UuidBytes.of(voter.directoryId()))
                .setRaftAddress(new HostPort(voter.host(), voter.port()).toString())
                .build();
    }

    static VoterSet.Voter raftFromProto(VoterRecord voter) {
        HostPort raft = address(voter.getRaftAddress());
        return new VoterSet.Voter(
                voter.getNodeId(),
                UuidBytes.parse(voter.getDirectoryId(), "directory_id"),
                raft.host(),
                raft.port());
    }

    static HostPort address(String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT, "address '" + text + "' " + e.getMessage());
        }
    }
}
