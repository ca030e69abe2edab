package io.kq.broker.rpc.replica;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.kq.broker.doubles.Batches;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.doubles.MemoryLogStore;
import io.kq.broker.doubles.NoOtherNodes;
import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.partition.Turn;
import io.kq.broker.partition.ack.Acks;
import io.kq.broker.replication.CatchUpPace;
import io.kq.internal.v1.ReplicaProgress;
import io.kq.internal.v1.ReplicaSubscription;
import io.kq.internal.v1.ReplicateRequest;
import io.kq.log.LogConfig;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.rpc.TopicIds;
import io.kq.protocol.rpc.netty.TunedTransport;
import io.kq.runtime.Clock;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a leader makes of a follower that sends it nonsense, over a real socket: node 1 leads four
 * records, which are committed when node 2 has them.
 */
class LyingFollowerIT {

    private static final long PLENTY = 1 << 20;

    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final MemoryLogStore store = new MemoryLogStore();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<ScriptedFollower> followers = new ArrayList<>();
    private final EventLoopGroup loops = TunedTransport.eventLoops("leader", 1);
    private PartitionRegistry registry;
    private ReplicationService service;
    private Server server;
    private ManagedChannel channel;
    private TopicIdPartition partition;

    @BeforeEach
    void lead() throws IOException {
        Clock clock = Clock.system();
        registry =
                new PartitionRegistry(
                        store,
                        metadata,
                        1,
                        clock,
                        (where, cause) -> faults.add(where + ": " + cause),
                        LogConfig.defaults(),
                        NoOtherNodes.outside());
        service = new ReplicationService(registry, new CatchUpPace(0, registry.timers(), clock));
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server = TunedTransport.server(builder, loops).addService(service).build().start();
        channel = TunedTransport.channel("127.0.0.1", server.getPort(), loops).build();
        metadata.broker(1, 9092, 40);
        metadata.broker(2, 9093, 50);
        registry.registered(40);
        partition = new TopicIdPartition(metadata.topic("t", Map.of(), 1), 0);
        metadata.lead("t", 0, 1, List.of(1, 2), List.of(1, 2));
        eventually("leads", () -> leader().leaderEpoch() == 1);
        append();
    }

    @AfterEach
    void stop() {
        followers.forEach(ScriptedFollower::cancel);
        channel.shutdownNow();
        server.shutdownNow();
        registry.close();
        service.close();
        var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        assertThat(faults).isEmpty();
        eventually("all slices closed", () -> store.log(partition).openSlices() == 0);
    }

    private PartitionLeader leader() {
        return registry.leaderOf(partition);
    }

    private long highWatermark() {
        return leader().reads().highWatermark();
    }

    private void append() {
        Turn turn = new Turn(Clock.system());
        turn.begin();
        leader().append(Batches.opaque(4, 10), Acks.NONE, 0, null, turn);
        turn.end();
    }

    private ScriptedFollower open() {
        ScriptedFollower follower = new ScriptedFollower(channel);
        followers.add(follower);
        return follower;
    }

    /** A stream with the right subscription, which has been pushed what there is. */
    private ScriptedFollower subscribed(long id) {
        ScriptedFollower follower = open();
        follower.send(known().addSubscribe(subscription(id)).setCreditBytes(PLENTY));
        follower.awaitPushedTo(id, 4);
        return follower;
    }

    /** A request of the follower's registered incarnation. */
    private static ReplicateRequest.Builder known() {
        return ReplicateRequest.newBuilder().setBrokerId(2).setBrokerEpoch(50);
    }

    private ReplicaSubscription.Builder subscription(long id) {
        return ReplicaSubscription.newBuilder()
                .setSubscriptionId(id)
                .setTopicId(TopicIds.toBytes(partition.topicId()))
                .setPartition(0)
                .setLeaderEpoch(1)
                .setEndOffset(0)
                .setLastEpoch(-1);
    }

    private static ReplicaProgress.Builder progress(long id, int epoch, long endOffset) {
        return ReplicaProgress.newBuilder()
                .setSubscriptionId(id)
                .setLeaderEpoch(epoch)
                .setEndOffset(endOffset);
    }

    private static ReplicateRequest.Builder says(ReplicaProgress.Builder progress) {
        return ReplicateRequest.newBuilder().addProgress(progress);
    }

    private void commits(ScriptedFollower follower, long id) {
        follower.send(says(progress(id, 1, 4)));
        eventually("commits", () -> highWatermark() == 4);
    }

    @Test
    void onlyWhatAMemberHasOfThisEpochIsCommitted() {
        ScriptedFollower follower = subscribed(3);
        follower.send(says(progress(3, 1, 1_000)));
        follower.send(says(progress(3, 1, Long.MAX_VALUE)));
        follower.send(says(progress(3, 1, -1)));
        follower.send(says(progress(3, 0, 4)));
        follower.send(says(progress(3, 2, 4)));
        follower.send(says(progress(2, 1, 4)));
        follower.send(says(progress(4, 1, 4)));
        // Answered behind all of that.
        follower.send(known().addSubscribe(subscription(3)));
        follower.awaitRefused(3, ErrorCode.INVALID_ARGUMENT);
        assertThat(highWatermark()).isZero();
        commits(follower, 3);
    }

