package io.kq.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.broker.doubles.Batches;
import io.kq.broker.doubles.MemoryLog;
import io.kq.broker.doubles.NoOtherNodes;
import io.kq.broker.partition.ack.AckListener;
import io.kq.broker.partition.ack.Acks;
import io.kq.broker.partition.core.leader.IsrView;
import io.kq.broker.partition.core.leader.LeaderState;
import io.kq.broker.partition.core.leader.LeaderTerm;
import io.kq.broker.partition.core.leader.ReplicaView;
import io.kq.log.LogConfig;
import io.kq.log.LogConfig.Flush;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionLeaderTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long TIMEOUT = Duration.ofSeconds(30).toNanos();

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final List<String> seen = new ArrayList<>();
    private final Turn turn = new Turn(clock);

    private MemoryLog log = MemoryLog.of(LogConfig.defaults());
    private PartitionLeader leader = leader(IsrView.alone(1, 0), false);

    private PartitionLeader leader(IsrView isr, boolean fsync) {
        LeaderState elected =
                LeaderState.elected(
                        new LeaderTerm(1, 5, log.logEndOffset(), fsync),
                        log.durableEndOffset(),
                        0,
                        isr,
                        clock.nanoTime());
        PartitionLeader made =
                new PartitionLeader(
                        PARTITION,
                        log,
                        NoOtherNodes.outside().core(),
                        elected,
                        (asked, answer) -> {},
                        clock,
                        loop);
        made.isrChanged(isr);
        return made;
    }

    private static IsrView isr(int partitionEpoch, List<Integer> committed, int minimum) {
        List<ReplicaView> replicas =
                List.of(new ReplicaView(1, 0, true), new ReplicaView(2, 0, true));
        return new IsrView(partitionEpoch, committed, replicas, minimum);
    }

    private void useFsync() {
        LogConfig d = LogConfig.defaults();
        log =
                MemoryLog.of(
                        new LogConfig(
                                d.segmentBytes(),
                                d.segmentAge(),
                                d.messageBytesMax(),
                                Flush.FSYNC,
                                d.timestampType(),
                                false));
        leader = leader(IsrView.alone(1, 0), true);
    }

    private AckListener named(String name) {
        return new AckListener() {
            @Override
            public void onAcknowledged(long baseOffset, long logStartOffset, boolean duplicate) {
                seen.add(name + "@" + baseOffset + (duplicate ? " again" : ""));
            }

            @Override
            public void onAbandoned(RejectedException reason) {
                seen.add(name + " " + reason.code() + (reason.definite() ? " definite" : ""));
            }

            @Override
            public void onTurnEnd() {
                seen.add("sent");
            }
        };
    }

    private PartitionWatcher watcher() {
        return new PartitionWatcher() {
            @Override
            public void onAdvanced() {
                seen.add("readable to " + leader.reads().readableEnd());
            }

            @Override
            public void onResigned(RejectedException reason) {
                seen.add("resigned " + reason.code());
            }
        };
    }

    private void append(String name, Acks acks) {
        turn.begin();
        leader.append(Batches.opaque(10, 100), acks, TIMEOUT, named(name), turn);
        turn.end();
    }

    @Test
    void aLeaderAloneAcknowledgesAtOnceAndThenWakesReaders() {
        leader.addWatcher(watcher());
        append("a", Acks.ALL);
        append("b", Acks.LEADER);
        assertThat(seen)
                .containsExactly("a@0", "sent", "readable to 10", "b@10", "sent", "readable to 20");
    }

    @Test
    void severalAppendsOfOneTurnWakeReadersOnce() {
        leader.addWatcher(watcher());
        turn.begin();
        leader.append(Batches.opaque(10, 1), Acks.ALL, TIMEOUT, named("a"), turn);
        leader.append(Batches.opaque(10, 1), Acks.ALL, TIMEOUT, named("b"), turn);
        turn.end();
        assertThat(seen).containsExactly("a@0", "b@10", "sent", "sent", "readable to 20");
    }

    @Test
    void withFsyncAcknowledgesAndShowsOnlyWhatIsOnTheDisk() {
        useFsync();
        leader.addWatcher(watcher());
        append("a", Acks.LEADER);
        append("b", Acks.ALL);
        assertThat(seen).isEmpty();
        assertThat(leader.reads().readableEnd()).isZero();
        log.sync();
        assertThat(seen).containsExactly("a@0", "b@10", "sent", "sent", "readable to 20");
        assertThat(log.syncWaiters()).isZero();
    }

    @Test
    void oneSyncServesAllThatWereAppendedMeanwhile() {
        useFsync();
        append("a", Acks.ALL);
        append("b", Acks.ALL);
        append("c", Acks.ALL);
        assertThat(log.syncWaiters()).isEqualTo(1);
        log.sync();
        assertThat(seen).contains("a@0", "b@10", "c@20");
    }

    @Test
    void aFailedSyncAnswersThoseWhoWaitThatTheOutcomeIsUnknown() {
        useFsync();
        append("a", Acks.ALL);
        log.failAppends(ErrorCode.STORAGE_FAULT);
        log.failSync();
        assertThat(seen).containsExactly("a STORAGE_FAULT", "sent");
    }

    @Test
    void aDuplicateIsAcknowledgedWithItsFirstOffsetOnceThatIsCommitted() {
        turn.begin();
        leader.append(Batches.idempotent(3, 9, 0), Acks.ALL, TIMEOUT, named("a"), turn);
        leader.append(Batches.idempotent(3, 9, 3), Acks.ALL, TIMEOUT, named("b"), turn);
        leader.append(Batches.idempotent(3, 9, 0), Acks.ALL, TIMEOUT, named("a"), turn);
        turn.end();
        assertThat(seen).startsWith("a@0", "b@3", "a@0 again");
        assertThat(log.logEndOffset()).isEqualTo(6);
    }

    @Test
    void aDuplicateOfWhatIsNotCommittedYetWaitsLikeTheFirst() {
        leader = leader(isr(0, List.of(1, 2), 1), false);
        turn.begin();
        leader.append(Batches.idempotent(3, 9, 0), Acks.ALL, TIMEOUT, named("a"), turn);
        leader.append(Batches.idempotent(3, 9, 0), Acks.ALL, TIMEOUT, named("a"), turn);
        turn.end();
        assertThat(seen).isEmpty();
        leader.isrChanged(isr(1, List.of(1), 1));
        assertThat(seen).containsExactly("a@0", "a@0 again", "sent", "sent");
    }

    @Test
    void acksOfTheLeaderDoNotWaitForFollowers() {
        leader = leader(isr(0, List.of(1, 2), 1), false);
        append("all", Acks.ALL);
        append("leader", Acks.LEADER);
        assertThat(seen).containsExactly("leader@10", "sent");
    }

    @Test
    void nobodyWaitsWithoutAcks() {
        turn.begin();
        leader.append(Batches.opaque(10, 100), Acks.NONE, TIMEOUT, null, turn);
        turn.end();
        assertThat(seen).isEmpty();
        assertThat(leader.reads().readableEnd()).isEqualTo(10);
    }

    @Test
    void refusesWritesUnderTheMinimumIsrAndAppendsNothing() {
        leader = leader(isr(0, List.of(1), 2), false);
        for (Acks acks : Acks.values()) {
            RejectedException e =
                    catchThrowableOfType(
                            RejectedException.class,
                            () ->
                                    leader.append(
                                            Batches.opaque(1, 1), acks, TIMEOUT, named("a"), turn));
            assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
            assertThat(e.definite()).isTrue();
            assertThat(e.metadata()).containsEntry("isr", "1").containsEntry("min_isr", "2");
        }
        assertThat(log.logEndOffset()).isZero();
    }

    @Test
    void anAcknowledgementThatDoesNotComeInTimeIsAnsweredAsUnknown() {
        leader = leader(isr(0, List.of(1, 2), 1), false);
        turn.begin();
        leader.append(Batches.opaque(1, 1), Acks.ALL, TIMEOUT, named("late"), turn);
        leader.append(Batches.opaque(1, 1), Acks.ALL, TIMEOUT / 2, named("soon"), turn);
        turn.end();
        clock.advance(Duration.ofNanos(TIMEOUT / 2));
        loop.runDue();
        assertThat(seen).containsExactly("soon NOT_ENOUGH_REPLICAS_AFTER_APPEND", "sent");
        clock.advance(Duration.ofNanos(TIMEOUT / 2));
        loop.runDue();
        assertThat(seen).contains("late NOT_ENOUGH_REPLICAS_AFTER_APPEND");
    }

    @Test
    void resigningAnswersAppendedBatchesAsUnknownAndTellsReaders() {
        leader = leader(isr(0, List.of(1, 2), 1), false);
        leader.addWatcher(watcher());
        append("a", Acks.ALL);
        leader.resign(new RejectedException(ErrorCode.NOT_LEADER, "moved"));
        leader.resign(new RejectedException(ErrorCode.NO_LEADER, "again"));
        assertThat(seen).containsExactly("a NOT_LEADER", "sent", "resigned NOT_LEADER");
    }

    @Test
    void aResignedLeaderTakesNothingAndAnswersNothing() {
        leader.resign(new RejectedException(ErrorCode.NOT_LEADER, "moved"));
        assertThat(leader.isLeading()).isFalse();
        RejectedException refused =
                catchThrowableOfType(RejectedException.class, () -> append("a", Acks.ALL));
        assertThat(refused.code()).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(refused.definite()).isTrue();
        assertThat(log.logEndOffset()).isZero();
        assertThat(catchThrowableOfType(RejectedException.class, () -> leader.reads().read(0, 10)))
                .isNotNull();
        assertThat(catchThrowableOfType(RejectedException.class, leader.reads()::latestOffset))
                .isNotNull();
        assertThat(
                        catchThrowableOfType(
                                RejectedException.class, () -> leader.addWatcher(watcher())))
                .isNotNull();
    }

    @Test
    void readsEndAtTheHighWatermark() {
        append("a", Acks.ALL);
        leader.isrChanged(isr(1, List.of(1, 2), 1));
        append("b", Acks.ALL);
        try (LogSlice slice = leader.reads().read(0, 1 << 20)) {
            assertThat(slice.nextOffset()).isEqualTo(10);
        }
        try (LogSlice slice = leader.reads().read(15, 1 << 20)) {
            assertThat(slice.sizeBytes()).as("written, not committed: no error").isZero();
        }
        assertThat(leader.reads().latestOffset()).isEqualTo(10);
    }

    @Test
    void offsetsThatDoNotExistAreOutOfRange() {
        append("a", Acks.ALL);
        append("b", Acks.ALL);
        log.removeBefore(10);
        for (long offset : new long[] {-1, 9, 21}) {
            RejectedException e =
                    catchThrowableOfType(
                            RejectedException.class,
                            () -> leader.reads().read(offset, 100).close());
            assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
            assertThat(e.metadata())
                    .containsEntry("log_start", "10")
                    .containsEntry("log_end", "20");
        }
        assertThat(leader.reads().earliestOffset()).isEqualTo(10);
    }

    /** R5. */
    @Test
    void aNewLeaderShowsNothingBeforeItsHighWatermarkReachesTheStartOfItsEpoch() {
        append("a", Acks.ALL);
        leader = leader(isr(0, List.of(1, 2), 1), false);
        assertThat(leader.reads().readableEnd()).isEqualTo(-1);
        RejectedException e =
                catchThrowableOfType(RejectedException.class, leader.reads()::latestOffset);
        assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
        assertThat(leader.reads().hasNews(5)).isFalse();
        leader.isrChanged(isr(1, List.of(1), 1));
        assertThat(leader.reads().latestOffset()).isEqualTo(10);
    }
}
