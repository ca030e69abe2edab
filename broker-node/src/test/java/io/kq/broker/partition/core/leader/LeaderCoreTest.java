package io.kq.broker.partition.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.partition.core.leader.IsrProposal.Member;
import io.kq.broker.partition.core.leader.IsrProposal.Outcome;
import io.kq.broker.partition.core.leader.LeaderEffect.AbandonWaiting;
import io.kq.broker.partition.core.leader.LeaderEffect.AnswerCommitted;
import io.kq.broker.partition.core.leader.LeaderEffect.AnswerLeaderAcks;
import io.kq.broker.partition.core.leader.LeaderEffect.Propose;
import io.kq.broker.partition.core.leader.LeaderEffect.Push;
import io.kq.broker.partition.core.leader.LeaderEffect.Refuse;
import io.kq.broker.partition.core.leader.LeaderEffect.TellDiverged;
import io.kq.broker.partition.core.leader.LeaderInput.Acknowledged;
import io.kq.broker.partition.core.leader.LeaderInput.Appended;
import io.kq.broker.partition.core.leader.LeaderInput.BecameDurable;
import io.kq.broker.partition.core.leader.LeaderInput.ControllerReach;
import io.kq.broker.partition.core.leader.LeaderInput.ProposalAnswered;
import io.kq.broker.partition.core.leader.LeaderInput.Resigned;
import io.kq.broker.partition.core.leader.LeaderInput.StorageHealth;
import io.kq.broker.partition.core.leader.LeaderInput.Subscribed;
import io.kq.broker.partition.core.leader.LeaderInput.Ticked;
import io.kq.broker.partition.core.leader.LeaderInput.Unsubscribed;
import io.kq.broker.partition.core.leader.LeaderInput.ViewChanged;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The leader's rules of docs/internals/replication.md, by their numbers. */
class LeaderCoreTest {

    private static final int EPOCH = 7;
    private static final long LAG_MAX = 100;
    private static final long ABSENCE_MAX = 30;
    private static final long PAUSE = 10;
    private static final LagBounds BOUNDS = new LagBounds(LAG_MAX, ABSENCE_MAX);

    private LeaderCore core = new LeaderCore(LeaderRules.STANDARD, BOUNDS, PAUSE);
    private final List<LeaderEffect> effects = new ArrayList<>();
    private LeaderState state = leader(0, 0, IsrView.alone(1, 1), false);
    private long now;

    private static LeaderState leader(long logEnd, long knownHw, IsrView isr, boolean fsync) {
        return LeaderState.elected(
                new LeaderTerm(1, EPOCH, logEnd, fsync), fsync ? 0 : logEnd, knownHw, isr, 0);
    }

    /** Replicas 1, 2 and 3, of brokers with broker epochs 11, 12 and 13. */
    private static IsrView isr(int partitionEpoch, Integer... committed) {
        return under(partitionEpoch, 1, committed);
    }

    private static IsrView under(int partitionEpoch, int minimum, Integer... committed) {
        return new IsrView(
                partitionEpoch,
                List.of(committed),
                List.of(
                        new ReplicaView(1, 11, true),
                        new ReplicaView(2, 12, true),
                        new ReplicaView(3, 13, true)),
                minimum);
    }

    private void step(LeaderInput input) {
        LeaderCore.Step step = core.step(state, input, now);
        state = step.next();
        effects.clear();
        effects.addAll(step.effects());
    }

    private void subscribe(int replica, long endOffset) {
        subscribe(replica, 1, endOffset, EPOCH - 1);
    }

    private void subscribe(int replica, long generation, long endOffset, int lastEpoch) {
        step(
                new Subscribed(
                        replica,
                        10 + replica,
                        generation,
                        EPOCH,
                        endOffset,
                        lastEpoch,
                        lastEpoch,
                        state.logEndOffset(),
                        0));
    }

    private void acknowledge(int replica, long endOffset) {
        step(new Acknowledged(replica, 10 + replica, 1, EPOCH, endOffset, false));
    }

