package io.kq.broker.partition.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The deciding code of replication (leader, follower, controller) through schedules of crashes,
 * cuts and delays. Proves R1 to R3, R5 to R16, M1 to M4, M6 and M9 after every event, and after the
 * faults that all becomes well.
 */
class ReplicationSimulationTest {

    private static final long SEEDS = Long.getLong("kq.replication.seeds", 1_000);
    private static final long FIRST = Long.getLong("kq.replication.first", 1);
    private static final int TOLD_EVERY = 10_000;

    @Test
    void holdsItsInvariantsThroughAnySchedule() {
        Long fixed = Long.getLong("kq.replication.seed");
        if (fixed != null) {
            Schedules.replay(fixed, Rules.STANDARD);
            return;
        }
        Map<Sometimes, Integer> seen = new EnumMap<>(Sometimes.class);
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Schedules.run(seed, Rules.STANDARD, seen);
            if ((seed - FIRST + 1) % TOLD_EVERY == 0) {
                System.out.println("seeds " + FIRST + " to " + seed + ": " + seen);
            }
        }
        assertThat(seen).containsOnlyKeys(Sometimes.values());
    }

    @Test
    void aScheduleIsAFunctionOfItsSeed() {
        Map<Sometimes, Integer> once = new EnumMap<>(Sometimes.class);
        Map<Sometimes, Integer> again = new EnumMap<>(Sometimes.class);
        for (long seed = 1; seed <= 10; seed++) {
            Schedules.run(seed, Rules.STANDARD, once);
            Schedules.run(seed, Rules.STANDARD, again);
        }
        assertThat(again).isEqualTo(once);
    }
}
