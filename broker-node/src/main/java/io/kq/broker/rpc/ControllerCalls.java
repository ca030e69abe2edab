package io.kq.broker.rpc;

import io.grpc.Channel;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataSource;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Brings what only the active controller can do to it: to this node's own voter, or over the node
 * port. While there is none, or it changes, tries again until the caller's time is over; what is
 * tried must therefore be harmless when done twice (a request id, or ids that may be wasted). A
 * call that another node forwarded is tried here once and never forwarded: that node tries again.
 * Any thread; never blocks.
 */
public final class ControllerCalls {

    private final int nodeId;
    private final MetadataSource metadata;
    private final Supplier<Optional<MetadataQuorum>> quorum;
    private final NodeChannels channels;
    private final boolean forwards;
    private final EventLoop timers;
    private final Clock clock;

    /**
     * Calls from this node.
     *
     * @param quorum empty while this node is no voter
     * @param forwards whether what clients ask for is passed on to other nodes
     * @param timers where pauses end
     */
    public ControllerCalls(
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

    /**
     * One thing to be done.
     *
     * @param local asks this node's voter
     * @param remote asks the controller over its channel, within the given time
     */
    public record Work<A>(
            Function<MetadataQuorum, CompletableFuture<A>> local,
            BiFunction<Channel, Duration, CompletableFuture<A>> remote) {}

    /** Does it for a client; {@link CallContext} says how much time there is. */
    public <A> CompletableFuture<A> forCaller(Work<A> work, Duration bound) {
        return CallContext.isForwarded() || !forwards
                ? once(work)
                : within(CallContext.timeLeft(bound), work);
    }

    /** Does it for this node itself. */
    public <A> CompletableFuture<A> within(Duration time, Work<A> work) {
        return Attempts.within(time, left -> attempt(work, left), timers, clock);
    }

    private <A> CompletableFuture<A> attempt(Work<A> work, Duration left) {
        Optional<MetadataQuorum> active = active();
        if (active.isPresent()) {
            return work.local().apply(active.get());
        }
        int controller = metadata.controller().nodeId();
        Optional<Channel> channel =
                controller < 0 || controller == nodeId
                        ? Optional.empty()
                        : channels.toNode(controller);
        return channel.map(c -> work.remote().apply(c, left))
                .orElseGet(() -> CompletableFuture.failedFuture(notController()));
    }

    /** This node's id, for the header of what is forwarded. */
    public int nodeId() {
        return nodeId;
    }

    private <A> CompletableFuture<A> once(Work<A> work) {
        Optional<MetadataQuorum> active = active();
        if (active.isPresent()) {
            return work.local().apply(active.get());
        }
        return CompletableFuture.failedFuture(notController());
    }

    private Optional<MetadataQuorum> active() {
        return quorum.get().filter(MetadataQuorum::isActiveController);
    }

    private RejectedException notController() {
        int controller = metadata.controller().nodeId();
        return new RejectedException(
                ErrorCode.NOT_CONTROLLER,
                controller < 0
                        ? "no active controller is known"
                        : "node " + nodeId + " is not the active controller",
                true,
                controller < 0 ? Map.of() : Map.of("leader_id", Integer.toString(controller)));
    }
}
