package io.kq.broker.partition.core.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.AdvanceLogStart;
import io.kq.broker.partition.core.follower.FollowerEffect.Cut;
import io.kq.broker.partition.core.follower.FollowerEffect.Halt;
import io.kq.broker.partition.core.follower.FollowerEffect.Restart;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Take;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.WakeAt;
import io.kq.broker.partition.core.follower.FollowerInput.Appended;
import io.kq.broker.partition.core.follower.FollowerInput.BecameDurable;
import io.kq.broker.partition.core.follower.FollowerInput.Diverged;
import io.kq.broker.partition.core.follower.FollowerInput.FlushChanged;
import io.kq.broker.partition.core.follower.FollowerInput.LeaderChanged;
import io.kq.broker.partition.core.follower.FollowerInput.LogChanged;
import io.kq.broker.partition.core.follower.FollowerInput.PushRefused;
import io.kq.broker.partition.core.follower.FollowerInput.Pushed;
import io.kq.broker.partition.core.follower.FollowerInput.StorageHealth;
import io.kq.broker.partition.core.follower.FollowerInput.SubscriptionLost;
import io.kq.broker.partition.core.follower.FollowerInput.Ticked;
import io.kq.broker.partition.core.follower.FollowerState.Phase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The follower's rules of docs/internals/replication.md, by their numbers. */
class FollowerCoreTest {

    private static final int LEADER = 4;
    private static final int EPOCH = 7;
    private static final long PAUSE = 10;

    private final FollowerCore core = new FollowerCore(PAUSE);
    private final List<FollowerEffect> effects = new ArrayList<>();
    private FollowerState state = of(100, false);
    private long now;

    /** A log from 20 on, its last batch of epoch 5. */
    private static FollowerState of(long logEnd, boolean fsync) {
        return FollowerState.of(new LogEnds(20, logEnd, 20, 5), fsync, 0, 20, -1);
    }

    private void step(FollowerInput input) {
        FollowerCore.Step step = core.step(state, input, now);
        state = step.next();
        effects.clear();
        effects.addAll(step.effects());
    }

    private void follow() {
        step(new LeaderChanged(new FollowedLeader(LEADER, EPOCH, -1)));
    }

    /** Told at {@code highWatermark}; follows from there on. */
    private void isFollowing(long highWatermark) {
        follow();
        push(Pushed.NO_DATA, highWatermark);
    }

    private void push(long baseOffset, long highWatermark) {
        step(new Pushed(state.generation(), EPOCH, baseOffset, highWatermark, 20));
    }

    private void diverge(int epoch, long endOffset, int ownEpoch, long ownEpochEnd) {
        step(new Diverged(state.generation(), EPOCH, epoch, endOffset, ownEpoch, ownEpochEnd));
    }

    private Acknowledge acknowledged(long endOffset) {
        return new Acknowledge(LEADER, state.generation(), EPOCH, endOffset, false);
    }

    /** Rule 1. */
    @Test
    void subscribesToTheLeaderThatTheImageShows() {
        follow();
        assertThat(effects).containsExactly(new Subscribe(LEADER, 1, EPOCH, 100, 5));
        assertThat(state.phase()).isEqualTo(Phase.SUBSCRIBING);
    }

    /** Rule 1 (M9). */
    @Test
    void anOlderLeaderIsLateNews() {
        follow();
        step(new LeaderChanged(new FollowedLeader(3, EPOCH - 1, -1)));
        assertThat(effects).isEmpty();
        assertThat(state.leader().nodeId()).isEqualTo(LEADER);
    }

    @Test
    void goesOverToTheNextLeaderAtOnce() {
        isFollowing(50);
        step(new LeaderChanged(new FollowedLeader(5, EPOCH + 1, -1)));
        assertThat(effects)
                .containsExactly(
                        new Unsubscribe(LEADER, 1), new Subscribe(5, 2, EPOCH + 1, 100, 5));
    }

