package io.kq.metadata.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.group.CommitRule.Verdict;
import io.kq.metadata.group.SimulatedGroup.Rules;
import java.util.HashMap;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/** Groups through random joins, leaves, subscriptions and delays: G1 and G2 after every step. */
class GroupSimulationTest {

    private static final int SEEDS = Integer.getInteger("kq.group.seeds", 2_000);
    private static final int STEPS = 200;

    private static String violation(long seed, Rules rules) {
        try {
            new SimulatedGroup(seed, rules).run(STEPS);
            return "";
        } catch (AssertionError broken) {
            return "seed " + seed + ": " + broken.getMessage();
        }
    }

    private static String firstViolation(Rules rules) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            String found = violation(seed, rules);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    @Test
    void holdsItsInvariantsThroughAnySchedule() {
        assertThat(firstViolation(Rules.STRICT)).isEmpty();
    }

    @Test
    void findsThatAPartitionIsGivenBeforeItIsReleased() {
        HandOver atOnce =
                (group, members) -> {
                    HandOver.STRICT.proceed(group, members);
                    members.replaceAll(
                            (id, member) -> {
                                var assigned = new HashMap<>(member.assigned());
                                for (var partition : group.target().of(id)) {
                                    assigned.putIfAbsent(partition, group.epoch());
                                }
                                return member.with(member.epoch(), assigned, member.revoking());
                            });
                };
        assertThat(firstViolation(new Rules(atOnce, CommitRule.STRICT, true))).contains("G1");
    }

    @Test
    void findsThatALateWordIsTakenForAnAnswer() {
        assertThat(firstViolation(new Rules(HandOver.STRICT, CommitRule.STRICT, false)))
                .contains("G1: read");
    }

    @Test
    void findsThatACommitIsTakenOfAnyEpoch() {
        CommitRule anyEpoch =
                (group, member, epoch, partition) ->
                        group.member(member)
                                        .map(m -> new HashSet<>(m.owned().keySet()))
                                        .filter(owned -> owned.contains(partition))
                                        .isPresent()
                                ? Verdict.TAKEN
                                : Verdict.NOT_OWNED;
        assertThat(firstViolation(new Rules(HandOver.STRICT, anyEpoch, true))).contains("G2");
    }

    @Test
    void findsThatACommitIsTakenOfWhoDoesNotOwnThePartition() {
        CommitRule anyMember =
                (group, member, epoch, partition) ->
                        group.member(member).isPresent() ? Verdict.TAKEN : Verdict.UNKNOWN_MEMBER;
        assertThat(firstViolation(new Rules(HandOver.STRICT, anyMember, true))).contains("G2");
    }
}
