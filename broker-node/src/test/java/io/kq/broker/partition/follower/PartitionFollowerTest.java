package io.kq.broker.partition.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.doubles.Batches;
import io.kq.broker.doubles.MemoryLog;
import io.kq.broker.partition.core.follower.FollowedLeader;
import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;
import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.follower.FollowerState.Phase;
import io.kq.log.LogConfig;
import io.kq.log.PartitionLog;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchBytes;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a follower does to its log, its files and its leader when its core has decided. */
class PartitionFollowerTest {

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final List<String> said = new ArrayList<>();
    private final Files files = new Files();
    private MemoryLog log = MemoryLog.of(LogConfig.defaults());
    private PartitionFollower follower = following(log, false);

    private PartitionFollower following(MemoryLog copy, boolean fsync) {
        FollowerState begin = FollowerState.of(PartitionFollower.endsOf(copy), fsync, 0, 0, -1);
        return new PartitionFollower(
                new TopicPartition("t", 0), copy, begin, new Leader(), files, clock, loop);
    }

    private static FollowedLeader leader(int node, int epoch) {
        return new FollowedLeader(node, epoch, -1);
    }

    private static List<BatchBytes> batch(long baseOffset, int epoch) {
        return List.of(BatchBytes.of(Batches.sent(baseOffset, epoch, 4)));
    }

    /** Follows node 1, and has four records of it, of which {@code committed} are. */
    private void hasFour(long committed) {
        follower.follow(leader(1, 3));
        follower.pushed(1, 3, committed, 0, batch(0, 3));
        said.clear();
    }

    private String take() {
        String all = String.join(", ", said);
        said.clear();
        return all;
    }

    private void timePasses() {
        clock.advance(Duration.ofSeconds(1));
        loop.runDue();
    }

    @Test
    void asksTheLeaderForWhatIsBehindItsEnd() {
        follower.follow(leader(1, 3));
        assertThat(take()).isEqualTo("subscribe 1 generation 1 epoch 3 end 0 last -1");
        follower.pushed(1, 3, 0, 0, batch(0, 3));
        assertThat(take()).isEqualTo("acknowledge 0, acknowledge 4");
        follower.follow(leader(2, 4));
        assertThat(take())
                .isEqualTo("unsubscribe 1, subscribe 2 generation 2 epoch 4 end 4 last 3");
    }

    @Test
    void acknowledgesWhatIsOnTheDiskIfItIsToBe() {
        log =
                MemoryLog.of(
                        new LogConfig(
                                1 << 20,
                                Duration.ofDays(1),
                                1 << 20,
                                LogConfig.Flush.FSYNC,
                                LogConfig.TimestampType.CREATE_TIME,
                                false));
        follower = following(log, true);
        hasFour(0);
        assertThat(take()).isEmpty();
        log.sync();
        assertThat(take()).isEqualTo("acknowledge 4");
        follower.pushed(1, 3, 4, 0, batch(4, 3));
        assertThat(take()).isEmpty();
        follower.flushChanged(false);
        assertThat(take()).isEqualTo("acknowledge 8");
    }

    @Test
    void takesTheGoodBatchesBeforeABadOneAndAsksAgain() {
        hasFour(4);
        BatchBytes good = batch(4, 3).get(0);
        BatchBytes bad = batch(9, 3).get(0);
        follower.pushed(1, 3, 4, 0, List.of(good, bad));
        assertThat(log.logEndOffset()).isEqualTo(8);
        assertThat(take()).isEqualTo("acknowledge 8, unsubscribe 1");
        timePasses();
        assertThat(take()).isEqualTo("subscribe 1 generation 2 epoch 3 end 8 last 3");
    }

    @Test
    void cutsWhereItsFilesAreWorkedOnAndAsksFromThere() {
        hasFour(0);
        follower.pushed(1, 3, 0, 0, batch(4, 3));
        take();
        follower.diverged(1, 3, 3, 4);
        assertThat(log.logEndOffset()).as("not on the caller's thread").isEqualTo(8);
        files.work();
        assertThat(log.logEndOffset()).isEqualTo(4);
        assertThat(take()).isEqualTo("subscribe 1 generation 2 epoch 3 end 4 last 3");
    }

    @Test
    void aCutThatFailsLeavesItWithoutALeaderUntilTheDiskIsWell() {
        hasFour(0);
        log.failCuts(ErrorCode.STORAGE_FAULT);
        log.failAppends(ErrorCode.STORAGE_FAULT);
        follower.diverged(1, 3, -1, 0);
        files.work();
        assertThat(follower.state().phase()).isEqualTo(Phase.IDLE);
        assertThat(log.logEndOffset()).isEqualTo(4);
        assertThat(take()).isEmpty();
        log.failCuts(null);
        log.failAppends(null);
        follower.tick();
        assertThat(take()).isEqualTo("subscribe 1 generation 2 epoch 3 end 4 last 3");
    }

