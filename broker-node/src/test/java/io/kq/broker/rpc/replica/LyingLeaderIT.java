package io.kq.broker.rpc.replica;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kq.broker.doubles.Batches;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.doubles.NoOtherNodes;
import io.kq.broker.partition.Outside;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.partition.core.leader.LagBounds;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.broker.rpc.replica.ScriptedLeader.Asked;
import io.kq.internal.v1.ReplicaData;
import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.LogStoreConfig;
import io.kq.log.PartitionLog;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.runtime.Clock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a follower makes of a leader that sends it nonsense, over a real socket and into real files:
 * node 2 follows node 1, and has four records of it.
 */
class LyingLeaderIT {

    private static final long HAS = 4;

    @TempDir private Path directory;

    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final ExecutorService callbacks = Executors.newSingleThreadExecutor();
    private ScriptedLeader leader;
    private LeaderStreams streams;
    private LogStore store;
    private PartitionRegistry registry;
    private TopicIdPartition partition;
    private Asked asked;

    @BeforeEach
    void follow() {
        leader = ScriptedLeader.start();
        streams = new LeaderStreams(2, leader, callbacks);
        store =
                LogStore.open(
                        directory,
                        LogStoreConfig.defaults(),
                        Clock.system(),
                        (where, cause) -> faults.add(where + ": " + cause));
        registry =
                new PartitionRegistry(
                        store,
                        metadata,
                        2,
                        Clock.system(),
                        (where, cause) -> faults.add(where + ": " + cause),
                        LogConfig.defaults(),
                        new Outside(
                                streams,
                                new NoOtherNodes(),
                                new LeaderCore(new LagBounds(1L << 40, 1L << 40))));
        metadata.broker(ScriptedLeader.ID, 9092, 40);
        metadata.broker(2, 9093, 50);
        streams.registered(50);
        registry.registered(50);
        UUID topic = metadata.topic("t", Map.of(), ScriptedLeader.ID);
        partition = new TopicIdPartition(topic, 0);
        metadata.lead("t", 0, ScriptedLeader.ID, List.of(1, 2), List.of(1, 2));
        asked = leader.awaitSubscription();
        asked.push(asked.batches(HAS, Batches.sent(0, 1, 4)));
        leader.awaitAcknowledged(asked, HAS);
    }

    @AfterEach
    void stop() {
        streams.close();
        registry.close();
        store.close();
        leader.close();
        callbacks.shutdownNow();
        assertThat(faults).isEmpty();
    }

    private PartitionLog log() {
        return registry.logOf(partition).orElseThrow();
    }

    private static Arguments lie(String name, Function<Asked, ReplicaData.Builder> push) {
        BiConsumer<Asked, Void> said = (asked, unused) -> asked.push(push.apply(asked));
        return Arguments.of(name, said);
    }

    private static Arguments message(String name, byte[] bytes) {
        BiConsumer<Asked, Void> said = (asked, unused) -> asked.send(bytes);
        return Arguments.of(name, said);
    }

    private static ByteBuffer next() {
        return Batches.sent(HAS, 1, 4);
    }

    private static ByteBuffer changed(int position, int value) {
        return next().putInt(position, value);
    }

    private static ByteBuffer torn(int bytes) {
        return next().slice(0, bytes);
    }

