package io.kq.metadata;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other voters, with real Ratis servers. */
class VoterChangeIT {

    @Test
    void threeBecomeFiveAndThreeAgainAndTheRemovedAreClosed(@TempDir Path directory)
            throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 3, 25)) {
            quorum.startAll();
            quorum.bringUp(0);
            for (int i = 0; i < 40; i++) {
                quorum.create("first-" + i);
            }
            List<Voter> three = List.of(quorum.voter(0), quorum.voter(1), quorum.voter(2));
            Voter third = quorum.join(3);
            List<Voter> four = plus(three, third);
            quorum.change(three, four);
            Voter fourth = quorum.join(4);
            List<Voter> five = plus(four, fourth);
            quorum.change(four, five);
            quorum.create("with-five");
            quorum.awaitSameState();

            quorum.change(five, four);
            quorum.kill(4);
            quorum.change(four, three);
            quorum.create("with-three");
            QuorumVoter removed = quorum.running(3);
            eventually("the others close the removed one", () -> !removed.isAlive());
            assertThat(quorum.faults).isEmpty();
            quorum.kill(3);
            quorum.awaitSameState();
            assertThat(quorum.controller().image().topics()).hasSize(42);
        }
    }

    @Test
    void voterThatForgotItsVoteIsReplacedUnderAnotherName(@TempDir Path directory)
            throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 3, 1_000_000)) {
            quorum.startAll();
            quorum.bringUp(0);
            quorum.create("before");
            int lost = (quorum.idOf(quorum.controller()) + 1) % 3;
            quorum.kill(lost);
            List<Voter> old = List.of(quorum.voter(0), quorum.voter(1), quorum.voter(2));
            List<Voter> next = new ArrayList<>(old);
            next.remove(quorum.voter(lost));
            Voter again =
                    new Voter(
                            lost,
                            UUID.randomUUID(),
                            quorum.voter(lost).host(),
                            quorum.voter(lost).port());
            quorum.wipe(lost);
            quorum.join(again);
            next.add(again);
            quorum.change(old, next);
            quorum.create("after");
            quorum.awaitSameState();
            int leader = quorum.idOf(quorum.controller());
            quorum.kill(leader);
            quorum.create("by-the-new-one");
            quorum.awaitSameState();
            assertThat(quorum.faults).isEmpty();
        }
    }

    @Test
    void changeIsRefusedIfItExpectsOtherVotersOrTheNewOneCannotBeReached(@TempDir Path directory)
            throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 3, 1_000_000)) {
            quorum.startAll();
            quorum.bringUp(0);
            List<Voter> three = List.of(quorum.voter(0), quorum.voter(1), quorum.voter(2));
            Voter nobody = new Voter(3, UUID.randomUUID(), "127.0.0.1", 1);
            assertRefused(quorum, three.subList(0, 2), three);
            assertRefused(quorum, three, plus(three, nobody));
            assertThat(quorum.controller().voters()).contains(three);
            quorum.create("goes-on");
        }
    }

    private static void assertRefused(TestQuorum quorum, List<Voter> expected, List<Voter> next) {
        assertThatThrownBy(
                        () ->
                                quorum.controller()
                                        .changeVoters(expected, next)
                                        .get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        refusal ->
                                assertThat(refusal.code())
                                        .isEqualTo(ErrorCode.QUORUM_CHANGE_FAILED));
    }

    private static List<Voter> plus(List<Voter> voters, Voter voter) {
        List<Voter> more = new ArrayList<>(voters);
        more.add(voter);
        return more;
    }
}