    @Test
    void beginsAnewWhereTheLeadersLogBegins() {
        hasFour(4);
        follower.pushed(1, 3, 90, 50, List.of());
        assertThat(take()).isEqualTo("unsubscribe 1");
        assertThat(follower.isCutting()).isTrue();
        files.work();
        assertThat(follower.log()).isNotSameAs(log);
        assertThat(follower.log().logStartOffset()).isEqualTo(50);
        assertThat(take()).isEqualTo("subscribe 1 generation 2 epoch 3 end 50 last -1");
        follower.pushed(2, 3, 90, 50, batch(50, 3));
        assertThat(follower.log().logEndOffset()).isEqualTo(54);
    }

    @Test
    void standsStillRatherThanCutWhatIsCommitted() {
        hasFour(4);
        follower.diverged(1, 3, -1, 0);
        files.work();
        timePasses();
        assertThat(follower.state().phase()).isEqualTo(Phase.HALTED);
        assertThat(log.logEndOffset()).isEqualTo(4);
        assertThat(take()).isEmpty();
    }

    @Test
    void givesUpWhatItsLeaderHasNotAnyMore() {
        hasFour(4);
        follower.pushed(1, 3, 4, 4, List.of());
        files.work();
        assertThat(log.logStartOffset()).isEqualTo(4);
        assertThat(log.logEndOffset()).isEqualTo(4);
    }

    @Test
    void tellsItsLeaderOfAFullDiskAndAsksAgainWhenThereIsRoom() {
        hasFour(4);
        log.failAppends(ErrorCode.DISK_FULL);
        follower.pushed(1, 3, 4, 0, batch(4, 3));
        assertThat(take()).isEqualTo("acknowledge 4 failed, unsubscribe 1");
        follower.tick();
        timePasses();
        assertThat(take()).isEmpty();
        log.failAppends(null);
        follower.tick();
        assertThat(take()).isEqualTo("subscribe 1 generation 2 epoch 3 end 4 last 3");
    }

    @Test
    void whatAnOlderSubscriptionBringsIsNotTaken() {
        hasFour(4);
        follower.lost(1);
        timePasses();
        take();
        follower.pushed(1, 3, 4, 0, batch(4, 3));
        follower.diverged(1, 3, -1, 0);
        follower.lost(1);
        files.work();
        assertThat(log.logEndOffset()).isEqualTo(4);
        assertThat(follower.state().phase()).isEqualTo(Phase.SUBSCRIBING);
    }

    @Test
    void closedItFollowsNobodyWhateverComes() {
        hasFour(4);
        follower.close();
        assertThat(take()).isEqualTo("unsubscribe 1");
        follower.follow(leader(1, 3));
        follower.pushed(1, 3, 8, 0, batch(4, 3));
        timePasses();
        assertThat(take()).isEmpty();
        assertThat(log.logEndOffset()).isEqualTo(4);
    }

    /** What the follower says to its leader. */
    private final class Leader implements LeaderLinks {
        @Override
        public void subscribe(Follower asking, Subscribe asked) {
            said.add(
                    "subscribe "
                            + asked.leader()
                            + " generation "
                            + asked.generation()
                            + " epoch "
                            + asked.leaderEpoch()
                            + " end "
                            + asked.endOffset()
                            + " last "
                            + asked.lastEpoch());
        }

        @Override
        public void unsubscribe(Follower asking, Unsubscribe over) {
            said.add("unsubscribe " + over.leader());
        }

        @Override
        public void acknowledge(Follower asking, Acknowledge ack) {
            said.add("acknowledge " + ack.endOffset() + (ack.failed() ? " failed" : ""));
        }
    }

    /** Work on files is done when the test says so. */
    private static final class Files implements FollowerFiles {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private @Nullable RejectedException failure;

        @Override
        public void run(Runnable work) {
            waiting.add(work);
        }

        void work() {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        }

        @Override
        public PartitionLog restart(long startOffset) {
            if (failure != null) {
                throw failure;
            }
            MemoryLog begun = MemoryLog.of(LogConfig.defaults());
            begun.beginAt(startOffset);
            return begun;
        }
    }

    @Test
    void aNewBeginningThatFailsLeavesTheLogAsItIs() {
        hasFour(4);
        files.failure = new RejectedException(ErrorCode.DISK_FULL, "no room");
        log.failAppends(ErrorCode.DISK_FULL);
        follower.pushed(1, 3, 90, 50, List.of());
        files.work();
        assertThat(follower.log()).isSameAs(log);
        assertThat(follower.state().phase()).isEqualTo(Phase.IDLE);
    }
}
