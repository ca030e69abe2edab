package io.kq.system.check;

import static io.kq.system.check.HandMadeHistory.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.runtime.RandomSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Histories of a perfect log that many writers and readers share pass; the same with one lie in
 * them, at a place that chance chooses, do not.
 */
class CheckedHistorySimulationTest {

    private static final int SEEDS = 40;
    private static final int WRITERS = 4;
    private static final int STEPS = 400;

    @TempDir Path directory;

    /** What is false in a history. */
    private enum Lie {
        NONE,
        LOSES_THE_LAST,
        SWAPS_TWO,
        REPEATS_ONE,
        INVENTS_ONE,
        READER_MISSES_ONE,
        HIGH_WATERMARK_FALLS
    }

    @Test
    void passesTheTruthAndCatchesEachLie() {
        long first = Long.getLong("kq.seed", 1);
        for (long seed = first; seed < first + SEEDS; seed++) {
            for (Lie lie : Lie.values()) {
                Verdict verdict = new Run(seed, lie).check();
                assertThat(verdict.broken().isEmpty())
                        .as("-Dkq.seed=%d %s: %s", seed, lie, verdict.broken().keySet())
                        .isEqualTo(lie == Lie.NONE);
            }
        }
    }

    /** One history. */
    private final class Run {
        private final RandomSource random;
        private final Lie lie;
        private final HandMadeHistory history = new HandMadeHistory(directory);
        private final List<Long> log = new ArrayList<>();
        private final long[] numbers = new long[WRITERS];

        /** Appended and not yet acknowledged. */
        private final List<Integer> waiting = new ArrayList<>();

        private int highWatermark;
        private int position;

        Run(long seed, Lie lie) {
            this.random = RandomSource.seeded(seed);
            this.lie = lie;
        }

        Verdict check() {
            history.positioned("r", 0);
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            highWatermark = log.size();
            waiting.forEach(offset -> history.acked(log.get(offset), offset));
            if (lie == Lie.HIGH_WATERMARK_FALLS) {
                history.highWatermark(1, highWatermark);
                history.highWatermark(1, random.nextInt(highWatermark));
            }
            if (lie == Lie.READER_MISSES_ONE) {
                int missed = position;
                history.polled("r", position, missed + 1L, log.get(highWatermark - 1));
            }
            history.finish(lastReading());
            return history.check();
        }

        private void step() {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    int writer = random.nextInt(WRITERS);
                    long value = v(writer, numbers[writer]++);
                    history.sent(value);
                    waiting.add(log.size());
                    log.add(value);
                }
                case 2 -> acknowledge();
                default -> read();
            }
        }

        private void acknowledge() {
            if (!waiting.isEmpty()) {
                int offset = waiting.remove(random.nextInt(waiting.size()));
                highWatermark = Math.max(highWatermark, offset + 1);
                history.acked(log.get(offset), offset).highWatermark(1, highWatermark);
            }
        }

        private void read() {
            int count = Math.min(highWatermark - position, 1 + random.nextInt(5));
            if (count > 0) {
                history.polledUnder(
                        highWatermark, "r", position, position, values(position, count));
                position += count;
            }
        }

        private long[] values(int from, int count) {
            return log.subList(from, from + count).stream().mapToLong(Long::longValue).toArray();
        }

        private long[] lastReading() {
            List<Long> told = new ArrayList<>(log);
            int place = random.nextInt(told.size() - 1);
            switch (lie) {
                case LOSES_THE_LAST -> told.remove(told.size() - 1);
                case SWAPS_TWO -> told.add(place, told.remove(place + 1));
                case REPEATS_ONE -> told.add(told.get(place));
                case INVENTS_ONE -> told.set(place, v(WRITERS, 0));
                default -> {}
            }
            return told.stream().mapToLong(Long::longValue).toArray();
        }
    }
}