    @Test
    void acknowledgementsThatComeAgainOrLateTakeNothingBack() {
        ScriptedFollower follower = subscribed(3);
        append();
        follower.send(says(progress(3, 1, 8)));
        eventually("commits", () -> highWatermark() == 8);
        follower.send(says(progress(3, 1, 8)));
        follower.send(says(progress(3, 1, 2)));
        follower.send(known().addSubscribe(subscription(3)));
        follower.awaitRefused(3, ErrorCode.INVALID_ARGUMENT);
        assertThat(highWatermark()).isEqualTo(8);
        assertThat(leader().lags()).containsEntry(2, 0L);
    }

    @Test
    void whoDoesNotSayWhoItIsIsRefused() {
        ScriptedFollower follower = open();
        follower.send(ReplicateRequest.newBuilder().addSubscribe(subscription(3)));
        follower.awaitRefused(3, ErrorCode.INELIGIBLE_REPLICA);
        follower.send(known().addSubscribe(subscription(4)).setCreditBytes(PLENTY));
        follower.awaitPushedTo(4, 4);
        commits(follower, 4);
    }

    @Test
    void anotherIncarnationAndAnotherBrokerAreRefused() {
        ScriptedFollower follower = open();
        follower.send(known().setBrokerEpoch(49).addSubscribe(subscription(3)));
        follower.awaitRefused(3, ErrorCode.FENCED_BROKER_EPOCH);
        follower.send(known().setBrokerId(1).addSubscribe(subscription(4)));
        follower.awaitRefused(4, ErrorCode.INELIGIBLE_REPLICA);
    }

    @Test
    void otherEpochsAndUnknownPartitionsAreRefused() {
        ScriptedFollower follower = open();
        follower.send(known().addSubscribe(subscription(3).setLeaderEpoch(0)));
        follower.awaitRefused(3, ErrorCode.FENCED_LEADER_EPOCH);
        follower.send(known().addSubscribe(subscription(4).setLeaderEpoch(2)));
        follower.awaitRefused(4, ErrorCode.UNKNOWN_LEADER_EPOCH);
        follower.send(known().addSubscribe(subscription(5).setPartition(1)));
        follower.awaitRefused(5, ErrorCode.PARTITION_NOT_FOUND);
        follower.send(known().addSubscribe(subscription(6).setPartition(-1)));
        assertThat(follower.awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    /** A follower that waited for an answer to a late subscription would wait for ever. */
    @Test
    void aSubscriptionThatALaterOneOvertookIsRefused() {
        ScriptedFollower follower = subscribed(5);
        follower.send(known().addSubscribe(subscription(3)));
        follower.awaitRefused(3, ErrorCode.FENCED_LEADER_EPOCH);
        commits(follower, 5);
    }

    @Test
    void aLogThatReachesBeyondTheLeadersIsToldWhereItParts() {
        ScriptedFollower follower = open();
        follower.send(known().addSubscribe(subscription(3).setEndOffset(900).setLastEpoch(1)));
        follower.awaitDiverged(3, 1, 4);
        follower.send(known().addSubscribe(subscription(4).setEndOffset(900).setLastEpoch(7)));
        follower.awaitDiverged(4, 1, 4);
    }

    @Test
    void offsetsBelowNoughtAreRefused() {
        ScriptedFollower follower = open();
        follower.send(known().addSubscribe(subscription(3).setEndOffset(-1)));
        assertThat(follower.awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        commits(subscribed(4), 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 17})
    void aTopicIdOfAnotherLengthEndsTheStream(int length) {
        ScriptedFollower follower = open();
        follower.send(
                known().addSubscribe(
                                subscription(3).setTopicId(ByteString.copyFrom(new byte[length]))));
        Status end = follower.awaitEnd();
        assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(end.getDescription()).contains("16 bytes");
        commits(subscribed(4), 4);
    }

    @Test
    void creditBeyondAllNumbersIsWithoutEnd() {
        ScriptedFollower follower = open();
        follower.send(known().addSubscribe(subscription(3)).setCreditBytes(Long.MAX_VALUE));
        follower.send(ReplicateRequest.newBuilder().setCreditBytes(Long.MAX_VALUE));
        follower.send(ReplicateRequest.newBuilder().setCreditBytes(-1));
        follower.awaitPushedTo(3, 4);
        append();
        follower.awaitPushedTo(3, 8);
    }

    @Test
    void bytesThatAreNoMessageEndTheStreamAndNothingElse() {
        ScriptedFollower good = subscribed(3);
        for (byte[] bytes :
                List.of(new byte[] {0x0f}, new byte[] {0x1a, 0x7f, 1}, new byte[64 << 20])) {
            ScriptedFollower bad = open();
            bad.send(bytes);
            assertThat(bad.awaitEnd().isOk()).isFalse();
        }
        commits(good, 3);
    }
}
