package io.kq.protocol.rpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.kq.internal.v1.ReplicaData;
import io.kq.internal.v1.ReplicateRequest;
import io.kq.internal.v1.ReplicationServiceGrpc;

/**
 * {@code kq.internal.v1.ReplicationService} with marshallers that leave batches where they are:
 * wire-identical to the generated ones. Any thread.
 */
public final class ReplicationMethods {

    /** On the leader's node. */
    public static final MethodDescriptor<ReplicateRequest, OutgoingFrame<ReplicaData>> SERVER =
            ReplicationServiceGrpc.getReplicateMethod().toBuilder(
                            ReplicationServiceGrpc.getReplicateMethod().getRequestMarshaller(),
                            OutgoingFrame.<ReplicaData>marshaller())
                    .build();

    /** On the follower's node. Each frame must be closed by its receiver. */
    public static final MethodDescriptor<ReplicateRequest, IncomingFrame<ReplicaData>> CLIENT =
            ReplicationServiceGrpc.getReplicateMethod().toBuilder(
                            ReplicationServiceGrpc.getReplicateMethod().getRequestMarshaller(),
                            IncomingFrame.marshaller("ReplicateResponse", ReplicaData.parser()))
                    .build();

    private ReplicationMethods() {}

    /** The whole service for a server. */
    public static ServerServiceDefinition service(
            ServerCallHandler<ReplicateRequest, OutgoingFrame<ReplicaData>> replicate) {
        ServiceDescriptor generated = ReplicationServiceGrpc.getServiceDescriptor();
        ServiceDescriptor descriptor =
                ServiceDescriptor.newBuilder(generated.getName())
                        .setSchemaDescriptor(generated.getSchemaDescriptor())
                        .addMethod(SERVER)
                        .build();
        return ServerServiceDefinition.builder(descriptor).addMethod(SERVER, replicate).build();
    }
}