    private List<Member> proposedMembers() {
        return effects.stream()
                .filter(e -> e instanceof Propose)
                .map(e -> ((Propose) e).proposal().members())
                .findFirst()
                .orElse(List.of());
    }

    private static List<Member> members(Integer... replicas) {
        List<Member> members = new ArrayList<>();
        for (int replica : replicas) {
            members.add(new Member(replica, 10 + replica));
        }
        return members;
    }

    @Test
    void aLeaderAloneCommitsWhatItAppends() {
        step(new Appended(10));
        assertThat(effects).containsExactly(new AnswerLeaderAcks(10), new AnswerCommitted(10));
        assertThat(state.highWatermark()).isEqualTo(10);
    }

    /** Rule 12: its own end is the durable one with flush=fsync. */
    @Test
    void withFsyncNothingCountsBeforeItIsOnTheDisk() {
        state = leader(0, 0, IsrView.alone(1, 1), true);
        step(new Appended(10));
        assertThat(effects).isEmpty();
        step(new BecameDurable(4));
        assertThat(effects).containsExactly(new AnswerLeaderAcks(4), new AnswerCommitted(4));
        step(new BecameDurable(10));
        assertThat(state.highWatermark()).isEqualTo(10);
    }

    @Test
    void aDurableEndBeyondTheLogEndCountsUpToTheLogEnd() {
        state = leader(3, 0, IsrView.alone(1, 1), true);
        step(new BecameDurable(100));
        assertThat(state.ownEndOffset()).isEqualTo(3);
    }

    /** Rule 12. */
    @Test
    void theSlowestMemberOfTheIsrHoldsTheHighWatermark() {
        state = leader(0, 0, isr(1, 1, 2, 3), false);
        subscribe(2, 0);
        subscribe(3, 0);
        step(new Appended(10));
        assertThat(effects).containsExactly(new AnswerLeaderAcks(10));
        acknowledge(2, 9);
        assertThat(effects).isEmpty();
        acknowledge(3, 6);
        assertThat(effects).containsExactly(new AnswerCommitted(6));
    }

    /** Rules 12 and 18: who is proposed counts before the quorum says so. */
    @Test
    void aProposedMemberHoldsTheHighWatermark() {
        state = leader(0, 0, isr(1, 1), false);
        step(new Appended(10));
        subscribe(2, 0);
        acknowledge(2, 10);
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
        step(new Appended(20));
        assertThat(state.highWatermark()).isEqualTo(10);
        acknowledge(2, 20);
        assertThat(state.highWatermark()).isEqualTo(20);
    }

    /** Rule 12's canary: by the committed ISR alone, a record is committed that member 2 lacks. */
    @Test
    void theRuleOfTheCommittedIsrAloneIsSeenToBeWrong() {
        core = new LeaderCore(Wrong.highWatermark(HighWatermark::leastCommitted), BOUNDS, PAUSE);
        aProposalIsInFlight();
        step(new Appended(20));
        assertThat(state.highWatermark()).isEqualTo(20);
        assertThat(state.endOf(2)).isEqualTo(10);
    }

    private void aProposalIsInFlight() {
        state = leader(0, 0, isr(1, 1), false);
        step(new Appended(10));
        subscribe(2, 0);
        acknowledge(2, 10);
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
    }

    /** Rule 14. */
    @Test
    void standsStillWhileTheIsrIsUnderTheMinimum() {
        state = leader(0, 0, under(1, 2, 1), false);
        subscribe(2, 0);
        step(new Appended(10));
        assertThat(effects).containsExactly(new AnswerLeaderAcks(10));
        acknowledge(2, 10);
        assertThat(state.highWatermark()).isZero();
        step(new ViewChanged(under(2, 2, 1, 2)));
        assertThat(effects).containsExactly(new AnswerCommitted(10));
    }

