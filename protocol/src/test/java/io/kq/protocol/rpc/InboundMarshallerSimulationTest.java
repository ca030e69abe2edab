package io.kq.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import io.kq.runtime.RandomSource;
import io.kq.v1.FetchData;
import io.kq.v1.FetchResponse;
import io.kq.v1.ProduceRequest;
import org.junit.jupiter.api.Test;

/** Reading by hand and reading by the generated classes, on random messages. */
class InboundMarshallerSimulationTest {

    private static final long SEED = Long.getLong("kq.seed", 20_26);
    private static final Marshaller<ProduceFrame> PRODUCE =
            LogMethods.PRODUCE_SERVER.getRequestMarshaller();
    private static final Marshaller<IncomingFrame<FetchData>> FETCHED =
            LogMethods.FETCH_CLIENT.getResponseMarshaller();

    private final RandomSource random = RandomSource.seeded(SEED);
    private final WireMessages messages = new WireMessages(random);

    @Test
    void readsWhatTheGeneratedClassReads() {
        for (int i = 0; i < 500; i++) {
            ProduceRequest request = messages.produceRequest();
            byte[] bytes = request.toByteArray();
            CountedStream stream = new CountedStream(bytes, messages.cuts(bytes.length));

            ProduceFrame frame = PRODUCE.parse(stream.stream());

            Frames.assertSame(frame, request);
            assertThat(frame.sizeBytes()).isEqualTo(bytes.length);
            Frames.assertFreedOnceByClose(stream, frame);
        }
    }

    @Test
    void readsFetchedDataAsTheGeneratedClassDoes() {
        for (int i = 0; i < 500; i++) {
            FetchResponse response = messages.fetchResponse();
            byte[] bytes = response.toByteArray();
            CountedStream stream = new CountedStream(bytes, messages.cuts(bytes.length));

            IncomingFrame<FetchData> frame = FETCHED.parse(stream.stream());

            assertThat(Frames.joined(frame)).as(seed()).isEqualTo(response);
            Frames.assertFreedOnceByClose(stream, frame);
        }
    }

    @Test
    void readsMutatedBytesAsTheGeneratedClassDoesAndLeaksNothing() {
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = messages.produceRequest().toByteArray();
            for (int m = random.nextInt(4); m >= 0; m--) {
                bytes[Math.min(random.nextInt(bytes.length), random.nextInt(200))] =
                        (byte) random.nextInt(256);
            }
            CountedStream stream = new CountedStream(bytes, messages.cuts(bytes.length));
            ProduceRequest expected;
            try {
                expected = ProduceRequest.parseFrom(bytes);
            } catch (InvalidProtocolBufferException malformed) {
                Frames.assertRefused(stream);
                continue;
            }

            ProduceFrame frame;
            try {
                frame = PRODUCE.parse(stream.stream());
            } catch (StatusRuntimeException refusal) {
                // The one thing in which protobuf-java is more lenient than the encoding's rules.
                assertThat(refusal).as(seed()).hasMessageContaining("more than ten bytes");
                continue;
            }

            Frames.assertSame(frame, expected);
            Frames.assertFreedOnceByClose(stream, frame);
        }
    }

    private static String seed() {
        return "-Dkq.seed=" + SEED;
    }
}
