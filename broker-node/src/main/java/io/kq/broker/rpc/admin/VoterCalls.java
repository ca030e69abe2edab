package io.kq.broker.rpc.admin;

import io.grpc.MethodDescriptor;
import io.kq.broker.quorum.ChangedVoters;
import io.kq.broker.quorum.VoterChanges;
import io.kq.broker.rpc.ControllerCalls;
import io.kq.broker.rpc.ControllerCalls.Work;
import io.kq.broker.rpc.UnaryCall;
import io.kq.metadata.MetadataQuorum;
import io.kq.v1.AddVoterRequest;
import io.kq.v1.AddVoterResponse;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.DescribeQuorumRequest;
import io.kq.v1.DescribeQuorumResponse;
import io.kq.v1.RemoveVoterRequest;
import io.kq.v1.RemoveVoterResponse;
import io.kq.v1.ReplaceVoterRequest;
import io.kq.v1.ReplaceVoterResponse;
import io.kq.v1.VoterChange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Brings questions and wishes about the voters to the active controller. They need no request id: a
 * change that was made is found made, so each may be tried again. Any thread.
 */
public final class VoterCalls {

    /** For callers that give no deadline. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    /** How long this node's image may stay behind before the caller is answered anyway. */
    private static final Duration CATCH_UP_BOUND = Duration.ofSeconds(2);

    private final VoterChanges changes;
    private final ControllerCalls controller;
    private final QuorumView view;
    private final ImageWaits waits;

    /** Those of this node, and of others through it. */
    public VoterCalls(
            VoterChanges changes, ControllerCalls controller, QuorumView view, ImageWaits waits) {
        this.changes = changes;
        this.controller = controller;
        this.view = view;
        this.waits = waits;
    }

    CompletableFuture<DescribeQuorumResponse> describe(DescribeQuorumRequest request) {
        return controller.forCaller(
                work(
                        voter ->
                                CompletableFuture.completedFuture(
                                        DescribeQuorumResponse.newBuilder()
                                                .setQuorum(view.ofVoter(voter))
                                                .build()),
                        ClusterServiceGrpc.getDescribeQuorumMethod(),
                        request),
                BOUND);
    }

    CompletableFuture<AddVoterResponse> add(AddVoterRequest request) {
        return seen(
                work(
                        voter ->
                                changes.add(request.getNodeId())
                                        .thenApply(done -> change(done, voter))
                                        .thenApply(
                                                change ->
                                                        AddVoterResponse.newBuilder()
                                                                .setChange(change)
                                                                .build()),
                        ClusterServiceGrpc.getAddVoterMethod(),
                        request),
                answer -> answer.getChange().getVersion());
    }

    CompletableFuture<RemoveVoterResponse> remove(RemoveVoterRequest request) {
        return seen(
                work(
                        voter ->
                                changes.remove(request.getNodeId())
                                        .thenApply(done -> change(done, voter))
                                        .thenApply(
                                                change ->
                                                        RemoveVoterResponse.newBuilder()
                                                                .setChange(change)
                                                                .build()),
                        ClusterServiceGrpc.getRemoveVoterMethod(),
                        request),
                answer -> answer.getChange().getVersion());
    }

    CompletableFuture<ReplaceVoterResponse> replace(ReplaceVoterRequest request) {
        return seen(
                work(
                        voter ->
                                changes.replace(request.getNodeId())
                                        .thenApply(done -> change(done, voter))
                                        .thenApply(
                                                change ->
                                                        ReplaceVoterResponse.newBuilder()
                                                                .setChange(change)
                                                                .build()),
                        ClusterServiceGrpc.getReplaceVoterMethod(),
                        request),
                answer -> answer.getChange().getVersion());
    }

    private <Q, A> Work<A> work(
            Function<MetadataQuorum, CompletableFuture<A>> local,
            MethodDescriptor<Q, A> method,
            Q request) {
        return new Work<>(
                local,
                (channel, time) ->
                        UnaryCall.forward(channel, method, request, time, controller.nodeId()));
    }

    /** A caller reads its own change through this node. */
    private <A> CompletableFuture<A> seen(Work<A> work, ToLongFunction<A> version) {
        return controller
                .forCaller(work, BOUND)
                .thenCompose(
                        answer ->
                                waits.until(
                                                image ->
                                                        image.index()
                                                                >= version.applyAsLong(answer),
                                                CATCH_UP_BOUND)
                                        .thenApply(shown -> answer));
    }

    private VoterChange change(ChangedVoters done, MetadataQuorum voter) {
        return VoterChange.newBuilder()
                .setChanged(done.changed())
                .setFound(done.found())
                .setQuorum(view.ofVoter(voter))
                .setVersion(done.index())
                .build();
    }
}
