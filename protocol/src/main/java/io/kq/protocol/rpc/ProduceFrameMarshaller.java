package io.kq.protocol.rpc;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.kq.v1.ProduceRequest;
import java.io.IOException;
import java.io.InputStream;

/** Reads produce requests; does not write any. */
final class ProduceFrameMarshaller implements Marshaller<ProduceFrame> {

    @Override
    public InputStream stream(ProduceFrame frame) {
        throw new UnsupportedOperationException("a node receives produce requests");
    }

    @Override
    public ProduceFrame parse(InputStream stream) {
        try {
            return ProduceFrame.of(ProduceRequest.parseFrom(stream));
        } catch (IOException malformed) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("not a ProduceRequest: " + malformed.getMessage())
                    .asRuntimeException();
        }
    }
}
