package io.kq.broker.rpc.group;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.kq.broker.rpc.Attempts;
import io.kq.broker.rpc.CallContext;
import io.kq.broker.rpc.NodeChannels;
import io.kq.broker.rpc.UnaryCall;
import io.kq.metadata.Coordination;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.coordinator.CoordinatorLoop;
import io.kq.metadata.coordinator.GroupDecisions;
import io.kq.metadata.image.CoordinationImage.Coordinator;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.KeyHash;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Brings what is asked of a group to its coordinator, here or on another node. While there is none,
 * or it changes, unary calls are tried again until the caller's time is over. Any thread.
 */
public final class GroupRoutes {

    private static final Duration UNARY_BOUND = Duration.ofSeconds(30);

    private final int nodeId;
    private final MetadataSource metadata;
    private final Supplier<Optional<MetadataQuorum>> quorum;
    private final NodeChannels channels;
    private final boolean forwards;
    private final EventLoop timers;
    private final Clock clock;

    /**
     * @param quorum empty while this node is no voter: then it coordinates nothing
     * @param forwards whether what clients ask for is passed on to other nodes
     * @param timers where pauses end
     */
    public GroupRoutes(
            int nodeId,
            MetadataSource metadata,
            Supplier<Optional<MetadataQuorum>> quorum,
            NodeChannels channels,
            boolean forwards,
            EventLoop timers,
            Clock clock) {
        this.nodeId = nodeId;
        this.metadata = metadata;
        this.quorum = quorum;
        this.channels = channels;
        this.forwards = forwards;
        this.timers = timers;
        this.clock = clock;
    }

    int nodeId() {
        return nodeId;
    }

    /** How many shards the cluster has; 0: this node does not know its cluster yet. */
    int shardCount() {
        return metadata.image().cluster().coordinationShardCount();
    }

    /**
     * The shard of a group.
     *
     * @throws RejectedException NOT_READY
     */
    int shardOf(String groupId) {
        int count = shardCount();
        if (count == 0) {
            throw new RejectedException(
                    ErrorCode.NOT_READY, "this node does not know its cluster yet");
        }
        return KeyHash.partition(groupId.getBytes(UTF_8), count);
    }

    /** The coordinator at work on this node. */
    Optional<CoordinatorLoop> local(int shard) {
        return coordination()
                .flatMap(here -> here.coordinator(shard))
                .filter(CoordinatorLoop::isActive);
    }

    private Optional<Coordination> coordination() {
        return quorum.get().map(MetadataQuorum::coordination);
    }

    /** What a coordinator here is asked to do. */
    GroupDecisions decisions() {
        return coordination().map(Coordination::decisions).orElseThrow(() -> notCoordinator(-1));
    }

    /** The way to the node that coordinates, if that is another one and is known. */
    Optional<Channel> remote(int shard) {
        return coordinatorId(shard).filter(id -> id != nodeId).flatMap(channels::toNode);
    }

    private Optional<Integer> coordinatorId(int shard) {
        return metadata.image().coordination().coordinator(shard).map(Coordinator::nodeId);
    }

    boolean mayForward(GroupCaller caller) {
        return forwards && !caller.forwarded();
    }

    RejectedException notCoordinator(int shard) {
        RejectedException refusal =
                new RejectedException(
                        ErrorCode.NOT_COORDINATOR,
                        "node " + nodeId + " does not coordinate the group");
        return coordinatorId(shard)
                .filter(id -> id != nodeId)
                .map(id -> refusal.with("leader_id", Integer.toString(id)))
                .orElse(refusal);
    }

    /** What is done where the coordinator is. */
    @FunctionalInterface
    interface Work<A> {
        CompletableFuture<A> at(CoordinatorLoop coordinator, GroupDecisions decisions);
    }

    /** Has {@code work} done for the current call's caller: here, or where {@code request} goes. */
    <Q, A> CompletableFuture<A> unary(
            int shard, Work<A> work, MethodDescriptor<Q, A> method, Q request) {
        if (!mayForward(GroupCaller.current())) {
            return local(shard)
                    .map(here -> work.at(here, decisions()))
                    .orElseGet(() -> CompletableFuture.failedFuture(notCoordinator(shard)));
        }
        return Attempts.within(
                CallContext.timeLeft(UNARY_BOUND),
                left -> attempt(shard, work, method, request, left),
                timers,
                clock);
    }

    private <Q, A> CompletableFuture<A> attempt(
            int shard, Work<A> work, MethodDescriptor<Q, A> method, Q request, Duration left) {
        Optional<CoordinatorLoop> here = local(shard);
        if (here.isPresent()) {
            return work.at(here.get(), decisions());
        }
        return remote(shard)
                .map(channel -> UnaryCall.forward(channel, method, request, left, nodeId))
                .orElseGet(() -> CompletableFuture.failedFuture(notCoordinator(shard)));
    }
}
