package io.kq.broker.rpc.log;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.kq.broker.fetch.PartitionReads;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.rpc.InflightBudget;
import io.kq.broker.rpc.NodeChannels;
import io.kq.broker.rpc.ProducerIds;
import io.kq.protocol.rpc.LogMethods;
import io.kq.protocol.rpc.OutgoingFrame;
import io.kq.protocol.rpc.ProduceFrame;
import io.kq.runtime.Clock;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.ProduceResponse;

/**
 * {@code kq.v1.LogService} on this node. The same definition is for the client port and for the
 * node port, where other nodes forward to. Its server should use a direct executor: nothing here
 * blocks. Any thread.
 */
public final class LogService implements BindableService, AutoCloseable {

    /** Bytes that may wait in the transport before a call counts as not ready. */
    private static final int READY_BYTES = 1 << 20;

    private final LogRooms rooms;
    private final ServerServiceDefinition definition;

    /**
     * @param registry stays the caller's: closed before this
     */
    public LogService(
            PartitionRegistry registry,
            NodeChannels channels,
            ProducerIds producerIds,
            LogServiceConfig config,
            Clock clock) {
        this.rooms =
                new LogRooms(
                        registry,
                        new PartitionReads(registry),
                        channels,
                        new InflightBudget(
                                config.inflightBytesMax(), config.inflightBytesPerConnectionMax()),
                        config,
                        clock);
        UnaryMethods unary = new UnaryMethods(rooms, producerIds);
        this.definition =
                LogMethods.service(
                        () -> ServerInterceptors.intercept(unary, CallOrigin.interceptor()),
                        this::startProduce,
                        this::startFetch);
    }

    /** What a server adds; always the same. */
    @Override
    public ServerServiceDefinition bindService() {
        return definition;
    }

    /** Bytes of batches that were received and are not answered yet. */
    public long inflightBytes() {
        return rooms.budget().usedBytes();
    }

    private ServerCall.Listener<ProduceFrame> startProduce(
            ServerCall<ProduceFrame, ProduceResponse> call, Metadata headers) {
        call.setOnReadyThreshold(READY_BYTES);
        CallOrigin origin = CallOrigin.of(call, headers);
        ProduceStream stream =
                new ProduceStream(call, rooms, origin, rooms.budget().open(origin.connection()));
        stream.start();
        return stream;
    }

    private ServerCall.Listener<FetchRequest> startFetch(
            ServerCall<FetchRequest, OutgoingFrame<FetchData>> call, Metadata headers) {
        call.setOnReadyThreshold(READY_BYTES);
        CallOrigin origin = CallOrigin.of(call, headers);
        FetchStream stream =
                new FetchStream(call, rooms, origin, rooms.budget().open(origin.connection()));
        stream.start();
        return stream;
    }

    /** Ends the background threads of reads. Close the servers and the registry before. */
    @Override
    public void close() {
        rooms.reads().close();
    }
}
