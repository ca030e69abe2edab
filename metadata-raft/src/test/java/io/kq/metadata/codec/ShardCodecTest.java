package io.kq.metadata.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.kq.internal.v1.MemberChangedRecord;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.group.SampleMembers;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardRecord;
import io.kq.metadata.shard.ShardRecord.GroupChanged;
import io.kq.metadata.shard.ShardRecord.GroupRemoved;
import io.kq.metadata.shard.ShardRecord.MemberChanged;
import io.kq.metadata.shard.ShardRecord.MemberRemoved;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.metadata.shard.ShardRecord.OffsetsRemoved;
import io.kq.metadata.shard.ShardRecord.ShareChanged;
import io.kq.metadata.shard.ShardRecord.ShareRemoved;
import io.kq.metadata.shard.ShardRecordSize;
import io.kq.protocol.TopicIdPartition;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShardCodecTest {

    private static final UUID A = new UUID(5, 1);
    private static final TopicIdPartition A0 = new TopicIdPartition(A, 0);
    private static final TopicIdPartition A1 = new TopicIdPartition(A, 1);

    private static final List<ShardRecord> ALL =
            List.of(
                    new GroupChanged("g", 3, "m1 joined", Map.of(A, 2, new UUID(0, 1), 9)),
                    new MemberChanged(
                            "g",
                            GroupMember.of(
                                    "m",
                                    SampleMembers.of("i", Set.of("a", "b"), "x.*"),
                                    3,
                                    7,
                                    Map.of(A0, 2),
                                    Map.of(A1, 1))),
                    new MemberRemoved("g", "n"),
                    new ShareChanged("g", "m", Set.of(A0, A1)),
                    new ShareRemoved("g", "n"),
                    new OffsetsCommitted(
                            "g",
                            Map.of(
                                    A0, new CommittedOffset(17, 4, "mine", 99),
                                    A1, new CommittedOffset(0, -1, "", 0))),
                    new OffsetsRemoved("g", Set.of(A1)),
                    new GroupRemoved("ü"));

    private static ShardBatch decode(byte[] bytes) {
        return ShardCodec.decode(ByteBuffer.wrap(bytes));
    }

    @Test
    void everyFactComesBackAsItWas() {
        ShardBatch batch = new ShardBatch(4, 12, 1_000, ALL);
        assertThat(decode(ShardCodec.encode(batch))).isEqualTo(batch);
        assertThat(ALL.stream().map(ShardRecord::getClass).collect(Collectors.toSet()))
                .as("each kind is tried")
                .hasSize(ShardRecord.class.getPermittedSubclasses().length);
    }

    @Test
    void noFactIsLargerThanItsBound() {
        for (ShardRecord record : ALL) {
            List<ShardRecord> one = List.of(record);
            assertThat((long) ShardCodec.encode(new ShardBatch(1, 1, 1, one)).length)
                    .as(record.toString())
                    .isLessThanOrEqualTo(ShardRecordSize.bound(one));
        }
    }

    @Test
    void equalFactsGiveEqualBytes() {
        for (ShardRecord record : ALL) {
            byte[] once = ShardCodec.encode(new ShardBatch(1, 1, 1, List.of(record)));
            byte[] again = ShardCodec.encode(new ShardBatch(1, 1, 1, decode(once).records()));
            assertThat(again).isEqualTo(once);
        }
    }

    @Test
    void whatANewerVersionWroteEndsTheNode() {
        byte[] good = ShardCodec.encode(new ShardBatch(1, 1, 1, ALL));
        UnknownFieldSet more =
                UnknownFieldSet.newBuilder()
                        .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        io.kq.internal.v1.ShardBatch.Builder deep = io.kq.internal.v1.ShardBatch.newBuilder();
        deep.setFormat(1)
                .addRecordsBuilder()
                .setMemberChanged(MemberChangedRecord.newBuilder().setUnknownFields(more));
        for (byte[] bytes :
                List.of(
                        io.kq.internal.v1.ShardBatch.newBuilder()
                                .setFormat(2)
                                .build()
                                .toByteArray(),
                        io.kq.internal.v1.ShardBatch.newBuilder()
                                .setFormat(1)
                                .addRecords(io.kq.internal.v1.ShardRecord.newBuilder())
                                .build()
                                .toByteArray(),
                        deep.build().toByteArray(),
                        Arrays.copyOf(good, good.length - 1),
                        ByteString.copyFromUtf8("no batch").toByteArray())) {
            assertThatThrownBy(() -> decode(bytes)).isInstanceOf(UnknownRecordException.class);
        }
    }
}
