package io.kq.protocol.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor.Marshaller;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Writes produce requests; does not read any. */
final class OutgoingProduceMarshaller implements Marshaller<OutgoingProduce> {

    @Override
    public InputStream stream(OutgoingProduce produce) {
        ProduceRequest.Builder request = ProduceRequest.newBuilder();
        for (OutgoingProduce.Entry entry : produce.entries()) {
            ProduceBatch.Builder batch = entry.head().toBuilder();
            if (!entry.packed().isEmpty()) {
                ByteString packed = ByteString.EMPTY;
                for (ByteBuffer part : entry.packed()) {
                    packed = packed.concat(UnsafeByteOperations.unsafeWrap(part.duplicate()));
                }
                batch.setPacked(packed);
            }
            request.addBatches(batch);
        }
        return LogServiceGrpc.getProduceMethod().streamRequest(request.build());
    }

    @Override
    public OutgoingProduce parse(InputStream stream) {
        throw new UnsupportedOperationException("a client sends produce requests");
    }
}
