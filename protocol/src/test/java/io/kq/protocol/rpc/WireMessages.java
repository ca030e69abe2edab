package io.kq.protocol.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.runtime.RandomSource;
import io.kq.v1.Acks;
import io.kq.v1.Error;
import io.kq.v1.FetchData;
import io.kq.v1.FetchResponse;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import io.kq.v1.Record;
import io.kq.v1.Records;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Random but well-formed messages of the generated classes. */
final class WireMessages {

    private final RandomSource random;

    WireMessages(RandomSource random) {
        this.random = random;
    }

    ProduceRequest produceRequest() {
        ProduceRequest.Builder request = ProduceRequest.newBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            request.addBatches(produceBatch());
        }
        if (chance(4)) {
            request.setUnknownFields(unknown(2));
        }
        return request.build();
    }

    ProduceBatch produceBatch() {
        ProduceBatch.Builder batch = ProduceBatch.newBuilder();
        if (chance(2)) {
            batch.setCorrelationId(random.nextLong()).setPartition(random.nextInt(100));
        }
        if (chance(2)) {
            batch.setTopic("töpic-" + random.nextInt(1000)).setAcksValue(random.nextInt(4));
        }
        if (chance(2)) {
            batch.setTopicId(TopicIds.toBytes(new UUID(random.nextLong(), random.nextLong())));
        }
        if (chance(2)) {
            batch.setTimeoutMs(random.nextInt(100_000));
        }
        if (chance(3)) {
            batch.setPlain(records());
        } else {
            batch.setPacked(ByteString.copyFrom(recordBatch(random.nextInt(5000))));
        }
        if (chance(4)) {
            batch.setUnknownFields(unknown(20));
        }
        return batch.build();
    }

    FetchResponse fetchResponse() {
        FetchResponse.Builder response = FetchResponse.newBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            response.addData(fetchData());
        }
        return response.build();
    }

    FetchData fetchData() {
        FetchData.Builder data =
                FetchData.newBuilder()
                        .setSubscriptionId(random.nextInt(9))
                        .setTopic("t")
                        .setHighWatermark(random.nextLong())
                        .setNextOffset(random.nextInt(1000));
        if (chance(3)) {
            data.setError(Error.newBuilder().setReason("NO_LEADER").putMetadata("a", "b"));
        } else if (chance(3)) {
            data.setPlain(records());
        } else {
            data.setPacked(ByteString.copyFrom(recordBatch(random.nextInt(5000))));
        }
        return data.build();
    }

    private Records records() {
        Records.Builder records = Records.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            records.addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8("v" + i)));
        }
        return records.build();
    }

    ByteBuffer recordBatch(int valueBytes) {
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < valueBytes; i++) {
            value[i] = (byte) random.nextInt(256);
        }
        RecordBatchBuilder builder = new RecordBatchBuilder(64);
        builder.append(1000, null, value);
        return builder.build(CompressionCodec.NONE);
    }

    private UnknownFieldSet unknown(int number) {
        UnknownFieldSet.Field group =
                UnknownFieldSet.Field.newBuilder()
                        .addGroup(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                number,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addFixed32(7)
                                                        .build())
                                        .build())
                        .addFixed64(1)
                        .addFixed32(2)
                        .addVarint(3)
                        .addLengthDelimited(ByteString.copyFromUtf8("x"))
                        .build();
        return UnknownFieldSet.newBuilder().addField(number, group).build();
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    /** Places to cut {@code length} bytes at, in order. */
    int[] cuts(int length) {
        return random.nextInt(3) == 0 || length == 0
                ? new int[0]
                : java.util.stream.IntStream.generate(() -> random.nextInt(length))
                        .limit(1 + random.nextInt(6))
                        .sorted()
                        .toArray();
    }

    /** What acks becomes for a receiver. */
    static Acks received(Acks acks) {
        return acks == Acks.ACKS_UNSPECIFIED ? Acks.ACKS_ALL : acks;
    }
}
