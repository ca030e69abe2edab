package io.kq.broker.rpc.node;

import io.grpc.ManagedChannel;
import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.birth.VoterDirectory;
import io.kq.broker.config.HostPort;
import io.kq.broker.rpc.EventLoops;
import io.kq.broker.rpc.UnaryCall;
import io.kq.internal.v1.BirthServiceGrpc;
import io.kq.internal.v1.FoundRequest;
import io.kq.internal.v1.IdentifyRequest;
import io.kq.internal.v1.IdentifyResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Asks nodes at addresses from the settings. A new connection for each question: while nodes are
 * being born names and ports come to life, and no back-off of an older try may stand in the way.
 */
public final class GrpcVoterDirectory implements VoterDirectory {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final EventLoops loops;

    public GrpcVoterDirectory(EventLoops loops) {
        this.loops = loops;
    }

    @Override
    public CompletableFuture<Self> identify(HostPort address) {
        return ask(loops, address, TIMEOUT).thenApply(GrpcVoterDirectory::self);
    }

    /** One question on a connection of its own. */
    static CompletableFuture<IdentifyResponse> ask(
            EventLoops loops, HostPort address, Duration timeout) {
        ManagedChannel channel = loops.channel(address).build();
        return UnaryCall.raw(
                        channel,
                        BirthServiceGrpc.getIdentifyMethod(),
                        IdentifyRequest.getDefaultInstance(),
                        timeout)
                .whenComplete((answer, failure) -> channel.shutdownNow());
    }

    @Override
    public void announce(HostPort address, String clusterId, List<Voter> voters, int founderId) {
        ManagedChannel channel = loops.channel(address).build();
        var unused =
                UnaryCall.ask(
                                channel,
                                BirthServiceGrpc.getFoundMethod(),
                                FoundRequest.newBuilder()
                                        .setClusterId(clusterId)
                                        .addAllVoters(VoterCodec.toProto(voters))
                                        .setFounderId(founderId)
                                        .build(),
                                TIMEOUT)
                        .whenComplete((answer, failure) -> channel.shutdownNow());
    }

    private static Self self(IdentifyResponse answer) {
        Optional<UUID> directory =
                answer.getDirectoryId().isEmpty()
                        ? Optional.empty()
                        : Optional.of(UuidBytes.parse(answer.getDirectoryId(), "directory_id"));
        return new Self(
                answer.getNodeId(),
                directory,
                answer.getClusterId(),
                VoterCodec.fromProto(answer.getVotersList()),
                answer.getVotersVersion(),
                answer.getRaftAddress().isEmpty()
                        ? Optional.empty()
                        : Optional.of(VoterCodec.address(answer.getRaftAddress())));
    }
}
