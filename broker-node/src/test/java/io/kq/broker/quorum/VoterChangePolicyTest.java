package io.kq.broker.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.broker.config.HostPort;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.broker.quorum.VoterChangePolicy.Kind;
import io.kq.broker.quorum.VoterChangePolicy.Step;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VoterChangePolicyTest {

    private static final int SELF = 0;
    private static final HostPort SELF_ADDRESS = new HostPort("kq-0", 9999);

    private final HandMadeMetadata metadata = new HandMadeMetadata();

    VoterChangePolicyTest() {
        for (int id = 0; id < 6; id++) {
            metadata.broker(id, 9092 + id, 1);
        }
    }

    private static Voter voter(int id) {
        return new Voter(id, new UUID(1, id), "kq-" + id, 9093);
    }

    private static List<Voter> voters(int... ids) {
        List<Voter> voters = new ArrayList<>();
        for (int id : ids) {
            voters.add(voter(id));
        }
        return voters;
    }

    private VoterChangePolicy policy(List<Voter> agreed, Integer... up) {
        return new VoterChangePolicy(
                SELF, Optional.of(SELF_ADDRESS), agreed, Set.of(up), metadata.image());
    }

    private static ErrorCode refusal(ThrowingCallable call) {
        return catchThrowableOfType(RejectedException.class, call).code();
    }

    @Test
    void addsANodeThatIsUpAndNoVoter() {
        assertThat(policy(voters(0, 1, 2), 0, 1, 2).decide(Kind.ADD, 3))
                .isEqualTo(new Step.Prepare(Optional.empty()));
        assertThat(policy(voters(0, 1, 2), 0, 1, 2).with(voter(3), Optional.empty()))
                .isEqualTo(voters(0, 1, 2, 3));
    }

    @Test
    void doesNothingWhereItIsSoAlready() {
        VoterChangePolicy policy = policy(voters(0, 1, 2), 0, 1, 2);
        assertThat(policy.decide(Kind.ADD, 2)).isInstanceOf(Step.Nothing.class);
        assertThat(policy.decide(Kind.REMOVE, 5)).isInstanceOf(Step.Nothing.class);
    }

    @Test
    void neverAddsANodeThatIsDownOrUnknown() {
        metadata.down(3);
        VoterChangePolicy policy = policy(voters(0, 1, 2), 0, 1, 2);
        assertThat(refusal(() -> policy.decide(Kind.ADD, 3)))
                .isEqualTo(ErrorCode.VOTER_NOT_ELIGIBLE);
        assertThat(refusal(() -> policy.decide(Kind.ADD, 77)))
                .isEqualTo(ErrorCode.BROKER_NOT_FOUND);
    }

    @Test
    void voterThatDoesNotVoteIsReplacedAndNotAdded() {
        VoterChangePolicy policy = policy(voters(0, 1, 2), 0, 1);
        assertThat(refusal(() -> policy.decide(Kind.ADD, 2)))
                .isEqualTo(ErrorCode.VOTER_NOT_ELIGIBLE);
        assertThat(policy.decide(Kind.REPLACE, 2))
                .isEqualTo(new Step.Prepare(Optional.of(voter(2))));
        Voter reborn = new Voter(2, new UUID(2, 2), "kq-2", 9093);
        assertThat(policy.with(reborn, Optional.of(voter(2))))
                .containsExactly(voter(0), voter(1), reborn);
        assertThat(refusal(() -> policy.decide(Kind.REPLACE, 3)))
                .isEqualTo(ErrorCode.VOTER_NOT_ELIGIBLE);
    }

    @Test
    void neverNeedsAVoteThatIsNotThere() {
        // The new voter does not make up for one that is down.
        assertThat(policy(voters(0, 1, 2), 0, 1).decide(Kind.ADD, 3))
                .isInstanceOf(Step.Prepare.class);
        assertThat(refusal(() -> policy(voters(0, 1, 2, 3), 0, 1).decide(Kind.ADD, 4)))
                .isEqualTo(ErrorCode.QUORUM_TOO_SMALL);
        // Of two that would be left both must be up.
        assertThat(refusal(() -> policy(voters(0, 1, 2), 0, 1).decide(Kind.REMOVE, 1)))
                .isEqualTo(ErrorCode.QUORUM_TOO_SMALL);
        assertThat(policy(voters(0, 1, 2), 0, 1).decide(Kind.REMOVE, 2))
                .isEqualTo(new Step.Keep(voters(0, 1)));
        assertThat(refusal(() -> policy(voters(0, 1), 0).decide(Kind.REPLACE, 1)))
                .isEqualTo(ErrorCode.QUORUM_TOO_SMALL);
    }

    @Test
    void lastVoterStays() {
        assertThat(refusal(() -> policy(voters(0), 0).decide(Kind.REMOVE, 0)))
                .isEqualTo(ErrorCode.QUORUM_TOO_SMALL);
    }

    @Test
    void leaderHandsOverBeforeItGoes() {
        assertThat(policy(voters(0, 1, 2), 0, 1, 2).decide(Kind.REMOVE, SELF))
                .isEqualTo(new Step.HandOver());
    }

    @Test
    void votersAreWhereAllOthersReachThemOrAllOnOneMachine() {
        VoterChangePolicy policy = policy(voters(0, 1, 2), 0, 1, 2);
        Voter local = new Voter(3, new UUID(1, 3), "127.0.0.1", 9093);
        assertThat(refusal(() -> policy.with(local, Optional.empty())))
                .isEqualTo(ErrorCode.VOTER_NOT_ELIGIBLE);
    }

    @Test
    void loneVoterIsPutInWhereItIsNowIfThatIsAFixedPlace() {
        assertThat(policy(voters(0), 0).with(voter(1), Optional.empty()))
                .containsExactly(new Voter(0, new UUID(1, 0), "kq-0", 9999), voter(1));
        VoterChangePolicy moving =
                new VoterChangePolicy(
                        SELF, Optional.empty(), voters(0), Set.of(0), metadata.image());
        assertThat(refusal(() -> moving.with(voter(1), Optional.empty())))
                .isEqualTo(ErrorCode.VOTER_NOT_ELIGIBLE);
    }
}