    /** Rule 13: words of another epoch, incarnation or subscription say nothing about this copy. */
    @Test
    void countsAcknowledgementsOfThisEpochIncarnationAndGenerationOnly() {
        state = leader(0, 0, isr(1, 1, 2), false);
        subscribe(2, 0);
        step(new Appended(10));
        step(new Acknowledged(2, 12, 1, EPOCH - 1, 10, false));
        step(new Acknowledged(2, 12, 1, EPOCH + 1, 10, false));
        step(new Acknowledged(2, 11, 1, EPOCH, 10, false));
        step(new Acknowledged(2, 12, 0, EPOCH, 10, false));
        step(new Acknowledged(2, 12, 2, EPOCH, 10, false));
        step(new Acknowledged(2, 12, 1, EPOCH, 11, false));
        assertThat(state.highWatermark()).isZero();
        step(new Acknowledged(2, 12, 1, EPOCH, 10, false));
        assertThat(state.highWatermark()).isEqualTo(10);
    }

    /** Rule 13: a new subscription has acknowledged nothing yet. */
    @Test
    void aMemberThatSubscribesAnewHoldsTheHighWatermarkUntilItAcknowledges() {
        state = leader(0, 0, isr(1, 1, 2), false);
        subscribe(2, 0);
        step(new Appended(10));
        acknowledge(2, 10);
        subscribe(2, 2, 10, EPOCH);
        step(new Appended(20));
        acknowledge(2, 20);
        assertThat(state.highWatermark()).isEqualTo(10);
        step(new Acknowledged(2, 12, 2, EPOCH, 20, false));
        assertThat(state.highWatermark()).isEqualTo(20);
    }

    /** Rule 13: an incarnation's words end with it. */
    @Test
    void forgetsWhatTheIncarnationBeforeHasAcknowledged() {
        state = leader(0, 0, isr(1, 1, 2), false);
        subscribe(2, 0);
        step(new Appended(10));
        acknowledge(2, 10);
        List<ReplicaView> replicas =
                List.of(new ReplicaView(1, 11, true), new ReplicaView(2, 99, true));
        step(new ViewChanged(new IsrView(2, List.of(1, 2), replicas, 1)));
        assertThat(effects).containsExactly(new Refuse(2, 1, Refusal.OTHER_INCARNATION));
        step(new Appended(20));
        acknowledge(2, 20);
        assertThat(state.highWatermark()).isEqualTo(10);
    }

    /** Rule 15 (R5). */
    @Test
    void isNotReadableBeforeTheHighWatermarkReachesTheStartOfTheEpoch() {
        state = leader(100, 60, isr(1, 1, 2), false);
        assertThat(core.isReadable(state)).isFalse();
        subscribe(2, 99);
        acknowledge(2, 99);
        assertThat(core.isReadable(state)).isFalse();
        acknowledge(2, 100);
        assertThat(core.isReadable(state)).isTrue();
    }

    @Test
    void aLeaderAloneIsReadableAtOnce() {
        state = leader(100, 60, IsrView.alone(1, 1), false);
        step(new ViewChanged(IsrView.alone(1, 1)));
        assertThat(core.isReadable(state)).isTrue();
        assertThat(effects).containsExactly(new AnswerCommitted(100));
    }

    /** Rule 16. */
    @Test
    void neverMovesBackWhenAMemberJoinsThatIsBehind() {
        state = leader(0, 0, isr(1, 1), false);
        subscribe(2, 0);
        step(new Appended(10));
        step(new ViewChanged(isr(2, 1, 2)));
        acknowledge(2, 4);
        assertThat(state.highWatermark()).isEqualTo(10);
        assertThat(effects).isEmpty();
    }

    @Test
    void ignoresAnOlderViewOfTheIsr() {
        state = leader(0, 0, isr(5, 1, 2), false);
        step(new ViewChanged(isr(4, 1)));
        step(new Appended(10));
        assertThat(state.highWatermark()).isZero();
    }

