package io.kq.broker.partition.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.partition.core.LeaderEffect.AbandonWaiting;
import io.kq.broker.partition.core.LeaderEffect.AnswerCommitted;
import io.kq.broker.partition.core.LeaderEffect.AnswerLeaderAcks;
import io.kq.broker.partition.core.LeaderInput.Appended;
import io.kq.broker.partition.core.LeaderInput.BecameDurable;
import io.kq.broker.partition.core.LeaderInput.FollowerAcknowledged;
import io.kq.broker.partition.core.LeaderInput.IsrChanged;
import io.kq.broker.partition.core.LeaderInput.Resigned;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionCoreTest {

    private static final int EPOCH = 7;

    private final PartitionCore core = new PartitionCore();
    private final List<LeaderEffect> effects = new ArrayList<>();
    private LeaderState state = leader(0, 0, IsrView.alone(1), false);

    private static LeaderState leader(long logEnd, long knownHw, IsrView isr, boolean fsync) {
        return LeaderState.elected(1, EPOCH, logEnd, 0, knownHw, isr, fsync);
    }

    private static IsrView isr(int epoch, List<Integer> committed, List<Integer> pending) {
        return new IsrView(epoch, committed, pending, 1);
    }

    private void step(LeaderInput input) {
        PartitionCore.Step step = core.step(state, input);
        state = step.next();
        effects.clear();
        effects.addAll(step.effects());
    }

    @Test
    void aLeaderAloneCommitsWhatItAppends() {
        step(new Appended(10));
        assertThat(effects).containsExactly(new AnswerLeaderAcks(10), new AnswerCommitted(10));
        assertThat(state.highWatermark()).isEqualTo(10);
    }

    @Test
    void withFsyncNothingCountsBeforeItIsOnTheDisk() {
        state = leader(0, 0, IsrView.alone(1), true);
        step(new Appended(10));
        assertThat(effects).isEmpty();
        step(new BecameDurable(4));
        assertThat(effects).containsExactly(new AnswerLeaderAcks(4), new AnswerCommitted(4));
        step(new BecameDurable(10));
        assertThat(state.highWatermark()).isEqualTo(10);
    }

    @Test
    void aDurableEndBeyondTheLogEndCountsUpToTheLogEnd() {
        state = leader(3, 0, IsrView.alone(1), true);
        step(new BecameDurable(100));
        assertThat(state.ownEndOffset()).isEqualTo(3);
    }

    @Test
    void theSlowestMemberOfTheIsrHoldsTheHighWatermark() {
        state = leader(0, 0, isr(1, List.of(1, 2, 3), List.of()), false);
        step(new Appended(10));
        assertThat(effects).containsExactly(new AnswerLeaderAcks(10));
        step(new FollowerAcknowledged(2, EPOCH, 9));
        assertThat(effects).isEmpty();
        step(new FollowerAcknowledged(3, EPOCH, 6));
        assertThat(effects).containsExactly(new AnswerCommitted(6));
    }

    /** R9. */
    @Test
    void aPendingMemberHoldsTheHighWatermarkBeforeTheQuorumSaysSo() {
        state = leader(0, 0, isr(1, List.of(1), List.of(2)), false);
        step(new Appended(10));
        assertThat(state.highWatermark()).isZero();
        step(new FollowerAcknowledged(2, EPOCH, 10));
        assertThat(state.highWatermark()).isEqualTo(10);
    }

    /** R9's canary: by the committed ISR alone, a record is told committed that member 2 lacks. */
    @Test
    void theRuleOfTheCommittedIsrAloneIsSeenToBeWrong() {
        HighWatermark committedOnly =
                s ->
                        HighWatermark.MAXIMAL_ISR.of(
                                s.withIsr(
                                        new IsrView(
                                                s.isr().partitionEpoch(),
                                                s.isr().committed(),
                                                List.of(),
                                                s.isr().minimum())));
        LeaderState start = leader(0, 0, isr(1, List.of(1), List.of(2)), false);
        LeaderState after = new PartitionCore(committedOnly).step(start, new Appended(10)).next();
        assertThat(after.highWatermark()).isEqualTo(10);
        assertThat(after.followerEnds()).doesNotContainKey(2);
    }

    /** R10. */
    @Test
    void standsStillWhileTheIsrIsUnderTheMinimum() {
        state = leader(0, 0, new IsrView(1, List.of(1), List.of(), 2), false);
        step(new Appended(10));
        assertThat(effects).containsExactly(new AnswerLeaderAcks(10));
        assertThat(state.highWatermark()).isZero();
        step(new FollowerAcknowledged(2, EPOCH, 10));
        step(new IsrChanged(new IsrView(2, List.of(1, 2), List.of(), 2)));
        assertThat(effects).containsExactly(new AnswerCommitted(10));
    }

    /** R11: what a follower says in another epoch says nothing about its copy in this one. */
    @Test
    void ignoresAcknowledgementsOfOtherEpochs() {
        state = leader(0, 0, isr(1, List.of(1, 2), List.of()), false);
        step(new Appended(10));
        step(new FollowerAcknowledged(2, EPOCH - 1, 10));
        step(new FollowerAcknowledged(2, EPOCH + 1, 10));
        assertThat(state.highWatermark()).isZero();
    }

    /** R5. */
    @Test
    void isNotReadableBeforeTheHighWatermarkReachesTheStartOfTheEpoch() {
        state = leader(100, 60, isr(1, List.of(1, 2), List.of()), false);
        assertThat(state.isReadable()).isFalse();
        step(new FollowerAcknowledged(2, EPOCH, 99));
        assertThat(state.isReadable()).isFalse();
        step(new FollowerAcknowledged(2, EPOCH, 100));
        assertThat(state.isReadable()).isTrue();
    }

    @Test
    void aLeaderAloneIsReadableAtOnce() {
        state = leader(100, 60, IsrView.alone(1), false);
        step(new IsrChanged(IsrView.alone(1)));
        assertThat(state.isReadable()).isTrue();
        assertThat(effects).containsExactly(new AnswerCommitted(100));
    }

    @Test
    void neverMovesBackWhenAMemberJoinsThatIsBehind() {
        step(new Appended(10));
        step(new IsrChanged(isr(2, List.of(1, 2), List.of())));
        step(new FollowerAcknowledged(2, EPOCH, 4));
        assertThat(state.highWatermark()).isEqualTo(10);
        assertThat(effects).isEmpty();
    }

    @Test
    void ignoresAnOlderViewOfTheIsr() {
        state = leader(0, 0, isr(5, List.of(1, 2), List.of()), false);
        step(new IsrChanged(isr(4, List.of(1), List.of())));
        step(new Appended(10));
        assertThat(state.highWatermark()).isZero();
    }

    /** R16: an epoch that is over answers nobody any more. */
    @Test
    void aResignedLeaderAbandonsThoseWhoWaitAndTakesNoStepAnyMore() {
        state = leader(0, 0, isr(1, List.of(1, 2), List.of()), false);
        step(new Appended(10));
        step(new Resigned());
        assertThat(effects).containsExactly(new AbandonWaiting());
        step(new FollowerAcknowledged(2, EPOCH, 10));
        assertThat(effects).isEmpty();
        assertThat(state.highWatermark()).isZero();
    }
}