    @Test
    void rests() {
        isFollowing(50);
        step(new LeaderChanged(new FollowedLeader(FollowedLeader.NOBODY, EPOCH + 1, -1)));
        assertThat(effects).containsExactly(new Unsubscribe(LEADER, 1));
        assertThat(state.phase()).isEqualTo(Phase.IDLE);
    }

    /** Rule 13: it acknowledges what it has only once the leader has taken its log for its own. */
    @Test
    void acknowledgesWhenTheLeaderHasTakenTheSubscription() {
        isFollowing(50);
        assertThat(effects).containsExactly(acknowledged(100));
        assertThat(state.highWatermark()).isEqualTo(50);
    }

    @Test
    void takesWhatFollowsItsEndAndAcknowledgesIt() {
        isFollowing(50);
        push(100, 60);
        assertThat(effects).containsExactly(new Take());
        step(new Appended(130, EPOCH));
        assertThat(effects).containsExactly(acknowledged(130));
    }

    @Test
    void theFirstPushMayHaveData() {
        follow();
        push(100, 60);
        assertThat(effects).containsExactly(acknowledged(100), new Take());
    }

    /** Rule 9 (R11). */
    @Test
    void takesNothingOfAnotherEpochOrGeneration() {
        isFollowing(50);
        step(new Pushed(state.generation(), EPOCH - 1, 100, 100, 20));
        assertThat(effects).isEmpty();
        step(new Pushed(state.generation(), EPOCH + 1, 100, 100, 20));
        assertThat(effects).isEmpty();
        step(new Pushed(state.generation() - 1, EPOCH, 100, 100, 20));
        assertThat(effects).isEmpty();
        assertThat(state.highWatermark()).isEqualTo(50);
        step(new Diverged(state.generation() - 1, EPOCH, 3, 60, 3, 60));
        assertThat(effects).isEmpty();
        step(new Diverged(state.generation(), EPOCH - 1, 3, 60, 3, 60));
        assertThat(effects).isEmpty();
    }

    /** Rule 9: what it has is not taken twice. */
    @Test
    void aRepeatedPushIsIgnored() {
        isFollowing(50);
        push(90, 60);
        assertThat(effects).isEmpty();
        assertThat(state.phase()).isEqualTo(Phase.FOLLOWING);
    }

    /** Rule 9: something is missing in between. */
    @Test
    void aGapEndsTheSubscription() {
        isFollowing(50);
        push(101, 60);
        assertThat(effects).containsExactly(new Unsubscribe(LEADER, 1), new WakeAt(PAUSE));
        now = PAUSE;
        step(new Ticked());
        assertThat(effects).containsExactly(new Subscribe(LEADER, 2, EPOCH, 100, 5));
    }

    /** Rule 9 (S1): damaged bytes are not taken, and asked for again. */
    @Test
    void aDamagedPushEndsTheSubscription() {
        isFollowing(50);
        step(new PushRefused());
        assertThat(effects).containsExactly(new Unsubscribe(LEADER, 1), new WakeAt(PAUSE));
    }

    /** Rule 6 (KIP-101). */
    @Test
    void cutsWhereTheLeadersEpochEnds() {
        follow();
        diverge(5, 90, 5, 100);
        assertThat(effects).containsExactly(new Cut(90));
        step(new LogChanged(new LogEnds(20, 90, 20, 5)));
        assertThat(effects).containsExactly(new Subscribe(LEADER, 2, EPOCH, 90, 5));
    }

    /** Rule 6 (KIP-279): its own epoch ends earlier than the leader's. */
    @Test
    void cutsWhereItsOwnEpochEnds() {
        follow();
        diverge(4, 90, 3, 70);
        assertThat(effects).containsExactly(new Cut(70));
    }

    /** Rule 6: never to the high watermark. */
    @Test
    void doesNotCutToTheHighWatermark() {
        isFollowing(50);
        step(new SubscriptionLost(1));
        now = PAUSE;
        step(new Ticked());
        diverge(4, 90, 4, 80);
        assertThat(effects).containsExactly(new Cut(80));
    }

