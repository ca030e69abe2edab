package io.kq.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.runtime.Clock;
import io.kq.runtime.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S5 (a): what was acknowledged survives kill -9, over and over in the same directory. */
class KilledProcessIT {

    private static final int KILLS = 4;
    private static final long OUTPUT_BYTES = 25_000;

    @TempDir Path directory;

    @Test
    void nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws Exception {
        long[] acknowledged = new long[AppendUntilKilled.PARTITIONS];
        for (int kill = 1; kill <= KILLS; kill++) {
            runAndKill(acknowledged, OUTPUT_BYTES + 3001L * kill);
            List<Throwable> faults = new ArrayList<>();
            try (LogStore store =
                    LogStore.open(
                            directory,
                            AppendUntilKilled.storeConfig(),
                            Clock.system(),
                            (where, cause) -> faults.add(cause))) {
                assertThat(store.wasCleanShutdown()).isFalse();
                for (int i = 0; i < AppendUntilKilled.PARTITIONS; i++) {
                    check(store, i, acknowledged[i]);
                }
            }
            assertThat(faults).isEmpty();
        }
    }

    private static void check(LogStore store, int number, long acknowledgedEnd) {
        PartitionLog log =
                store.open(AppendUntilKilled.partition(number), "orders", AppendUntilKilled.CONFIG);
        assertThat(log.recovery().clean()).isFalse();
        long end = log.logEndOffset();
        assertThat(end).isGreaterThanOrEqualTo(acknowledgedEnd);
        List<String> values = Batches.values(log, 0, 1 << 20);
        assertThat(values).hasSize((int) end);
        for (int offset = 0; offset < end; offset++) {
            assertThat(values.get(offset)).isEqualTo(AppendUntilKilled.value(number, offset));
        }
        String last = AppendUntilKilled.value(number, end - 1);
        assertThat(
                        log.append(
                                        Batches.idempotent(number, 0, (int) end - 1, last),
                                        0,
                                        Batches.NOW)
                                .duplicate())
                .isTrue();
    }

    private void runAndKill(long[] acknowledged, long bytes) throws IOException {
        Path output = directory.resolveSibling(directory.getFileName() + ".out");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AppendUntilKilled.class.getName(),
                                directory.toString())
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            Eventually.eventually(
                    "acknowledged " + bytes + " bytes of lines",
                    () -> {
                        assertThat(process.isAlive()).isTrue();
                        return Files.size(output) > bytes;
                    });
        } finally {
            process.destroyForcibly().onExit().join();
        }
        for (String line : Files.readAllLines(output, UTF_8)) {
            note(acknowledged, line);
        }
        Files.delete(output);
    }

    /** The last line may be cut by the kill. */
    private static void note(long[] acknowledged, String line) {
        int space = line.indexOf(' ');
        if (space > 0 && space < line.length() - 1) {
            int number = Integer.parseInt(line.substring(0, space));
            long end = Long.parseLong(line.substring(space + 1)) + 1;
            acknowledged[number] = Math.max(acknowledged[number], end);
        }
    }
}
