package io.kq.broker.partition.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.partition.core.leader.LeaderInput.Acknowledged;
import io.kq.broker.partition.core.leader.LeaderInput.Appended;
import io.kq.broker.partition.core.leader.LeaderInput.BecameDurable;
import io.kq.broker.partition.core.leader.LeaderInput.ProposalAnswered;
import io.kq.broker.partition.core.leader.LeaderInput.Subscribed;
import io.kq.broker.partition.core.leader.LeaderInput.ViewChanged;
import io.kq.runtime.RandomSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Any order of events, checked after each against what is true of the copies. */
class LeaderCoreSimulationTest {

    private static final int EPOCH = 3;
    private static final long SEED = Long.getLong("kq.seed", 20_261_122L);
    private static final int RUNS = 300;
    private static final int STEPS = 200;
    private static final long LAG_MAX = 20;

    /** Lets the run's events happen; the model knows every copy's true end. */
    private static final class World {
        private final RandomSource random;
        private final Map<Integer, Long> copies = new HashMap<>();
        private final Map<Integer, Long> generations = new HashMap<>();
        private final LeaderCore core;
        private LeaderState state;
        private int partitionEpoch;
        private long now;

        /** All members of proposals on the present partition epoch. */
        private final Set<Integer> proposed = new TreeSet<>();

        /** Those of them that a proposal of unknown outcome names. */
        private final Set<Integer> inDoubt = new TreeSet<>();

        World(RandomSource random, LeaderRules rules) {
            this.random = random;
            this.core = new LeaderCore(rules, new LagBounds(LAG_MAX, LAG_MAX / 4), 3);
            boolean fsync = random.nextInt(2) == 0;
            this.state =
                    LeaderState.elected(
                            new LeaderTerm(1, EPOCH, 5, fsync), 5, random.nextInt(6), view(), 0);
        }

        private IsrView view() {
            List<Integer> committed = new ArrayList<>(List.of(1));
            List<ReplicaView> replicas = new ArrayList<>(List.of(new ReplicaView(1, 1, true)));
            for (int follower = 2; follower <= 3; follower++) {
                replicas.add(new ReplicaView(follower, follower, random.nextInt(4) > 0));
                if (random.nextInt(2) == 0) {
                    committed.add(follower);
                }
            }
            return new IsrView(partitionEpoch++, committed, replicas, 1 + random.nextInt(2));
        }

        void event() {
            int follower = 2 + random.nextInt(2);
            now++;
            LeaderInput input =
                    switch (random.nextInt(13)) {
                        case 0, 1, 2 -> new Appended(state.logEndOffset() + 1 + random.nextInt(3));
                        case 3 -> new BecameDurable(random.nextInt(60));
                        case 4 -> new ViewChanged(view());
                        case 5 -> subscribed(follower);
                        case 6 -> answered();
                        case 7 -> new LeaderInput.Ticked();
                        case 12 -> unsubscribed(follower);
                        case 8 -> new Acknowledged(follower, follower, 1, EPOCH - 1, 1_000, false);
                        default -> acknowledged(follower);
                    };
            long before = state.highWatermark();
            int known = state.isr().partitionEpoch();
            LeaderCore.Step step = core.step(state, input, now);
            state = step.next();
            if (state.isr().partitionEpoch() > known) {
                proposed.clear();
                inDoubt.clear();
            }
            assertThat(state.highWatermark()).as("never falls").isGreaterThanOrEqualTo(before);
            if (state.highWatermark() > before) {
                checkMove();
            }
            for (LeaderEffect effect : step.effects()) {
                if (effect instanceof LeaderEffect.Propose propose) {
                    propose.proposal().members().forEach(m -> proposed.add(m.replica()));
                }
            }
        }

        private LeaderInput unsubscribed(int follower) {
            return new LeaderInput.Unsubscribed(
                    follower, follower, generations.getOrDefault(follower, 0L));
        }

        private LeaderInput subscribed(int follower) {
            long generation = generations.merge(follower, 1L, Long::sum);
            long end = Math.min(5, copies.getOrDefault(follower, 5L));
            return new Subscribed(follower, follower, generation, EPOCH, end, 2, 2, 5, 0);
        }

        private LeaderInput answered() {
            IsrProposal.Outcome[] all = IsrProposal.Outcome.values();
            IsrProposal.Outcome outcome = all[random.nextInt(all.length)];
            if (outcome == IsrProposal.Outcome.REFUSED) {
                proposed.retainAll(inDoubt);
            } else if (outcome == IsrProposal.Outcome.UNKNOWN) {
                inDoubt.addAll(proposed);
            }
            return new ProposalAnswered(state.pending().lastNumber(), outcome);
        }

        private LeaderInput acknowledged(int follower) {
            long end = Math.min(state.logEndOffset(), copies.getOrDefault(follower, 0L) + 2);
            copies.put(follower, end);
            long generation = generations.getOrDefault(follower, 0L);
            return new Acknowledged(follower, follower, generation, EPOCH, end, false);
        }

        private void checkMove() {
            IsrView isr = state.isr();
            assertThat(isr.committed().size()).as("R10").isGreaterThanOrEqualTo(isr.minimum());
            Set<Integer> maximal = new TreeSet<>(isr.committed());
            maximal.addAll(proposed);
            for (int member : maximal) {
                long end = member == 1 ? state.ownEndOffset() : copies.getOrDefault(member, 0L);
                assertThat(state.highWatermark())
                        .as("R9, member " + member)
                        .isLessThanOrEqualTo(end);
            }
        }
    }

    private static void run(long seed, LeaderRules rules) {
        World world = new World(RandomSource.seeded(seed), rules);
        for (int i = 0; i < STEPS; i++) {
            world.event();
        }
    }

    @Test
    void theHighWatermarkIsOnEveryMemberOfTheMaximalIsr() {
        for (int i = 0; i < RUNS; i++) {
            long seed = SEED + i;
            try {
                run(seed, LeaderRules.STANDARD);
            } catch (AssertionError e) {
                throw new AssertionError("again with -Dkq.seed=" + seed, e);
            }
        }
    }

    /** The simulation is able to find what it looks for. */
    @Test
    void findsTheHistoricalWrongRules() {
        assertThat(isFound(Wrong.highWatermark(HighWatermark::leastCommitted))).isTrue();
        assertThat(isFound(Wrong.highWatermark(Wrong.WITHOUT_MINIMUM))).isTrue();
        assertThat(isFound(Wrong.unknownOutcomeForgotten())).isTrue();
    }

    private static boolean isFound(LeaderRules wrong) {
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
