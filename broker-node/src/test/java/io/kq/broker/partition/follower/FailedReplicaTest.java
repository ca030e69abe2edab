package io.kq.broker.partition.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.partition.core.follower.FollowedLeader;
import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FailedReplicaTest {

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final List<String> said = new ArrayList<>();

    private final LeaderLinks leaders =
            new LeaderLinks() {
                @Override
                public void subscribe(Follower follower, Subscribe asked) {
                    said.add("subscribe " + asked.leader() + " epoch " + asked.leaderEpoch());
                }

                @Override
                public void unsubscribe(Follower follower, Unsubscribe over) {
                    said.add("unsubscribe " + over.leader());
                }

                @Override
                public void acknowledge(Follower follower, Acknowledge ack) {
                    said.add("failed " + ack.failed() + " end " + ack.endOffset());
                }
            };

    private final FailedReplica replica =
            new FailedReplica(
                    new TopicPartition("t", 0),
                    new TopicIdPartition(new UUID(1, 1), 0),
                    leaders,
                    loop);

    private static FollowedLeader leader(int node, int epoch) {
        return new FollowedLeader(node, epoch, -1);
    }

    private void timePasses() {
        clock.advance(Duration.ofSeconds(1));
        loop.runDue();
    }

    @Test
    void tellsItsLeaderOnceThatItHasFailed() {
        replica.report(leader(2, 5));
        replica.report(leader(2, 5));
        replica.pushed(1, 5, 0, 0, List.of());
        replica.pushed(7, 5, 0, 0, List.of());
        assertThat(said)
                .containsExactly("subscribe 2 epoch 5", "failed true end 0", "unsubscribe 2");
    }

    @Test
    void asksAgainUntilTheLeaderHasHeardIt() {
        replica.report(leader(2, 5));
        replica.lost(1);
        timePasses();
        replica.lost(1);
        timePasses();
        assertThat(said).containsExactly("subscribe 2 epoch 5", "subscribe 2 epoch 5");
        replica.pushed(2, 5, 0, 0, List.of());
        assertThat(said).contains("failed true end 0");
    }

    @Test
    void tellsEachNewLeaderAndNobodyOnceClosed() {
        replica.report(leader(2, 5));
        replica.report(leader(FollowedLeader.NOBODY, 6));
        replica.report(leader(3, 7));
        replica.close();
        replica.lost(2);
        timePasses();
        replica.pushed(2, 7, 0, 0, List.of());
        assertThat(said)
                .containsExactly("subscribe 2 epoch 5", "subscribe 3 epoch 7", "unsubscribe 3");
    }
}
