package io.kq.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * S2, S4, S5, S6, S8 with the power cut at any change of any file. More seeds: {@code
 * log-store/simulate.sh SEEDS [FIRST]}; one again: {@code -Dkq.crash.seed=N}.
 */
class CrashSimulationTest {

    private static final int SEEDS = 1000;
    private static final int CANARY_SEEDS = 300;

    /** Memory, where there is some: the store's own fsyncs of small files prove nothing here. */
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir Path onDisk;

    @Test
    void whatWasPromisedSurvivesAndNothingElseAppears() throws IOException {
        Long only = Long.getLong("kq.crash.seed");
        long first = only != null ? only : Long.getLong("kq.crash.first", 1);
        long count = only != null ? 1 : Long.getLong("kq.crash.seeds", SEEDS);
        for (long seed = first; seed < first + count; seed++) {
            Optional<Throwable> failure = failureOf(seed, CrashDisk.Canary.NONE);
            if (failure.isPresent()) {
                throw new AssertionError("replay with -Dkq.crash.seed=" + seed, failure.get());
            }
        }
    }

    /** The simulation is worth something: it notices when a rule is broken. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aBrokenRuleIsFound(CrashDisk.Canary canary) throws IOException {
        long found = 0;
        for (long seed = 1; seed <= CANARY_SEEDS && found == 0; seed++) {
            if (failureOf(seed, canary).isPresent()) {
                found = seed;
            }
        }
        assertThat(found).as("seed that finds %s", canary).isPositive();
    }

    private Optional<Throwable> failureOf(long seed, CrashDisk.Canary canary) throws IOException {
        Path parent = Files.isWritable(MEMORY) ? MEMORY : onDisk;
        Path directory = Files.createTempDirectory(parent, "kq-crash-" + canary + "-" + seed);
        try {
            new CrashRun(seed, directory, canary).run();
            return Optional.empty();
        } catch (AssertionError | RuntimeException failure) {
            return Optional.of(failure);
        } finally {
            TornTailTest.erase(directory);
        }
    }
}