    /** Rule 2 (R16): an epoch that is over answers nobody any more. */
    @Test
    void aResignedLeaderAbandonsThoseWhoWaitAndTakesNoStepAnyMore() {
        state = leader(0, 0, isr(1, 1, 2), false);
        subscribe(2, 0);
        step(new Appended(10));
        step(new Resigned());
        assertThat(effects).containsExactly(new AbandonWaiting());
        acknowledge(2, 10);
        assertThat(effects).isEmpty();
        assertThat(state.highWatermark()).isZero();
        subscribe(3, 0);
        assertThat(effects).containsExactly(new Refuse(3, 1, Refusal.OLDER_EPOCH));
    }

    /** Rule 4. */
    @Test
    void refusesSubscriptionsThatAreNotOfThisEpochOrOfARegisteredReplica() {
        state = leader(0, 0, isr(1, 1, 2), false);
        step(new Subscribed(2, 12, 1, EPOCH - 1, 0, -1, -1, 0, 0));
        assertThat(effects).containsExactly(new Refuse(2, 1, Refusal.OLDER_EPOCH));
        step(new Subscribed(2, 12, 1, EPOCH + 1, 0, -1, -1, 0, 0));
        assertThat(effects).containsExactly(new Refuse(2, 1, Refusal.NEWER_EPOCH));
        step(new Subscribed(4, 14, 1, EPOCH, 0, -1, -1, 0, 0));
        assertThat(effects).containsExactly(new Refuse(4, 1, Refusal.NO_REPLICA));
        step(new Subscribed(1, 11, 1, EPOCH, 0, -1, -1, 0, 0));
        assertThat(effects).containsExactly(new Refuse(1, 1, Refusal.NO_REPLICA));
        step(new Subscribed(2, 11, 1, EPOCH, 0, -1, -1, 0, 0));
        assertThat(effects).containsExactly(new Refuse(2, 1, Refusal.OTHER_INCARNATION));
    }

    /** Rule 5. */
    @Test
    void pushesToAFollowerWhoseLogIsTheBeginningOfItsOwn() {
        state = leader(100, 60, isr(1, 1, 2), false);
        step(new Subscribed(2, 12, 1, EPOCH, 40, 5, 5, 40, 10));
        assertThat(effects).containsExactly(new Push(2, 1, 40));
    }

    /** Rule 5. */
    @Test
    void tellsAFollowerWhereTheirLogsPart() {
        state = leader(100, 60, isr(1, 1, 2), false);
        step(new Subscribed(2, 12, 1, EPOCH, 41, 5, 5, 40, 10));
        assertThat(effects).containsExactly(new TellDiverged(2, 1, 5, 40));
        step(new Subscribed(2, 12, 2, EPOCH, 41, 5, 4, 60, 10));
        assertThat(effects).containsExactly(new TellDiverged(2, 2, 4, 60));
        step(new Subscribed(2, 12, 3, EPOCH, 41, 5, -1, 10, 10));
        assertThat(effects).containsExactly(new TellDiverged(2, 3, -1, 10));
    }

    /** Rule 5: all that it had was committed, and deleted since. */
    @Test
    void anEmptyLogOfWhoMayLeadIsTheRestOfThisOne() {
        IsrView isr = new IsrView(1, List.of(1, 2), List.of(3), isr(1, 1).replicas(), 1);
        state = leader(100, 60, isr, false);
        step(new Subscribed(2, 12, 1, EPOCH, 50, -1, -1, 10, 10));
        assertThat(effects).containsExactly(new Push(2, 1, 50));
        step(new Subscribed(3, 13, 1, EPOCH, 50, -1, -1, 10, 10));
        assertThat(effects).containsExactly(new Push(3, 1, 50));
        step(new Subscribed(2, 12, 2, EPOCH, 101, -1, -1, 10, 10));
        assertThat(effects).containsExactly(new TellDiverged(2, 2, -1, 10));
    }

    /** Rule 5: it may be the rest of a log that an unclean election has ended. */
    @Test
    void anyOtherEmptyLogBeginsAnewWhereTheLeadersDoes() {
        state = leader(100, 60, isr(1, 1, 2), false);
        step(new Subscribed(3, 13, 1, EPOCH, 50, -1, -1, 10, 10));
        assertThat(effects).containsExactly(new TellDiverged(3, 1, -1, 10));
        step(new Subscribed(3, 13, 2, EPOCH, 10, -1, -1, 10, 10));
        assertThat(effects).containsExactly(new Push(3, 2, 10));
    }

