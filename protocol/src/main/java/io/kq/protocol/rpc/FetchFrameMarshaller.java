package io.kq.protocol.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor.Marshaller;
import io.kq.v1.FetchData;
import io.kq.v1.FetchResponse;
import io.kq.v1.LogServiceGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Writes fetch responses; does not read any. */
final class FetchFrameMarshaller implements Marshaller<FetchFrame> {

    private static final int SCRATCH_BYTES = 64 * 1024;

    @Override
    public InputStream stream(FetchFrame frame) {
        try (frame) {
            FetchResponse.Builder response = FetchResponse.newBuilder();
            for (FetchFrame.Part part : frame.parts()) {
                FetchData.Builder data = part.head().toBuilder();
                FetchFrame.Body body = part.body();
                if (body != null) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.sizeBytes());
                    body.writeTo(bytes, new byte[SCRATCH_BYTES]);
                    data.setPacked(UnsafeByteOperations.unsafeWrap(bytes.toByteArray()));
                }
                response.addData(data);
            }
            return LogServiceGrpc.getFetchMethod().streamResponse(response.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FetchFrame parse(InputStream stream) {
        throw new UnsupportedOperationException("a node sends fetch responses");
    }
}
