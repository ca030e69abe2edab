package io.kq.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.grpc.MethodDescriptor.Marshaller;
import io.kq.runtime.RandomSource;
import io.kq.v1.FetchData;
import io.kq.v1.FetchResponse;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import io.kq.v1.Record;
import io.kq.v1.Records;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboundStreamTest {

    private static final long SEED = Long.getLong("kq.seed", 20_26);
    private static final Marshaller<OutgoingProduce> PRODUCE =
            LogMethods.PRODUCE_CLIENT.getRequestMarshaller();
    private static final Marshaller<OutgoingFrame<FetchData>> FETCH =
            LogMethods.FETCH_SERVER.getResponseMarshaller();

    private final RandomSource random = RandomSource.seeded(SEED);
    private final WireMessages messages = new WireMessages(random);

    @Test
    void producesTheGeneratedClassesBytes() throws IOException {
        for (int i = 0; i < 300; i++) {
            ProduceRequest.Builder known = ProduceRequest.newBuilder();
            for (int b = random.nextInt(4); b >= 0; b--) {
                known.addBatches(withoutUnknown(messages.produceBatch()));
            }
            ProduceRequest request = known.build();

            assertSent(PRODUCE.stream(outgoing(request)), request.toByteArray());
        }
    }

    @Test
    void fetchesTheGeneratedClassesBytes() throws IOException {
        for (int i = 0; i < 300; i++) {
            FetchResponse response = messages.fetchResponse();
            List<CountedBody> bodies = new ArrayList<>();
            OutgoingFrame<FetchData> frame = frame(response, bodies);

            assertSent(FETCH.stream(frame), response.toByteArray());

            assertThat(bodies).allSatisfy(b -> assertThat(b.closes).isEqualTo(1));
        }
    }

    @Test
    void writesHeadsLargerThanItsScratch() throws IOException {
        byte[] value = new byte[3 * OutboundStream.SCRATCH_BYTES];
        Records plain =
                Records.newBuilder()
                        .addRecords(Record.newBuilder().setValue(ByteString.copyFrom(value)))
                        .build();
        ProduceBatch batch = ProduceBatch.newBuilder().setTopic("t").setPlain(plain).build();

        assertSent(
                PRODUCE.stream(new OutgoingProduce(List.of(OutgoingProduce.Entry.plain(batch)))),
                ProduceRequest.newBuilder().addBatches(batch).build().toByteArray());
    }

    @Test
    void leavesTheCallersBuffersAsTheyWere() throws IOException {
        ByteBuffer batch = messages.recordBatch(100);
        batch.position(3);
        OutgoingProduce produce =
                new OutgoingProduce(
                        List.of(
                                OutgoingProduce.Entry.packed(
                                        ProduceBatch.getDefaultInstance(), batch)));

        byte[] once = PRODUCE.stream(produce).readAllBytes();
        byte[] again = PRODUCE.stream(produce).readAllBytes();

        assertThat(again).isEqualTo(once);
        assertThat(batch.position()).isEqualTo(3);
    }

    @Test
    void closesBodiesOnceWhenTheMessageIsNeverWritten() throws IOException {
        List<CountedBody> bodies = new ArrayList<>();
        FetchResponse response =
                FetchResponse.newBuilder()
                        .addData(FetchData.newBuilder().setPacked(ByteString.copyFromUtf8("abc")))
                        .build();
        OutgoingFrame<FetchData> frame = frame(response, bodies);

        FETCH.stream(frame).close();
        frame.close();

        assertThat(bodies).singleElement().satisfies(b -> assertThat(b.closes).isEqualTo(1));
    }

    @Test
    void failureOfABodyReachesTheTransport() {
        OutgoingFrame<FetchData> frame =
                new OutgoingFrame<>(
                        List.of(
                                new OutgoingFrame.Part<>(
                                        FetchData.getDefaultInstance(), new BrokenBody())));

        assertThatThrownBy(
                        () ->
                                ((Drainable) FETCH.stream(frame))
                                        .drainTo(new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessage("disk");
    }

    private void assertSent(InputStream stream, byte[] expected) throws IOException {
        assertThat(stream.available()).isEqualTo(expected.length);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        switch (random.nextInt(3)) {
            case 0 -> assertThat(((Drainable) stream).drainTo(sent)).isEqualTo(expected.length);
            case 1 -> stream.transferTo(sent);
            default -> {
                sent.write(stream.readNBytes(random.nextInt(expected.length + 1)));
                assertThat(stream.available()).isEqualTo(expected.length - sent.size());
                ((Drainable) stream).drainTo(sent);
            }
        }
        assertThat(stream.available()).isZero();
        assertThat(stream.read()).isEqualTo(-1);
        stream.close();
        stream.close();
        assertThat(sent.toByteArray()).as("-Dkq.seed=" + SEED).isEqualTo(expected);
    }

    private static ProduceBatch withoutUnknown(ProduceBatch batch) {
        return batch.toBuilder()
                .setUnknownFields(com.google.protobuf.UnknownFieldSet.getDefaultInstance())
                .build();
    }

    private OutgoingProduce outgoing(ProduceRequest request) {
        List<OutgoingProduce.Entry> entries = new ArrayList<>();
        for (ProduceBatch batch : request.getBatchesList()) {
            entries.add(
                    batch.hasPacked()
                            ? new OutgoingProduce.Entry(
                                    batch.toBuilder().clearPacked().build(),
                                    buffers(batch.getPacked()))
                            : OutgoingProduce.Entry.plain(batch));
        }
        return new OutgoingProduce(entries);
    }

    /** The bytes in one to three buffers of different kinds. */
    private List<ByteBuffer> buffers(ByteString bytes) {
        int first = random.nextInt(bytes.size());
        int second = first + random.nextInt(bytes.size() - first);
        ByteBuffer direct = ByteBuffer.allocateDirect(second - first);
        direct.put(bytes.substring(first, second).asReadOnlyByteBuffer()).flip();
        byte[] array = new byte[bytes.size() + 10];
        bytes.copyTo(array, 5);
        return List.of(
                bytes.substring(0, first).asReadOnlyByteBuffer(),
                direct,
                ByteBuffer.wrap(array, 5 + second, bytes.size() - second).slice());
    }

    private static OutgoingFrame<FetchData> frame(
            FetchResponse response, List<CountedBody> bodies) {
        List<OutgoingFrame.Part<FetchData>> parts = new ArrayList<>();
        for (FetchData data : response.getDataList()) {
            if (data.hasPacked()) {
                CountedBody body = new CountedBody(data.getPacked());
                bodies.add(body);
                parts.add(new OutgoingFrame.Part<>(data.toBuilder().clearPacked().build(), body));
            } else {
                parts.add(new OutgoingFrame.Part<>(data, null));
            }
        }
        return new OutgoingFrame<>(parts);
    }

    private static final class CountedBody implements FrameBody {

        private final ByteString bytes;
        private int closes;

        CountedBody(ByteString bytes) {
            this.bytes = bytes;
        }

        @Override
        public int sizeBytes() {
            return bytes.size();
        }

        @Override
        public void writeTo(OutputStream out, byte[] scratch) throws IOException {
            assertThat(closes).isZero();
            assertThat(scratch.length).isBetween(16 * 1024, 64 * 1024);
            bytes.writeTo(out);
        }

        @Override
        public void close() {
            closes++;
        }
    }

    private static final class BrokenBody implements FrameBody {

        @Override
        public int sizeBytes() {
            return 7;
        }

        @Override
        public void writeTo(OutputStream out, byte[] scratch) throws IOException {
            throw new IOException("disk");
        }

        @Override
        public void close() {}
    }
}
