package io.kq.broker.partition.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.broker.partition.simulation.SmallCluster.Bounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything that can happen to very small clusters, in every order, up to a number of states
 * ({@code -Dkq.replication.states}). The invariants are those of the simulation.
 */
class ExhaustiveReplicationTest {

    private static final int STATES = Integer.getInteger("kq.replication.states", 20_000);

    /** Enough for the shortest way to what each of these breaks. */
    private static final int STATES_OF_A_CANARY = 100_000;

    private static Explorer.Result explore(Bounds bounds, Rules rules, int states) {
        return new Explorer(states).explore(new SmallCluster(bounds, rules));
    }

    @Test
    void twoReplicasHoldTheInvariantsInEveryOrderOfEvents() {
        Explorer.Result result = explore(new Bounds(2, 1, 2, 2, 2, true), Rules.STANDARD, STATES);
        assertThat(result.depth()).as(result.toString()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void threeReplicasHoldTheInvariantsInEveryOrderOfEvents() {
        Explorer.Result result = explore(new Bounds(3, 2, 2, 2, 2, false), Rules.STANDARD, STATES);
        assertThat(result.depth()).as(result.toString()).isGreaterThanOrEqualTo(4);
    }

    /** The shortest ways to what the historical wrong rules break are found. */
    @ParameterizedTest
    @EnumSource(
            value = Canary.class,
            names = {
                "WATERMARK_WITHOUT_THE_SILENT",
                "JOIN_AT_ONCE",
                "UNCLEAN_ELECTION",
                "UNCLEAN_RESTART_STAYS"
            })
    void findsTheWrongRule(Canary canary) {
        assertThatThrownBy(
                        () ->
                                explore(
                                        new Bounds(2, 1, 2, 2, 2, true),
                                        canary.rules(),
                                        STATES_OF_A_CANARY))
                .isInstanceOf(AssertionError.class);
    }
}