    /** Rule 8. */
    @Test
    void pushesFromTheLogStartToAFollowerThatEndsBeforeIt() {
        state = leader(100, 60, isr(1, 1, 2), false);
        step(new Subscribed(2, 12, 1, EPOCH, 9, 2, -1, 10, 10));
        assertThat(effects).containsExactly(new Push(2, 1, 10));
    }

    @Test
    void refusesAnOlderSubscriptionThatComesLate() {
        state = leader(100, 60, isr(1, 1, 2), false);
        subscribe(2, 5, 100, 6);
        subscribe(2, 4, 90, 6);
        assertThat(effects).containsExactly(new Refuse(2, 4, Refusal.OLDER_GENERATION));
        step(new Acknowledged(2, 12, 5, EPOCH, 100, false));
        assertThat(state.highWatermark()).isEqualTo(100);
    }

    /** Rule 17. */
    @Test
    void proposesThatAMemberLeavesThatLagsForTooLong() {
        state = leader(0, 0, isr(1, 1, 2, 3), false);
        subscribe(2, 0);
        subscribe(3, 0);
        step(new Appended(10));
        acknowledge(2, 10);
        now = 60;
        acknowledge(3, 5);
        now = LAG_MAX;
        step(new Ticked());
        assertThat(effects).isEmpty();
        now = LAG_MAX + 1;
        step(new Ticked());
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
    }

    /** Rule 17: it is behind at each moment, and never for long. */
    @Test
    void aMemberThatFollowsAtADistanceStays() {
        state = leader(0, 0, isr(1, 1, 2), false);
        subscribe(2, 0);
        for (long end = 10; end < 1_000; end += 10) {
            step(new Appended(end));
            now += LAG_MAX / 4;
            acknowledge(2, end - 9);
            assertThat(proposedMembers()).isEmpty();
        }
    }

    /**
     * Rule 17: a leader that does not hear a member does not wait for what only slowness excuses.
     */
    @Test
    void aMemberThatIsAwayLeavesSoonerThanOneThatIsSlow() {
        state = leader(0, 0, isr(1, 1, 2, 3), false);
        subscribe(2, 0);
        subscribe(3, 0);
        acknowledge(2, 0);
        acknowledge(3, 0);
        step(new Unsubscribed(3, 13, 1));
        step(new Appended(10));
        now = ABSENCE_MAX;
        step(new Ticked());
        assertThat(effects).isEmpty();
        now = ABSENCE_MAX + 1;
        step(new Ticked());
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
    }

    /** Rule 17: nothing waits for it. */
    @Test
    void aMemberThatIsAwayAndHasAllStays() {
        state = leader(0, 0, isr(1, 1, 2), false);
        subscribe(2, 0);
        acknowledge(2, 0);
        step(new Unsubscribed(2, 12, 1));
        now = 50 * LAG_MAX;
        step(new Ticked());
        assertThat(effects).isEmpty();
    }

    /** Rule 37. */
    @Test
    void theLateEndOfAnOlderSubscriptionIsNoAbsence() {
        state = leader(0, 0, isr(1, 1, 2), false);
        subscribe(2, 0);
        subscribe(2, 2, 0, EPOCH - 1);
        step(new Unsubscribed(2, 12, 1));
        step(new Unsubscribed(2, 11, 2));
        step(new Appended(10));
        now = LAG_MAX;
        step(new Ticked());
        assertThat(effects).isEmpty();
    }

    /**
     * Rule 18: with too few in sync the high watermark stands still, so that to have reached it
     * says nothing of a replica.
     */
    @Test
    void whoLeftForItsLagDoesNotJoinBeforeItHasCaughtUp() {
        state = leader(0, 0, under(1, 2, 1), false);
        subscribe(2, 0);
        step(new Appended(10));
        now = LAG_MAX + 1;
        acknowledge(2, 5);
        assertThat(proposedMembers()).isEmpty();
        acknowledge(2, 10);
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
    }