    /** Rule 6: what is before the leader's log start cannot be compared and is not cut. */
    @Test
    void cutsToTheLogStartOfALeaderThatHasNoOlderEpoch() {
        isFollowing(60);
        step(new SubscriptionLost(1));
        now = PAUSE;
        step(new Ticked());
        diverge(-1, 90, -1, 20);
        assertThat(effects).containsExactly(new Cut(90));
    }

    /** Rule 7 (R14). */
    @Test
    void haltsRatherThanCutBelowItsHighWatermark() {
        isFollowing(50);
        step(new SubscriptionLost(1));
        now = PAUSE;
        step(new Ticked());
        diverge(4, 49, 4, 60);
        assertThat(effects).containsExactly(new Halt(49, 50));
        assertThat(state.phase()).isEqualTo(Phase.HALTED);
        now = 100 * PAUSE;
        step(new Ticked());
        assertThat(effects).isEmpty();
    }

    /** Rules 5 and 7: of an empty log no committed record can go. */
    @Test
    void anEmptyLogBeginsAnewBelowItsHighWatermark() {
        state = FollowerState.of(new LogEnds(60, 60, 60, -1), false, 0, 60, -1);
        follow();
        diverge(-1, 20, -1, 60);
        assertThat(effects).containsExactly(new Restart(20));
        step(new LogChanged(new LogEnds(20, 20, 20, -1)));
        assertThat(effects).containsExactly(new Subscribe(LEADER, 2, EPOCH, 20, -1));
    }

    /** Rule 7: the next leader may have what this one lacks. */
    @Test
    void aNewEpochGivesAHaltedReplicaAnotherChance() {
        haltsRatherThanCutBelowItsHighWatermark();
        step(new LeaderChanged(new FollowedLeader(5, EPOCH + 1, -1)));
        assertThat(effects).containsExactly(new Subscribe(5, 3, EPOCH + 1, 100, 5));
    }

    /** Rule 7's exception. */
    @Test
    void cutsBelowItsHighWatermarkAfterAnUncleanElection() {
        isFollowing(50);
        step(new LeaderChanged(new FollowedLeader(5, EPOCH + 2, EPOCH + 1)));
        step(new Diverged(2, EPOCH + 2, 4, 49, 4, 60));
        assertThat(effects).containsExactly(new Cut(49));
        step(new LogChanged(new LogEnds(20, 49, 20, 4)));
        assertThat(state.highWatermark()).isEqualTo(49);
    }

    /** Rule 7's exception holds until the new leader has said what is committed. */
    @Test
    void cutsStepByStepAfterAnUncleanElection() {
        cutsBelowItsHighWatermarkAfterAnUncleanElection();
        step(new Diverged(3, EPOCH + 2, 3, 45, 3, 49));
        assertThat(effects).containsExactly(new Cut(45));
    }

    /** Rule 7: an unclean election of before says nothing about what was committed since. */
    @Test
    void anOlderUncleanElectionIsNoExcuse() {
        step(new LeaderChanged(new FollowedLeader(LEADER, EPOCH, EPOCH)));
        push(Pushed.NO_DATA, 50);
        step(new LeaderChanged(new FollowedLeader(5, EPOCH + 1, EPOCH)));
        step(new Diverged(2, EPOCH + 1, 4, 49, 4, 60));
        assertThat(effects).containsExactly(new Halt(49, 50));
    }

    /** Rule 8. */
    @Test
    void beginsAnewWhereTheLeadersLogStartsBehindItsOwnEnd() {
        follow();
        step(new Pushed(1, EPOCH, 150, 160, 150));
        assertThat(effects).containsExactly(new Unsubscribe(LEADER, 1), new Restart(150));
        step(new LogChanged(new LogEnds(150, 150, 150, -1)));
        assertThat(effects).containsExactly(new Subscribe(LEADER, 2, EPOCH, 150, -1));
        assertThat(state.highWatermark()).isEqualTo(150);
    }