    static Stream<Arguments> refusedLies() {
        return Stream.of(
                lie(
                        "a bit of the payload is another one",
                        a -> a.batches(8, next().put(65, (byte) 1))),
                lie(
                        "its CRC is another one's",
                        a -> a.batches(8, changed(RecordBatchHeader.CRC_POSITION, 7))),
                lie(
                        "its length reaches over the end",
                        a -> a.batches(8, changed(RecordBatchHeader.LENGTH_POSITION, 60_000))),
                lie(
                        "its length is less than a header",
                        a -> a.batches(8, changed(RecordBatchHeader.LENGTH_POSITION, 48))),
                lie(
                        "its length is negative",
                        a -> a.batches(8, changed(RecordBatchHeader.LENGTH_POSITION, -1))),
                lie("it ends within its header", a -> a.batches(8, torn(60))),
                lie("it ends within its records", a -> a.batches(8, torn(70))),
                lie(
                        "its format is an older one",
                        a -> a.batches(8, next().put(RecordBatchHeader.MAGIC_POSITION, (byte) 1))),
                lie(
                        "it has more records than offsets",
                        a ->
                                a.batches(
                                        8,
                                        Batches.checksummed(
                                                changed(
                                                        RecordBatchHeader.RECORD_COUNT_POSITION,
                                                        5)))),
                lie(
                        "it ends before it begins",
                        a ->
                                a.batches(
                                        8,
                                        Batches.checksummed(
                                                changed(
                                                        RecordBatchHeader
                                                                .LAST_OFFSET_DELTA_POSITION,
                                                        -2)))),
                lie("it leaves offsets out", a -> a.batches(9, Batches.sent(5, 1, 4))),
                lie("its epoch has not begun", a -> a.batches(8, Batches.sent(HAS, 2, 4))),
                lie("its epoch is over", a -> a.batches(8, Batches.sent(HAS, 0, 4))),
                lie("it is of no epoch", a -> a.batches(8, Batches.sent(HAS, -1, 4))),
                lie("it is another partition's", a -> a.batches(8, next()).setPartition(1)),
                lie(
                        "it is another topic's",
                        a -> a.batches(8, next()).setTopicId(ByteString.copyFrom(new byte[16]))),
                lie(
                        "its topic has no name",
                        a -> a.batches(8, next()).setTopicId(ByteString.EMPTY)),
                lie(
                        "what it has committed is gone already",
                        a -> a.data().setHighWatermark(HAS).setLogStartOffset(9)),
                lie(
                        "its log begins before the first offset",
                        a -> a.batches(8, next()).setLogStartOffset(-1)),
                message("no message", new byte[] {0x0a, 0x7f, 1, 2, 3}),
                message("a field of no kind", new byte[] {0x0f, 0}),
                message("a message larger than any may be", new byte[64 << 20]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedLies")
    void asksAgainForWhatItCannotTake(String name, BiConsumer<Asked, Void> lie) {
        lie.accept(asked, null);
        Asked again = leader.awaitSubscription();
        assertThat(again.endOffset()).as(name).isEqualTo(HAS);
        assertThat(log().logEndOffset()).isEqualTo(HAS);
        assertThat(log().logStartOffset()).isZero();
        again.push(again.batches(8, next()));
        leader.awaitAcknowledged(again, 8);
    }

    @Test
    void keepsTheBatchesBeforeABadOne() {
        asked.push(asked.batches(12, next(), Batches.sent(8, 1, 4).put(65, (byte) 1)));
        Asked again = leader.awaitSubscription();
        assertThat(again.endOffset()).isEqualTo(8);
        again.push(again.batches(12, Batches.sent(8, 1, 4)));
        leader.awaitAcknowledged(again, 12);
    }

    static Stream<Arguments> lateNews() {
        return Stream.of(
                lie("the same once more", a -> a.batches(HAS, Batches.sent(0, 1, 4))),
                lie("a part of it once more", a -> a.batches(HAS, Batches.sent(2, 1, 2))),
                lie("what reaches over its end", a -> a.batches(8, Batches.sent(2, 1, 4))),
                lie("another subscription's", a -> a.batches(8, next()).setSubscriptionId(77)),
                lie("an older epoch's", a -> a.batches(8, next()).setLeaderEpoch(0)),
                lie("a later epoch's", a -> a.batches(8, next()).setLeaderEpoch(2)),
                lie("less is committed than before", a -> a.data().setHighWatermark(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lateNews")
    void passesOverWhatItHasOrDoesNotAskFor(String name, BiConsumer<Asked, Void> news) {
        news.accept(asked, null);
        asked.push(asked.batches(8, next()));
        leader.awaitAcknowledged(asked, 8);
        assertThat(log().logEndOffset()).isEqualTo(8);
        assertThat(leader.isAsked()).as(name).isFalse();
    }

    @Test
    void standsStillRatherThanCutWhatIsCommitted() {
        asked.diverge(0, 0);
        metadata.lead("t", 0, ScriptedLeader.ID, List.of(1, 2), List.of(1, 2));
        Asked again = leader.awaitSubscription();
        assertThat(again.endOffset()).isEqualTo(HAS);
        assertThat(again.subscription().getLeaderEpoch()).isEqualTo(2);
        assertThat(log().logEndOffset()).isEqualTo(HAS);
    }

    @Test
    void asksAgainWhenNothingOfItsLogIsInTheWay() {
        asked.diverge(1, 900);
        assertThat(leader.awaitSubscription().endOffset()).isEqualTo(HAS);
    }

    @Test
    void cutsWhatIsNotCommittedOnly() {
        asked.push(asked.batches(HAS, next()));
        leader.awaitAcknowledged(asked, 8);
        asked.diverge(1, HAS);
        Asked again = leader.awaitSubscription();
        assertThat(again.endOffset()).isEqualTo(HAS);
        eventually("cut", () -> log().logEndOffset() == HAS);
    }
}