    /** Rule 18. */
    @Test
    void whoIsAwayDoesNotJoin() {
        state = leader(0, 0, isr(1, 1), false);
        subscribe(2, 0);
        step(new Unsubscribed(2, 12, 1));
        acknowledge(2, 0);
        assertThat(proposedMembers()).isEmpty();
    }

    /** Rule 17: its lag counts from the first record that it lacks. */
    @Test
    void aMemberThatHadAllWhileNothingCameStays() {
        state = leader(0, 0, isr(1, 1, 2), false);
        subscribe(2, 0);
        acknowledge(2, 0);
        now = 50 * LAG_MAX;
        step(new Appended(10));
        step(new Ticked());
        assertThat(proposedMembers()).isEmpty();
        now += LAG_MAX + 1;
        step(new Ticked());
        assertThat(proposedMembers()).isEqualTo(members(1));
    }

    /** Rule 17. */
    @Test
    void aMemberWhoseDiskFailedIsProposedToLeaveAtOnceAndDoesNotComeBack() {
        state = leader(0, 0, isr(1, 1, 2, 3), false);
        subscribe(3, 0);
        step(new Acknowledged(3, 13, 1, EPOCH, 0, true));
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
        step(new ViewChanged(isr(2, 1, 2)));
        step(new Ticked());
        assertThat(proposedMembers()).isEmpty();
        subscribe(3, 2, 0, -1);
        step(new Acknowledged(3, 13, 2, EPOCH, 0, false));
        assertThat(proposedMembers()).isEqualTo(members(1, 2, 3));
    }

    /** Rule 18 (R13). */
    @Test
    void noReplicaJoinsBeforeItHasReachedTheStartOfTheEpochAndTheHighWatermark() {
        state = leader(100, 60, isr(1, 1), false);
        subscribe(2, 99);
        acknowledge(2, 99);
        assertThat(proposedMembers()).isEmpty();
        step(new Appended(120));
        acknowledge(2, 119);
        assertThat(proposedMembers()).isEmpty();
        acknowledge(2, 120);
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
    }

    /** Rule 18. */
    @Test
    void noReplicaJoinsWhoseBrokerIsFencedOrShuttingDown() {
        List<ReplicaView> replicas =
                List.of(new ReplicaView(1, 11, true), new ReplicaView(2, 12, false));
        state = leader(0, 0, new IsrView(1, List.of(1), replicas, 1), false);
        subscribe(2, 0);
        acknowledge(2, 0);
        assertThat(proposedMembers()).isEmpty();
        step(new ViewChanged(isr(1, 1)));
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
    }

    /** Rule 19. */
    @Test
    void aProposalNamesWhatItIsBasedOn() {
        state = leader(0, 0, isr(4, 1), false);
        subscribe(2, 0);
        acknowledge(2, 0);
        assertThat(effects)
                .containsExactly(new Propose(new IsrProposal(1, EPOCH, 4, members(1, 2))));
    }

    /** Rule 20. */
    @Test
    void oneProposalIsInFlight() {
        aProposalIsInFlight();
        subscribe(3, 0);
        acknowledge(3, 10);
        assertThat(proposedMembers()).isEmpty();
        step(new ProposalAnswered(1, Outcome.TAKEN));
        assertThat(proposedMembers()).isEmpty();
        step(new ViewChanged(isr(2, 1, 2)));
        assertThat(proposedMembers()).isEqualTo(members(1, 2, 3));
    }

    /** Rule 20: a refused proposal counts no more, and is repeated after a pause. */
    @Test
    void aRefusedMemberDoesNotHoldTheHighWatermark() {
        aProposalIsInFlight();
        step(new ProposalAnswered(1, Outcome.REFUSED));
        assertThat(proposedMembers()).isEmpty();
        step(new Appended(20));
        assertThat(state.highWatermark()).isEqualTo(20);
        acknowledge(2, 20);
        assertThat(proposedMembers()).isEmpty();
        now += PAUSE;
        step(new Ticked());
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
    }

