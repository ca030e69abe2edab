package io.kq.metadata.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.kq.internal.v1.FeatureLevelRecord;
import io.kq.internal.v1.TopicDeletedRecord;
import io.kq.metadata.publish.FeedItem;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.RecordSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchCodecTest {

    @Test
    void everyRecordComesBackAsItWas() {
        MetadataBatch batch = new MetadataBatch(7, 8, 9, SampleRecords.all());
        assertThat(BatchCodec.decode(ByteBuffer.wrap(BatchCodec.encode(batch)))).isEqualTo(batch);
    }

    @Test
    void requestResultKeepsItsBytes() {
        RequestAnswered sent = new RequestAnswered(new UUID(1, 2), new byte[] {3, 4, 5}, 6);
        MetadataBatch batch = new MetadataBatch(1, 1, 1, List.of(sent));
        MetadataRecord got =
                BatchCodec.decode(ByteBuffer.wrap(BatchCodec.encode(batch))).records().get(0);
        assertThat(got).usingRecursiveComparison().isEqualTo(sent);
    }

    @Test
    void sizeBoundHoldsForEveryRecord() {
        for (MetadataRecord record : SampleRecords.all()) {
            assertBounded(record);
        }
        for (int bytes : new int[] {0, 1, 127, 128, 16_384, 100_000}) {
            assertBounded(SampleRecords.answered(bytes));
        }
    }

    private static void assertBounded(MetadataRecord record) {
        int empty = BatchCodec.encode(new MetadataBatch(1, 1, 1, List.of())).length;
        int full = BatchCodec.encode(new MetadataBatch(1, 1, 1, List.of(record))).length;
        assertThat(full - empty)
                .as(record.getClass().getSimpleName())
                .isLessThanOrEqualTo(RecordSize.boundBytes(List.of(record)));
    }

    @Test
    void sameTopicGivesTheSameBytesWhateverTheOrderOfItsSettings() {
        Map<String, String> one = new LinkedHashMap<>();
        Map<String, String> other = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            one.put("k" + i, "v");
            other.put("k" + (19 - i), "v");
        }
        assertThat(BatchCodec.encode(topic(one))).isEqualTo(BatchCodec.encode(topic(other)));
    }

    private static MetadataBatch topic(Map<String, String> configs) {
        return new MetadataBatch(
                1,
                1,
                1,
                List.of(new TopicCreated(new UUID(1, 1), "t", List.of(), configs, false, 5)));
    }

    @Test
    void recordOfANewerKindIsRefused() {
        var newer =
                io.kq.internal.v1.MetadataRecord.newBuilder()
                        .setUnknownFields(unknownField(99))
                        .build();
        assertRefused(newer);
        assertRefused(io.kq.internal.v1.MetadataRecord.getDefaultInstance());
    }

    @Test
    void newerFieldOfAKnownRecordIsRefused() {
        assertRefused(
                io.kq.internal.v1.MetadataRecord.newBuilder()
                        .setTopicDeleted(
                                TopicDeletedRecord.newBuilder()
                                        .setTopicId(ByteString.copyFrom(new byte[16]))
                                        .setUnknownFields(unknownField(50)))
                        .build());
    }

    @Test
    void higherFeatureLevelIsRefused() {
        assertRefused(
                io.kq.internal.v1.MetadataRecord.newBuilder()
                        .setFeatureLevel(
                                FeatureLevelRecord.newBuilder()
                                        .setFeature("metadata.version")
                                        .setLevel(2))
                        .build());
    }

    @Test
    void bytesThatAreNoBatchAreRefused() {
        assertThatThrownBy(() -> BatchCodec.decode(ByteBuffer.wrap(new byte[] {1, 2, 3, 4})))
                .isInstanceOf(UnknownRecordException.class);
    }

    @Test
    void recordsOfAStreamEndOnlyAtTheirMark() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (MetadataRecord record : SampleRecords.all()) {
            BatchCodec.writeRecord(record, out);
        }
        ByteArrayInputStream cut = new ByteArrayInputStream(out.toByteArray());
        BatchCodec.writeEnd(out);
        ByteArrayInputStream whole = new ByteArrayInputStream(out.toByteArray());
        for (MetadataRecord record : SampleRecords.all()) {
            assertThat(BatchCodec.readRecord(whole)).contains(record);
            assertThat(BatchCodec.readRecord(cut)).contains(record);
        }
        assertThat(BatchCodec.readRecord(whole)).isEmpty();
        assertThatThrownBy(() -> BatchCodec.readRecord(cut)).isInstanceOf(EOFException.class);
    }

    @Test
    void feedItemsComeBackAsTheyWere() {
        MetadataBatch batch = new MetadataBatch(7, 8, 9, SampleRecords.all());
        List<FeedItem> items =
                List.of(
                        new FeedItem.Batch(5, 2, -1, 3, batch),
                        new FeedItem.ImagePart(5, 2, 1, 3, SampleRecords.all(), true),
                        new FeedItem.ImagePart(5, 2, 1, 3, List.of(), false),
                        new FeedItem.Heartbeat(-1, 0, -1, 0));
        for (FeedItem item : items) {
            assertThat(FeedCodec.fromProto(FeedCodec.toProto(item))).isEqualTo(item);
        }
    }

    private static void assertRefused(io.kq.internal.v1.MetadataRecord record) {
        byte[] bytes =
                io.kq.internal.v1.MetadataBatch.newBuilder()
                        .setFormat(1)
                        .addRecords(record)
                        .build()
                        .toByteArray();
        assertThatThrownBy(() -> BatchCodec.decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(UnknownRecordException.class);
    }

    private static UnknownFieldSet unknownField(int number) {
        return UnknownFieldSet.newBuilder()
                .addField(number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }
}
