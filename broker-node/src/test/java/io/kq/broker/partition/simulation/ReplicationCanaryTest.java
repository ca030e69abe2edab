package io.kq.broker.partition.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation is able to find what it looks for: every wrong rule breaks an invariant. */
class ReplicationCanaryTest {

    private static final int SEEDS = Integer.getInteger("kq.replication.canary.seeds", 2_000);

    @ParameterizedTest
    @EnumSource(Canary.class)
    void findsTheWrongRule(Canary canary) {
        String found = null;
        for (long seed = 1; seed <= SEEDS && found == null; seed++) {
            found = Schedules.violation(seed, canary);
        }
        assertThat(found).as("%s in %d seeds", canary, SEEDS).isNotNull();
    }
}
