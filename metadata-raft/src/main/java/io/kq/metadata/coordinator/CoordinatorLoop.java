package io.kq.metadata.coordinator;

import io.kq.protocol.RejectedException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of one shard's groups on this node: at work while the node leads the shard. Any
 * thread may call; everything is done on the loop.
 */
public final class CoordinatorLoop implements AutoCloseable {

    private final int shard;
    private final CoordinatorPorts ports;

    /** Null while another node leads. Loop. */
    private @Nullable CoordinatorTenure tenure;

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
                                tenure = new CoordinatorTenure(shard, term, ports, this::end);
                            }
                        });
    }

    /** This node does not lead the shard any more. */
    public void onNotLeader() {
        ports.loop().submit(this::end);
    }

    /**
     * Decides and writes {@code operation}.
     *
     * @return completes when it is applied; fails with what it is refused with, NOT_COORDINATOR,
     *     OVERLOADED, QUORUM_LOST
     */
    public <R> CompletableFuture<R> submit(ShardOperation<R> operation) {
        CompletableFuture<R> reply = new CompletableFuture<>();
        ports.loop()
                .submit(
                        () -> {
                            CoordinatorTenure present = tenure;
                            if (present == null) {
                                reply.completeExceptionally(notCoordinator());
                            } else {
                                present.enqueue(operation, reply);
                            }
                        });
        return reply;
    }

    private RejectedException notCoordinator() {
        return CoordinatorTenure.notCoordinator(shard);
    }

    private void end() {
        CoordinatorTenure old = tenure;
        tenure = null;
        if (old != null) {
            old.end();
        }
    }

    /** Ends its tenure, if it has one. The loop belongs to whoever made it. */
    @Override
    public void close() {
        onNotLeader();
    }
}
