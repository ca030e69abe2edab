package io.kq.metadata.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupChange;
import io.kq.metadata.group.HandOver;
import io.kq.metadata.group.SampleMembers;
import io.kq.metadata.group.TopicIndex;
import io.kq.metadata.group.TopicIndex.Topic;
import io.kq.metadata.shard.ShardRecord.GroupRemoved;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.metadata.shard.ShardRecord.OffsetsRemoved;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.RandomSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShardImageTest {

    private static final UUID A = new UUID(0, 1);
    private static final TopicIdPartition A0 = new TopicIdPartition(A, 0);
    private static final TopicIdPartition A1 = new TopicIdPartition(A, 1);

    private ShardImage image = ShardImage.EMPTY;

    private void apply(ShardRecord... records) {
        image = image.with(List.of(records));
    }

    private static CommittedOffset at(long offset) {
        return new CommittedOffset(offset, 1, "m", 100);
    }

    @Test
    void keepsWhatIsCommittedUntilItIsRemoved() {
        apply(new OffsetsCommitted("g", Map.of(A0, at(5), A1, at(7))));
        apply(new OffsetsCommitted("g", Map.of(A0, at(6))));
        assertThat(image.group("g").orElseThrow().offsets())
                .isEqualTo(Map.of(A0, at(6), A1, at(7)));
        apply(new OffsetsRemoved("g", Set.of(A0)));
        assertThat(image.group("g").orElseThrow().offsets()).isEqualTo(Map.of(A1, at(7)));
        apply(new GroupRemoved("g"));
        assertThat(image).isEqualTo(ShardImage.EMPTY);
    }

    /** Rule 17. */
    @Test
    void ignoresWhatWasDecidedInAnotherTermOrOnAnotherImage() {
        List<ShardRecord> records = List.of(new OffsetsCommitted("g", Map.of(A0, at(5))));
        ShardImage other = image.after(new ShardBatch(3, 1, 0, records), 7, 4);
        assertThat(other).isEqualTo(new ShardImage(7, 4, 0, image.groups()));
        ShardImage taken = image.after(new ShardBatch(4, 1, 0, records), 8, 4);
        assertThat(taken.groups()).containsOnlyKeys("g");
        ShardImage again =
                taken.after(new ShardBatch(4, 1, 0, List.of(new GroupRemoved("g"))), 9, 4);
        assertThat(again).isEqualTo(new ShardImage(9, 4, 1, taken.groups()));
    }

    /** So what is replayed is what was decided, and a snapshot is the log in short. */
    @Test
    void factsMakeTheVeryGroupThatWasDecided() {
        for (long seed = 1; seed <= 50; seed++) {
            RandomSource random = RandomSource.seeded(seed);
            image = ShardImage.EMPTY;
            for (int step = 0; step < 30; step++) {
                String id = "g" + random.nextInt(3);
                ConsumerGroup before =
                        image.group(id)
                                .map(GroupImage::group)
                                .orElseGet(() -> ConsumerGroup.empty(id));
                ConsumerGroup after = changed(before, random);
                image = image.with(GroupRecords.between(before, after));
                if (!after.equals(ConsumerGroup.empty(id))) {
                    assertThat(image.group(id).orElseThrow().group())
                            .as("seed %d step %d", seed, step)
                            .isEqualTo(after);
                }
                apply(new OffsetsCommitted(id, Map.of(A0, at(random.nextInt(100)))));
            }
            assertThat(ShardImage.EMPTY.with(image.records())).isEqualTo(image);
        }
    }

    private static ConsumerGroup changed(ConsumerGroup group, RandomSource random) {
        GroupChange change = new GroupChange(group);
        String member = "m" + random.nextInt(4);
        switch (random.nextInt(4)) {
            case 0 -> change.leave(member, "left");
            case 1 ->
                    group.member(member)
                            .ifPresent(known -> change.released(member, known.version()));
            default ->
                    change.join(
                            member,
                            SampleMembers.of(
                                    random.nextInt(4) == 0 ? "i" + member : "",
                                    Set.of("a", "b" + random.nextInt(2))));
        }
        return change.done(
                new TopicIndex(
                        Map.of(
                                "a", new Topic(A, 1 + random.nextInt(6)),
                                "b0", new Topic(new UUID(0, 2), 3))),
                HandOver.STRICT);
    }
}
