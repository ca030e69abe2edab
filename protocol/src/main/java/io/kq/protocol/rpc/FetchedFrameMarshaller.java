package io.kq.protocol.rpc;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.kq.v1.FetchData;
import io.kq.v1.FetchResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads fetch responses; does not write any. */
final class FetchedFrameMarshaller implements Marshaller<FetchedFrame> {

    @Override
    public InputStream stream(FetchedFrame frame) {
        throw new UnsupportedOperationException("a client receives fetch responses");
    }

    @Override
    public FetchedFrame parse(InputStream stream) {
        try {
            FetchResponse response = FetchResponse.parseFrom(stream);
            List<FetchedFrame.Part> parts = new ArrayList<>();
            for (FetchData data : response.getDataList()) {
                ByteBuffer[] packed =
                        data.getPacked().asReadOnlyByteBufferList().toArray(ByteBuffer[]::new);
                FetchData head = data.hasPacked() ? data.toBuilder().clearPacked().build() : data;
                parts.add(new FetchedFrame.Part(head, packed));
            }
            return new FetchedFrame(parts, response.getSerializedSize(), null);
        } catch (IOException malformed) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("not a FetchResponse: " + malformed.getMessage())
                    .asRuntimeException();
        }
    }
}
