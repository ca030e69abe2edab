package io.kq.broker.replication;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.doubles.Batches;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.doubles.MemoryLogStore;
import io.kq.broker.doubles.NoOtherNodes;
import io.kq.broker.partition.Outside;
import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.partition.ReplicaSubscription;
import io.kq.broker.partition.Turn;
import io.kq.broker.partition.ack.Acks;
import io.kq.broker.partition.core.leader.LagBounds;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.log.LogConfig;
import io.kq.log.slice.LogSlice;
import io.kq.metadata.decision.IsrProposal.Member;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Node 1 leads a partition that node 2 has a replica of, and is in sync with. */
class ReplicaSessionTest {

    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final MemoryLogStore store = new MemoryLogStore();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<List<Integer>> proposed = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final PartitionRegistry registry =
            new PartitionRegistry(
                    store,
                    metadata,
                    1,
                    Clock.system(),
                    (where, cause) -> faults.add(where + ": " + cause),
                    LogConfig.defaults(),
                    new Outside(
                            NoOtherNodes.outside().leaders(),
                            (brokerEpoch, proposals) -> {
                                proposals.forEach(
                                        each ->
                                                proposed.add(
                                                        each.members().stream()
                                                                .map(Member::brokerId)
                                                                .toList()));
                                return new CompletableFuture<>();
                            },
                            // Who is subscribed may be behind for an hour.
                            new LeaderCore(
                                    LagBounds.of(Duration.ofHours(1), Duration.ofSeconds(1)))));
    private final TopicIdPartition partition = partition();
    private final ReplicaSession session =
            new ReplicaSession(registry, new Sink(), Runnable::run, pace());

    private TopicIdPartition partition() {
        metadata.broker(1, 9092, 40);
        metadata.broker(2, 9093, 50);
        registry.registered(40);
        TopicIdPartition made = new TopicIdPartition(metadata.topic("t", Map.of(), 1), 0);
        metadata.lead("t", 0, 1, List.of(1, 2), List.of(1, 2));
        eventually("leads", () -> leads(made));
        return made;
    }

    private boolean leads(TopicIdPartition made) {
        try {
            return registry.leaderOf(made).leaderEpoch() == 1;
        } catch (RejectedException notYet) {
            return false;
        }
    }

    private static CatchUpPace pace() {
        ManualClock clock = new ManualClock();
        return new CatchUpPace(0, new ManualEventLoop(clock), clock);
    }

    @AfterEach
    void close() {
        session.close(() -> {});
        registry.close();
        assertThat(faults).isEmpty();
    }

    private static ReplicaSubscription asked(long generation) {
        return new ReplicaSubscription(2, 50, generation, 1, 0, -1);
    }

    private void append() {
        PartitionLeader leader = registry.leaderOf(partition);
        Turn turn = new Turn(Clock.system());
        turn.begin();
        leader.append(Batches.opaque(4, 10), Acks.NONE, 0, null, turn);
        turn.end();
    }

    /** Its leader may drain the session too. */
    private void says(String line) {
        eventually("says " + line, () -> said.contains(line));
    }

    @Test
    void pushesWhatComesAfterwardsToo() {
        session.grant(1 << 20);
        session.subscribe(partition, asked(1));
        append();
        session.drain();
        says("pushed 1 to 4");
    }

    @Test
    void itsEndLeavesNobodySubscribed() {
        session.subscribe(partition, asked(1));
        session.close(() -> {});
        append();
        eventually("it is proposed to leave", () -> proposed.contains(List.of(1)));
    }

    /** Then the leader is told of a stream that is no more, by nobody but the one who asked. */
    @Test
    void itsEndWhileALeaderTakesASubscriptionLeavesNobodySubscribed() {
        store.log(partition).whenEpochsAreAsked(() -> session.close(() -> {}));
        session.subscribe(partition, asked(1));
        append();
        eventually("it is proposed to leave", () -> proposed.contains(List.of(1)));
    }

    @Test
    void aNumberThatIsInUseIsRefused() {
        session.grant(1 << 20);
        session.subscribe(partition, asked(1));
        session.subscribe(partition, asked(1));
        session.drain();
        says("ended 1: subscription 1 is there already on this stream");
        append();
        session.drain();
        says("pushed 1 to 4");
    }

    /** Also of those that no leader has answered yet: nothing bounds how fast they come. */
    @Test
    void hasABoundedNumberOfSubscriptions() {
        ReplicaSession unanswered = new ReplicaSession(registry, new Sink(), notYet -> {}, pace());
        for (int i = 1; i <= ReplicaSession.SUBSCRIPTIONS_MAX + 1; i++) {
            unanswered.subscribe(partition, asked(i));
        }
        unanswered.drain();
        assertThat(said).containsExactly("ended 100001: a stream has at most 100000 subscriptions");
        unanswered.close(() -> {});
    }

    private final class Sink implements ReplicaSink {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void push(
                ReplicaFeed feed, @Nullable LogSlice slice, long highWatermark, long logStart) {
            if (slice != null) {
                said.add("pushed " + feed.id() + " to " + slice.nextOffset());
                slice.close();
            }
        }

        @Override
        public void diverged(ReplicaFeed feed, int epoch, long endOffset) {
            said.add("diverged " + feed.id());
        }

        @Override
        public void ended(long id, RejectedException reason) {
            said.add("ended " + id + ": " + reason.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void failed(RuntimeException cause) {
            said.add("failed " + cause);
        }
    }
}
