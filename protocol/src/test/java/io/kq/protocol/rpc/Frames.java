package io.kq.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kq.protocol.record.BatchBytes;
import io.kq.v1.FetchData;
import io.kq.v1.FetchResponse;
import io.kq.v1.ProduceRequest;
import java.io.IOException;

/** What tests say of frames. */
final class Frames {

    private Frames() {}

    static void assertRefused(CountedStream stream) {
        Throwable refusal =
                catchThrowable(() -> LogMethods.PRODUCE_SERVER.parseRequest(stream.stream()));
        assertThat(refusal).isInstanceOf(StatusRuntimeException.class);
        assertThat(Status.fromThrowable(refusal).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        closeLikeGrpc(stream);
        assertThat(stream.frees()).containsOnly(1);
    }

    static void assertFreedOnceByClose(CountedStream stream, AutoCloseable frame) {
        closeLikeGrpc(stream);
        try {
            frame.close();
            frame.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(stream.frees()).containsOnly(1);
    }

    /** gRPC closes the stream that it gave to the marshaller, detached or not. */
    private static void closeLikeGrpc(CountedStream stream) {
        try {
            stream.stream().close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void assertSame(ProduceFrame frame, ProduceRequest request) {
        assertThat(frame.entries()).hasSize(request.getBatchesCount());
        for (int i = 0; i < request.getBatchesCount(); i++) {
            ProduceFrame.Entry entry = frame.entries().get(i);
            ProduceFrame.Entry expected = ProduceFrame.Entry.of(request.getBatches(i));
            assertThat(entry.correlationId()).isEqualTo(expected.correlationId());
            assertThat(entry.topic()).isEqualTo(expected.topic());
            assertThat(entry.partition()).isEqualTo(expected.partition());
            assertThat(entry.acks()).isEqualTo(expected.acks());
            assertThat(entry.topicId()).isEqualTo(expected.topicId());
            assertThat(entry.timeoutMillis()).isEqualTo(expected.timeoutMillis());
            assertThat(entry.plain()).isEqualTo(expected.plain());
            assertThat(bytes(entry)).isEqualTo(bytes(expected));
            assertThat(entry.problem() == null).isEqualTo(expected.problem() == null);
        }
    }

    static ByteString bytes(ProduceFrame.Entry entry) {
        BatchBytes packed = entry.packed();
        return packed == null ? ByteString.EMPTY : ByteString.copyFrom(packed.toContiguous());
    }

    static FetchResponse joined(IncomingFrame<FetchData> frame) {
        FetchResponse.Builder response = FetchResponse.newBuilder();
        for (IncomingFrame.Part<FetchData> part : frame.parts()) {
            FetchData.Builder data = part.head().toBuilder();
            if (part.packedBytes() > 0) {
                data.setPacked(ByteString.copyFrom(part.packed()));
                assertThat(part.packedCopy()).isEqualTo(part.packed());
            }
            response.addData(data);
        }
        return response.build();
    }
}
