package io.kq.broker.rpc.replica;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Messages as the test wrote them, well-formed or not. */
final class RawBytes implements Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] message) {
        return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
        throw new UnsupportedOperationException("sent only");
    }
}
