package io.kq.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.grpc.MethodDescriptor.Marshaller;
import io.kq.protocol.ErrorCode;
import io.kq.runtime.RandomSource;
import io.kq.v1.FetchData;
import io.kq.v1.FetchResponse;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import io.kq.v1.Record;
import io.kq.v1.Records;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboundMarshallerTest {

    private static final long SEED = Long.getLong("kq.seed", 20_26);
    private static final Marshaller<ProduceFrame> PRODUCE =
            LogMethods.PRODUCE_SERVER.getRequestMarshaller();

    private final RandomSource random = RandomSource.seeded(SEED);
    private final WireMessages messages = new WireMessages(random);

    @Test
    void bothMessagesHaveTheShapeThatIsReadByHand() {
        assertThat(ProduceRequest.BATCHES_FIELD_NUMBER).isEqualTo(FetchResponse.DATA_FIELD_NUMBER);
        assertThat(ProduceBatch.PLAIN_FIELD_NUMBER).isEqualTo(FetchData.PLAIN_FIELD_NUMBER);
        assertThat(ProduceBatch.PACKED_FIELD_NUMBER).isEqualTo(FetchData.PACKED_FIELD_NUMBER);
    }

    @Test
    void refusesEveryTruncation() {
        byte[] bytes = messages.produceRequest().toByteArray();
        for (int length = 1; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            Throwable malformed = catchThrowable(() -> ProduceRequest.parseFrom(cut));
            if (malformed != null) {
                Frames.assertRefused(new CountedStream(cut));
            }
        }
    }

    @Test
    void packedNeedNotBeTheLastField() throws IOException {
        ByteString batch = ByteString.copyFrom(messages.recordBatch(3000));
        byte[] item =
                fields(
                        out -> {
                            out.writeBytes(15, batch);
                            out.writeString(2, "after");
                            out.writeUInt64(1, 9);
                        });

        ProduceFrame frame = parse(item);

        ProduceFrame.Entry entry = frame.entries().get(0);
        assertThat(entry.topic()).isEqualTo("after");
        assertThat(entry.correlationId()).isEqualTo(9);
        assertThat(Frames.bytes(entry)).isEqualTo(batch);
    }

    @Test
    void lastPayloadWins() throws IOException {
        ByteString first = ByteString.copyFrom(messages.recordBatch(100));
        ByteString last = ByteString.copyFrom(messages.recordBatch(200));
        Records plain = Records.newBuilder().addRecords(Record.newBuilder().setOffset(1)).build();
        Records more = Records.newBuilder().addRecords(Record.newBuilder().setOffset(2)).build();

        List<ThrowingConsumer> items =
                List.of(
                        out -> {
                            out.writeBytes(15, first);
                            out.writeBytes(15, last);
                        },
                        out -> {
                            out.writeMessage(14, plain);
                            out.writeBytes(15, last);
                        },
                        out -> {
                            out.writeBytes(15, first);
                            out.writeMessage(14, plain);
                            out.writeMessage(14, more);
                        });
        for (ThrowingConsumer item : items) {
            byte[] bytes = fields(item);
            Frames.assertSame(parse(bytes), ProduceRequest.parseFrom(wrapped(bytes)));
        }
    }

    @Test
    void plainAfterPackedStartsAnew() throws IOException {
        Records first = Records.newBuilder().addRecords(Record.newBuilder().setOffset(1)).build();
        Records last = Records.newBuilder().addRecords(Record.newBuilder().setOffset(2)).build();
        byte[] item =
                fields(
                        out -> {
                            out.writeMessage(14, first);
                            out.writeBytes(15, ByteString.copyFromUtf8("x"));
                            out.writeMessage(14, last);
                        });

        assertThat(parse(item).entries().get(0).plain()).isEqualTo(last);
    }

    @Test
    void copiesWhereTheTransportHasNoBuffersToGive() throws IOException {
        ProduceRequest request =
                ProduceRequest.newBuilder()
                        .addBatches(
                                ProduceBatch.newBuilder()
                                        .setPacked(ByteString.copyFrom(messages.recordBatch(9000))))
                        .build();

        ProduceFrame frame = PRODUCE.parse(new ByteArrayInputStream(request.toByteArray()));

        assertThat(frame.isOnHeap()).isTrue();
        Frames.assertSame(frame, request);
    }

    @Test
    void largeMessageStaysInTheTransportsBuffers() {
        byte[] request =
                ProduceRequest.newBuilder()
                        .addBatches(
                                ProduceBatch.newBuilder()
                                        .setPacked(ByteString.copyFrom(messages.recordBatch(9000))))
                        .build()
                        .toByteArray();
        CountedStream stream = new CountedStream(request, 20, 4096);

        ProduceFrame frame = PRODUCE.parse(stream.stream());

        assertThat(frame.isOnHeap()).isFalse();
        assertThat(stream.frees()).containsExactly(0, 0, 0);
        frame.close();
        frame.close();
        assertThat(stream.frees()).containsExactly(1, 1, 1);
    }

    @Test
    void unusableItemIsAProblemOfItsOwn() throws IOException {
        ProduceFrame frame =
                ProduceFrame.of(
                        ProduceRequest.newBuilder()
                                .addBatches(ProduceBatch.newBuilder().setCorrelationId(1))
                                .addBatches(
                                        ProduceBatch.newBuilder()
                                                .setCorrelationId(2)
                                                .setPacked(ByteString.copyFromUtf8("short")))
                                .addBatches(
                                        ProduceBatch.newBuilder()
                                                .setCorrelationId(3)
                                                .setTopicId(ByteString.copyFromUtf8("short"))
                                                .setPlain(Records.getDefaultInstance()))
                                .addBatches(
                                        ProduceBatch.newBuilder()
                                                .setCorrelationId(4)
                                                .setAcksValue(9)
                                                .setPlain(Records.getDefaultInstance()))
                                .build());

        assertThat(frame.entries())
                .extracting(e -> java.util.Objects.requireNonNull(e.problem()).code())
                .containsExactly(
                        ErrorCode.INVALID_ARGUMENT,
                        ErrorCode.CORRUPT_BATCH,
                        ErrorCode.INVALID_ARGUMENT,
                        ErrorCode.INVALID_ARGUMENT);
        assertThat(frame.entries())
                .allSatisfy(
                        e -> {
                            assertThat(e.packed()).isNull();
                            assertThat(e.plain()).isNull();
                        });
    }

    @Test
    void timeoutHasItsDefaultAndItsEnd() {
        ProduceBatch.Builder batch = ProduceBatch.newBuilder();

        assertThat(ProduceFrame.Entry.of(batch.build()).timeoutMillis()).isEqualTo(30_000);
        assertThat(ProduceFrame.Entry.of(batch.setTimeoutMs(5).build()).timeoutMillis())
                .isEqualTo(5);
        assertThat(ProduceFrame.Entry.of(batch.setTimeoutMs(-1).build()).timeoutMillis())
                .isEqualTo(Integer.MAX_VALUE);
    }

    private static ProduceFrame parse(byte[] item) throws IOException {
        return PRODUCE.parse(new ByteArrayInputStream(wrapped(item)));
    }

    private static byte[] wrapped(byte[] item) throws IOException {
        return fields(out -> out.writeByteArray(1, item));
    }

    private static byte[] fields(ThrowingConsumer writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        writer.accept(out);
        out.flush();
        return bytes.toByteArray();
    }

    /** Writes fields. */
    private interface ThrowingConsumer {
        void accept(CodedOutputStream out) throws IOException;
    }
}
