package io.kq.protocol.rpc;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;
import java.util.function.Function;

/** Writes messages as an {@link OutboundStream} does. Any thread. */
final class OutboundMarshaller<T> implements Marshaller<T> {

    private final Function<T, OutboundStream> wireForm;

    OutboundMarshaller(Function<T, OutboundStream> wireForm) {
        this.wireForm = wireForm;
    }

    @Override
    public InputStream stream(T message) {
        return wireForm.apply(message);
    }

    @Override
    public T parse(InputStream stream) {
        throw new UnsupportedOperationException("this message is sent here, not received");
    }
}