    /** Rule 10. */
    @Test
    void knowsTheHighWatermarkAsFarAsItHasTheLog() {
        isFollowing(500);
        assertThat(state.highWatermark()).isEqualTo(100);
        push(100, 500);
        step(new Appended(130, EPOCH));
        assertThat(state.highWatermark()).isEqualTo(130);
        push(Pushed.NO_DATA, 110);
        assertThat(state.highWatermark()).isEqualTo(130);
    }

    /** Rule 10: what the leader before told says nothing about what this one pushes. */
    @Test
    void whatAnotherLeaderToldOfWhatItDoesNotHaveIsForgotten() {
        isFollowing(500);
        step(new LeaderChanged(new FollowedLeader(5, EPOCH + 1, -1)));
        step(new Pushed(2, EPOCH + 1, 100, 90, 20));
        step(new Appended(130, EPOCH + 1));
        assertThat(state.highWatermark()).isEqualTo(100);
    }

    /** Rule 11. */
    @Test
    void theLogStartFollowsTheLeadersUpToTheHighWatermark() {
        isFollowing(50);
        step(new Pushed(1, EPOCH, Pushed.NO_DATA, 50, 40));
        assertThat(effects).containsExactly(new AdvanceLogStart(40));
        step(new Pushed(1, EPOCH, Pushed.NO_DATA, 50, 80));
        assertThat(effects).containsExactly(new AdvanceLogStart(50));
        assertThat(state.log().startOffset()).isEqualTo(50);
    }

    /** Rule 4: refused or lost, it asks again after a pause. */
    @Test
    void subscribesAgainAfterAPause() {
        isFollowing(50);
        step(new SubscriptionLost(0));
        assertThat(effects).isEmpty();
        step(new SubscriptionLost(1));
        assertThat(effects).containsExactly(new WakeAt(PAUSE));
        step(new Ticked());
        assertThat(effects).isEmpty();
        now = PAUSE;
        step(new Ticked());
        assertThat(effects).containsExactly(new Subscribe(LEADER, 2, EPOCH, 100, 5));
    }

    /** Rule 13: with flush=fsync only what is on the disk. */
    @Test
    void withFsyncItAcknowledgesWhatIsOnTheDisk() {
        state = of(100, true);
        isFollowing(50);
        assertThat(effects).containsExactly(acknowledged(20));
        push(100, 50);
        step(new Appended(130, EPOCH));
        assertThat(effects).isEmpty();
        step(new BecameDurable(100));
        assertThat(effects).containsExactly(acknowledged(100));
        step(new FlushChanged(false));
        assertThat(effects).containsExactly(acknowledged(130));
    }

    /** Rule 17. */
    @Test
    void saysThatItsDiskFailedAndComesBackWhenItIsWell() {
        isFollowing(50);
        step(new StorageHealth(true));
        assertThat(effects)
                .containsExactly(
                        new Acknowledge(LEADER, 1, EPOCH, 100, true), new Unsubscribe(LEADER, 1));
        step(new StorageHealth(false));
        assertThat(effects).containsExactly(new Subscribe(LEADER, 2, EPOCH, 100, 5));
    }

    /** Rule 17: each new leader is told too. */
    @Test
    void tellsTheNextLeaderThatItsDiskFailed() {
        step(new StorageHealth(true));
        follow();
        push(100, 50);
        assertThat(effects)
                .containsExactly(
                        new Acknowledge(LEADER, 1, EPOCH, 100, true), new Unsubscribe(LEADER, 1));
        assertThat(state.phase()).isEqualTo(Phase.IDLE);
    }

    /** The log is one thread's while it is cut. */
    @Test
    void aLeaderThatComesWhileTheLogIsCutIsSubscribedToAfterwards() {
        follow();
        diverge(5, 90, 5, 100);
        step(new LeaderChanged(new FollowedLeader(5, EPOCH + 1, -1)));
        assertThat(effects).isEmpty();
        step(new StorageHealth(true));
        step(new StorageHealth(false));
        assertThat(effects).isEmpty();
        step(new LogChanged(new LogEnds(20, 90, 20, 5)));
        assertThat(effects).containsExactly(new Subscribe(5, 2, EPOCH + 1, 90, 5));
    }
}
