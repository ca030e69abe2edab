package io.kq.broker.partition.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.partition.core.LeaderInput.Appended;
import io.kq.broker.partition.core.LeaderInput.BecameDurable;
import io.kq.broker.partition.core.LeaderInput.FollowerAcknowledged;
import io.kq.broker.partition.core.LeaderInput.IsrChanged;
import io.kq.runtime.RandomSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Any order of events, checked after each against what is true of the copies. */
class PartitionCoreSimulationTest {

    private static final int EPOCH = 3;
    private static final long SEED = Long.getLong("kq.seed", 20_261_122L);
    private static final int RUNS = 300;
    private static final int STEPS = 200;

    /** Lets the run's events happen; the model knows every copy's true end. */
    private static final class World {
        private final RandomSource random;
        private final Map<Integer, Long> copies = new HashMap<>();
        private final PartitionCore core;
        private LeaderState state;
        private int partitionEpoch;

        World(RandomSource random, PartitionCore core) {
            this.random = random;
            this.core = core;
            boolean fsync = random.nextInt(2) == 0;
            this.state = LeaderState.elected(1, EPOCH, 5, 5, random.nextInt(6), view(), fsync);
        }

        private IsrView view() {
            List<Integer> committed = new ArrayList<>(List.of(1));
            List<Integer> pending = new ArrayList<>();
            for (int follower = 2; follower <= 3; follower++) {
                int where = random.nextInt(3);
                if (where < 2) {
                    (where == 0 ? committed : pending).add(follower);
                }
            }
            return new IsrView(partitionEpoch++, committed, pending, 1 + random.nextInt(2));
        }

        void event() {
            int follower = 2 + random.nextInt(2);
            LeaderInput input =
                    switch (random.nextInt(5)) {
                        case 0 -> new Appended(state.logEndOffset() + 1 + random.nextInt(3));
                        case 1 -> new BecameDurable(random.nextInt(60));
                        case 2 -> new IsrChanged(view());
                        case 3 -> acknowledged(follower);
                        default -> new FollowerAcknowledged(follower, EPOCH - 1, 1_000);
                    };
            long before = state.highWatermark();
            state = core.step(state, input).next();
            assertThat(state.highWatermark()).as("never falls").isGreaterThanOrEqualTo(before);
            if (state.highWatermark() > before) {
                checkMove();
            }
        }

        private LeaderInput acknowledged(int follower) {
            long end = Math.min(state.logEndOffset(), copies.getOrDefault(follower, 0L) + 2);
            copies.put(follower, end);
            return new FollowerAcknowledged(follower, EPOCH, end);
        }

        private void checkMove() {
            IsrView isr = state.isr();
            assertThat(isr.committed().size()).as("R10").isGreaterThanOrEqualTo(isr.minimum());
            List<Integer> maximal = new ArrayList<>(isr.committed());
            maximal.addAll(isr.pending());
            for (int member : maximal) {
                long end = member == 1 ? state.ownEndOffset() : copies.getOrDefault(member, 0L);
                assertThat(state.highWatermark())
                        .as("R9, member " + member)
                        .isLessThanOrEqualTo(end);
            }
        }
    }

    private static void run(long seed, PartitionCore core) {
        World world = new World(RandomSource.seeded(seed), core);
        for (int i = 0; i < STEPS; i++) {
            world.event();
        }
    }

    @Test
    void theHighWatermarkIsOnEveryMemberOfTheMaximalIsr() {
        for (int i = 0; i < RUNS; i++) {
            long seed = SEED + i;
            try {
                run(seed, new PartitionCore());
            } catch (AssertionError e) {
                throw new AssertionError("again with -Dkq.seed=" + seed, e);
            }
        }
    }

    /** The simulation is able to find what it looks for. */
    @Test
    void findsTheHistoricalWrongRules() {
        HighWatermark ignoresPending =
                s ->
                        HighWatermark.MAXIMAL_ISR.of(
                                s.withIsr(
                                        new IsrView(
                                                s.isr().partitionEpoch(),
                                                s.isr().committed(),
                                                List.of(),
                                                s.isr().minimum())));
        HighWatermark ignoresMinimum =
                s ->
                        HighWatermark.MAXIMAL_ISR.of(
                                s.withIsr(
                                        new IsrView(
                                                s.isr().partitionEpoch(),
                                                s.isr().committed(),
                                                s.isr().pending(),
                                                1)));
        assertThat(isFound(new PartitionCore(ignoresPending))).isTrue();
        assertThat(isFound(new PartitionCore(ignoresMinimum))).isTrue();
    }

    private static boolean isFound(PartitionCore wrong) {
        for (int i = 0; i < RUNS; i++) {
            try {
                run(SEED + i, wrong);
            } catch (AssertionError found) {
                return true;
            }
        }
        return false;
    }
}
