package io.kq.protocol.rpc;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceResponse;

/**
 * The hot methods of {@code kq.v1.LogService} with marshallers that leave batches where they are:
 * wire-identical to the generated ones. Any thread.
 */
public final class LogMethods {

    /** Produce, on the node. Each frame must be closed by its receiver. */
    public static final MethodDescriptor<ProduceFrame, ProduceResponse> PRODUCE_SERVER =
            LogServiceGrpc.getProduceMethod().toBuilder(
                            new InboundMarshaller<>(
                                    "ProduceRequest",
                                    ProduceBatch.parser(),
                                    ProduceFrame.Entry::of,
                                    ProduceFrame::new),
                            LogServiceGrpc.getProduceMethod().getResponseMarshaller())
                    .build();

    /** Produce, on the client. */
    public static final MethodDescriptor<OutgoingProduce, ProduceResponse> PRODUCE_CLIENT =
            LogServiceGrpc.getProduceMethod().toBuilder(
                            new OutboundMarshaller<>(OutgoingProduce::wireForm),
                            LogServiceGrpc.getProduceMethod().getResponseMarshaller())
                    .build();

    /** Fetch, on the node. */
    public static final MethodDescriptor<FetchRequest, OutgoingFrame<FetchData>> FETCH_SERVER =
            LogServiceGrpc.getFetchMethod().toBuilder(
                            LogServiceGrpc.getFetchMethod().getRequestMarshaller(),
                            OutgoingFrame.<FetchData>marshaller())
                    .build();

    /** Fetch, on the client. Each frame must be closed by its receiver. */
    public static final MethodDescriptor<FetchRequest, IncomingFrame<FetchData>> FETCH_CLIENT =
            LogServiceGrpc.getFetchMethod().toBuilder(
                            LogServiceGrpc.getFetchMethod().getRequestMarshaller(),
                            IncomingFrame.marshaller("FetchResponse", FetchData.parser()))
                    .build();

    private LogMethods() {}

    /**
     * The whole service for a server: produce and fetch by these handlers, every other method by
     * {@code rest} (an implementation of the generated base class).
     */
    public static ServerServiceDefinition service(
            BindableService rest,
            ServerCallHandler<ProduceFrame, ProduceResponse> produce,
            ServerCallHandler<FetchRequest, OutgoingFrame<FetchData>> fetch) {
        ServiceDescriptor generated = LogServiceGrpc.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(generated.getName())
                        .setSchemaDescriptor(generated.getSchemaDescriptor());
        for (MethodDescriptor<?, ?> method : generated.getMethods()) {
            descriptor.addMethod(replaced(method));
        }
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(descriptor.build())
                        .addMethod(PRODUCE_SERVER, produce)
                        .addMethod(FETCH_SERVER, fetch);
        for (ServerMethodDefinition<?, ?> method : rest.bindService().getMethods()) {
            if (replaced(method.getMethodDescriptor()) == method.getMethodDescriptor()) {
                service.addMethod(method);
            }
        }
        return service.build();
    }

    private static MethodDescriptor<?, ?> replaced(MethodDescriptor<?, ?> generated) {
        String name = generated.getFullMethodName();
        if (name.equals(PRODUCE_SERVER.getFullMethodName())) {
            return PRODUCE_SERVER;
        }
        return name.equals(FETCH_SERVER.getFullMethodName()) ? FETCH_SERVER : generated;
    }
}
