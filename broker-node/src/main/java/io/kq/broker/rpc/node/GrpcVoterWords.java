package io.kq.broker.rpc.node;

import io.grpc.Channel;
import io.kq.broker.quorum.Neighbours;
import io.kq.broker.quorum.VoterWords;
import io.kq.broker.rpc.NodeChannels;
import io.kq.broker.rpc.UnaryCall;
import io.kq.internal.v1.LeaveQuorumRequest;
import io.kq.internal.v1.PrepareVoterRequest;
import io.kq.internal.v1.VoterServiceGrpc;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says it over the node port. */
public final class GrpcVoterWords implements VoterWords {

    private static final Logger log = LoggerFactory.getLogger(GrpcVoterWords.class);

    /** Such a node starts a Raft server, which reads and writes its disk. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final String clusterId;
    private final NodeChannels channels;
    private final Neighbours neighbours;

    /** Speaks for a controller of this cluster. */
    public GrpcVoterWords(String clusterId, NodeChannels channels, Neighbours neighbours) {
        this.clusterId = clusterId;
        this.channels = channels;
        this.neighbours = neighbours;
    }

    @Override
    public CompletableFuture<Voter> prepare(int nodeId, long term) {
        Optional<Channel> channel = channels.toNode(nodeId);
        if (channel.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new RejectedException(
                            ErrorCode.BROKER_NOT_FOUND, "no address of node " + nodeId));
        }
        return UnaryCall.ask(
                        channel.get(),
                        VoterServiceGrpc.getPrepareVoterMethod(),
                        PrepareVoterRequest.newBuilder()
                                .setClusterId(clusterId)
                                .setTerm(term)
                                .build(),
                        TIMEOUT)
                .thenApply(answer -> VoterCodec.raftFromProto(answer.getVoter()));
    }

    @Override
    public void leave(int nodeId, long term, VoterSet voters) {
        LeaveQuorumRequest request =
                LeaveQuorumRequest.newBuilder()
                        .setClusterId(clusterId)
                        .setTerm(term)
                        .addAllVoters(VoterCodec.toProto(neighbours.named(voters)))
                        .setVotersVersion(voters.version())
                        .build();
        channels.toNode(nodeId)
                .ifPresent(
                        channel -> {
                            var unused =
                                    UnaryCall.ask(
                                                    channel,
                                                    VoterServiceGrpc.getLeaveQuorumMethod(),
                                                    request,
                                                    TIMEOUT)
                                            .whenComplete(
                                                    (answer, failure) ->
                                                            log.info(
                                                                    "Told a node that it is no"
                                                                        + " voter node={} cause={}",
                                                                    nodeId,
                                                                    String.valueOf(failure)));
                        });
    }
}
