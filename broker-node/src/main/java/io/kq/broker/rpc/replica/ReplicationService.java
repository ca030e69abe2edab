package io.kq.broker.rpc.replica;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.replication.CatchUpPace;
import io.kq.internal.v1.ReplicaData;
import io.kq.internal.v1.ReplicateRequest;
import io.kq.protocol.rpc.OutgoingFrame;
import io.kq.protocol.rpc.ReplicationMethods;
import io.kq.runtime.Threads;
import java.util.concurrent.ExecutorService;

/**
 * The streams of the followers of what is led here. Its server should use a direct executor:
 * nothing here blocks. Any thread.
 */
public final class ReplicationService implements BindableService, AutoCloseable {

    /** Bytes that may wait in the transport before a call counts as not ready. */
    private static final int READY_BYTES = 1 << 20;

    private static final int THREADS = 4;
    private static final int QUEUE_MAX = 1_000_000;

    private final PartitionRegistry registry;
    private final CatchUpPace pace;
    private final ExecutorService background;

    /** Serves what {@code registry} leads; it stays the caller's and is closed before this. */
    public ReplicationService(PartitionRegistry registry, CatchUpPace pace) {
        this.registry = registry;
        this.pace = pace;
        this.background = Threads.bounded("kq-replica-read", THREADS, QUEUE_MAX);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ReplicationMethods.service(this::start);
    }

    private ServerCall.Listener<ReplicateRequest> start(
            ServerCall<ReplicateRequest, OutgoingFrame<ReplicaData>> call, Metadata headers) {
        call.setOnReadyThreshold(READY_BYTES);
        ReplicaStream stream = new ReplicaStream(call, registry, background, pace);
        stream.start();
        return stream;
    }

    @Override
    public void close() {
        background.shutdown();
    }
}
