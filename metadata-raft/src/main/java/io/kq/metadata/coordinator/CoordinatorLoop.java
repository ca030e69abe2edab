package io.kq.metadata.coordinator;

import io.kq.metadata.group.GroupMember;
import io.kq.protocol.rpc.RejectionCodec;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of one shard's groups on this node: at work while the node leads the shard. Any
 * thread may call; everything is done on the loop.
 */
public final class CoordinatorLoop implements AutoCloseable {

    private static final Duration RECHECK = Duration.ofMillis(100);

    private final int shard;
    private final CoordinatorPorts ports;

    /** Null while another node leads. Loop. */
    private @Nullable CoordinatorTenure tenure;

    private volatile boolean active;
    private volatile boolean closed;

    public CoordinatorLoop(int shard, CoordinatorPorts ports) {
        this.shard = shard;
        this.ports = ports;
    }

    /** This node leads the shard and has applied the first entry of {@code term}. */
    public void onLeaderReady(long term) {
        ports.loop()
                .submit(
                        () -> {
                            if (tenure == null || tenure.term() < term) {
                                end();
                                begin(term);
                            }
                        });
    }

    /** This node does not lead the shard any more. */
    public void onNotLeader() {
        ports.loop().submit(this::end);
    }

    /**
     * A batch's outcome is unknown. If this node still leads, as it does after a refusal of its own
     * log, nobody else will go on.
     */
    private void onLost() {
        end();
        recheck();
    }

    private void recheck() {
        ports.loop()
                .schedule(
                        RECHECK,
                        () -> {
                            OptionalLong term = ports.readyTerm().get();
                            if (tenure == null && !closed && term.isPresent()) {
                                begin(term.getAsLong());
                            }
                        });
    }

    private void begin(long term) {
        tenure = new CoordinatorTenure(shard, term, ports, this::onLost);
        active = true;
    }

    /**
     * Decides and writes {@code operation}.
     *
     * @return completes when it is applied; fails with what it is refused with, NOT_COORDINATOR,
     *     OVERLOADED, QUORUM_LOST, MESSAGE_TOO_LARGE
     */
    public <R> CompletableFuture<R> submit(ShardOperation<R> operation) {
        return enqueued((present, reply) -> present.enqueue(operation, reply));
    }

    /** The same for what happens to a group's members. */
    public <R> CompletableFuture<R> submit(GroupOperation<R> operation) {
        return enqueued((present, reply) -> present.enqueue(operation, reply));
    }

    private <R> CompletableFuture<R> enqueued(
            BiConsumer<CoordinatorTenure, CompletableFuture<R>> enqueue) {
        CompletableFuture<R> reply = new CompletableFuture<>();
        ports.loop()
                .submit(
                        () -> {
                            CoordinatorTenure present = tenure;
                            if (present == null) {
                                reply.completeExceptionally(
                                        CoordinatorRefusals.notCoordinator(shard));
                            } else {
                                enqueue.accept(present, reply);
                            }
                        });
        return reply;
    }

    /** Runs {@code what} if this node coordinates. */
    private void whileActive(Consumer<CoordinatorTenure> what) {
        ports.loop()
                .submit(
                        () -> {
                            if (tenure != null) {
                                what.accept(tenure);
                            }
                        });
    }

    /**
     * {@code stream}'s member joins, comes back, or says something else of itself. It is told over
     * the stream, also of a refusal.
     */
    public void join(Membership membership, MemberStream stream) {
        CompletableFuture<GroupMember> joined = submit(ports.decisions().join(membership));
        var unused =
                joined.whenComplete(
                        (member, failure) ->
                                ports.loop()
                                        .submit(() -> joined(membership, member, failure, stream)));
    }

    private void joined(
            Membership membership,
            @Nullable GroupMember member,
            @Nullable Throwable failure,
            MemberStream stream) {
        CoordinatorTenure present = tenure;
        if (failure != null) {
            stream.fenced(RejectionCodec.fromThrowable(failure));
        } else if (member == null) {
            throw new IllegalStateException("joined as nobody");
        } else if (present == null) {
            stream.fenced(CoordinatorRefusals.notCoordinator(shard).indefinite());
        } else {
            long now = ports.clock().nanoTime();
            present.sessions().attach(membership.groupId(), member, stream, now);
            present.sessions().tell(membership.groupId(), ports.committed().get(), now);
        }
    }

    /** Topics have come, grown or gone; {@code removed} will not come back. */
    public void topicsChanged(Set<UUID> removed) {
        whileActive(present -> present.topicsChanged(removed));
    }

    /** {@code stream}'s member is alive. */
    public void heard(MemberStream stream) {
        whileActive(present -> present.sessions().heard(stream, ports.clock().nanoTime()));
    }

    /** The same, and it is answered. */
    public void beaten(MemberStream stream) {
        whileActive(present -> present.sessions().beaten(stream, ports.clock().nanoTime()));
    }

    /** {@code stream} is gone, and its member perhaps. */
    public void broken(MemberStream stream) {
        whileActive(present -> present.sessions().broken(stream, ports.clock().nanoTime()));
    }

    /**
     * {@code stream}'s member leaves. A static one keeps its place: its name comes back (rule 5).
     */
    public void leave(Membership membership, MemberStream stream) {
        if (membership.info().isStatic()) {
            broken(stream);
        } else {
            var unused =
                    submit(
                            ports.decisions()
                                    .leave(
                                            membership.groupId(),
                                            Set.of(membership.memberId()),
                                            "left"));
        }
    }

    /** Whether this node leads the shard, as far as it knows. Any thread. */
    public boolean isActive() {
        return active;
    }

    private void end() {
        CoordinatorTenure old = tenure;
        tenure = null;
        active = false;
        if (old != null) {
            old.end();
        }
    }

    /** Ends its tenure, if it has one. The loop belongs to whoever made it. */
    @Override
    public void close() {
        closed = true;
        onNotLeader();
    }
}