    /** Rule 20: an unknown outcome is no refusal, also when a later one is refused. */
    @Test
    void aMemberCountsWhileAnyProposalOfItMayHaveBeenTaken() {
        aProposalIsInFlight();
        step(new ProposalAnswered(1, Outcome.UNKNOWN));
        now += PAUSE;
        step(new Ticked());
        step(new ProposalAnswered(2, Outcome.REFUSED));
        step(new Appended(20));
        assertThat(state.highWatermark()).isEqualTo(10);
        step(new ViewChanged(isr(2, 1)));
        assertThat(state.highWatermark()).isEqualTo(20);
    }

    /** Rule 20: what is in doubt is settled by the next proposal, be it of the same members. */
    @Test
    void asksForTheSameMembersAgainWhileAnOutcomeIsInDoubt() {
        aProposalIsInFlight();
        step(new ProposalAnswered(1, Outcome.UNKNOWN));
        step(new Appended(20));
        now += PAUSE;
        List<ReplicaView> replicas =
                List.of(new ReplicaView(1, 11, true), new ReplicaView(2, 12, false));
        step(new ViewChanged(new IsrView(1, List.of(1), replicas, 1)));
        assertThat(proposedMembers()).isEqualTo(members(1));
    }

    @Test
    void anAnswerToAnOlderProposalSaysNothing() {
        aProposalIsInFlight();
        step(new ViewChanged(isr(2, 1)));
        assertThat(proposedMembers()).isEqualTo(members(1, 2));
        step(new ProposalAnswered(1, Outcome.REFUSED));
        step(new Appended(20));
        assertThat(state.highWatermark()).isEqualTo(10);
    }

    /** Rule 27. */
    @Test
    void takesNothingWhileTheIsrIsUnderTheMinimum() {
        state = leader(0, 0, under(1, 2, 1), false);
        assertThat(Admission.of(state, true)).isEqualTo(Admission.NOT_ENOUGH_REPLICAS);
        assertThat(Admission.of(state, false)).isEqualTo(Admission.NOT_ENOUGH_REPLICAS);
    }

    /** Rule 28. */
    @Test
    void withoutAControllerItTakesOnlyWhatAllAcknowledgeAndProposesNothing() {
        state = leader(0, 0, isr(1, 1, 2), false);
        step(new ControllerReach(true));
        assertThat(Admission.of(state, true)).isEqualTo(Admission.TAKEN);
        assertThat(Admission.of(state, false)).isEqualTo(Admission.CONTROLLER_LOST);
        subscribe(3, 0);
        acknowledge(3, 0);
        assertThat(proposedMembers()).isEmpty();
        step(new ControllerReach(false));
        assertThat(Admission.of(state, false)).isEqualTo(Admission.TAKEN);
        assertThat(proposedMembers()).isEqualTo(members(1, 2, 3));
    }

    /** Rule 31. */
    @Test
    void aLeaderThatCannotWriteProposesAnIsrWithoutItself() {
        state = leader(0, 0, isr(1, 1, 2), false);
        step(new StorageHealth(true));
        assertThat(proposedMembers()).isEqualTo(members(2));
    }

    /** Rule 31: the last member stays. */
    @Test
    void aLeaderThatCannotWriteStaysIfThereIsNobodyElse() {
        state = leader(0, 0, isr(1, 1), false);
        step(new StorageHealth(true));
        assertThat(proposedMembers()).isEmpty();
    }

    @Test
    void endsTheSubscriptionOfAReplicaThatTheImageTookAway() {
        state = leader(0, 0, isr(1, 1, 2, 3), false);
        subscribe(3, 0);
        List<ReplicaView> replicas =
                List.of(new ReplicaView(1, 11, true), new ReplicaView(2, 12, true));
        step(new ViewChanged(new IsrView(2, List.of(1, 2), replicas, 1)));
        assertThat(effects).containsExactly(new Refuse(3, 1, Refusal.NO_REPLICA));
    }
}
