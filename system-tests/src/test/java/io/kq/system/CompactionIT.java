package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.NodeProcess;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic with {@code cleanup.policy=compact}, by the commands of a user and through kills. */
class CompactionIT {

    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final int KEYS = 20;
    private static final int ROUNDS = 24;
    private static final int ROUNDS_PER_LIFE = 6;
    private static final Map<String, String> OFTEN = Map.of("log.cleaner.backoff.ms", "20ms");

    /** A pass takes seconds: a kill comes in the middle of one. */
    private static final Map<String, String> SLOWLY =
            Map.of("log.cleaner.io.max.bytes.per.second", "64KiB");

    /** Of {@code key:value} lines: each key with its last value, and how many lines there were. */
    private record Seen(Map<String, String> last, int count) {}

    private static String input(int round) {
        StringBuilder lines = new StringBuilder();
        for (int key = 0; key < KEYS; key++) {
            lines.append("k").append(key).append(":r").append(round).append("x".repeat(200));
            lines.append('\n');
        }
        return lines.toString();
    }

    private static void produce(Shell shell, int round) throws IOException {
        Files.writeString(shell.directory().resolve("lines"), input(round));
        Ran ran = shell.run("kq produce -t facts --key-separator : < lines");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
    }

    private static Seen consume(Shell shell) {
        Ran ran = shell.run("kq consume -t facts --from-beginning --until-end -f '%k:%v\\n'");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        Map<String, String> last = new HashMap<>();
        List<String> lines = ran.out().lines().toList();
        for (String line : lines) {
            last.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1));
        }
        return new Seen(last, lines.size());
    }

    private static void requireLast(Seen seen, int round) {
        assertThat(seen.last()).hasSize(KEYS);
        assertThat(seen.last().values()).allMatch(value -> value.startsWith("r" + round + "x"));
    }

    private static boolean hasCompacted(NodeProcess node) {
        try (Stream<Path> files = Files.walk(node.dataDirectory().resolve("partitions"))) {
            return files.anyMatch(f -> f.getFileName().toString().matches("\\d+\\.\\d+\\.log"));
        } catch (IOException e) {
            return false; // a file went while they were listed
        }
    }

    @Test
    void lastValueOfEachKeyIsLeftThoughTheNodeIsKilledAgainAndAgain(@TempDir Path directory)
            throws IOException {
        Path home = Files.createDirectories(directory.resolve("home"));
        try (Cluster cluster = Cluster.prepare(directory, 1, OFTEN)) {
            NodeProcess node = cluster.node(0);
            node.start(SLOWLY);
            node.awaitReady();
            Shell shell = Shell.in(home).against(cluster);
            Ran created =
                    shell.run(
                            "kq topics --create -t facts --partitions 1 --config"
                                + " cleanup.policy=compact --config segment.bytes=16KiB --config"
                                + " min.cleanable.dirty.ratio=0.01");
            assertThat(created.exitCode()).as(created.err()).isZero();
            for (int round = 1; round <= ROUNDS; round++) {
                produce(shell, round);
                if (round % ROUNDS_PER_LIFE == 0) {
                    node.kill();
                    node.start(round < ROUNDS ? SLOWLY : Map.of());
                    node.awaitReady();
                    requireLast(consume(shell), round);
                }
            }
            eventually("segments are compacted", BOUND, () -> hasCompacted(node));
            eventually(
                    "little is left but the last values",
                    BOUND,
                    () -> {
                        Seen seen = consume(shell);
                        requireLast(seen, ROUNDS);
                        return seen.count() < 10 * KEYS;
                    });
            Ran refused = shell.run("echo 'no key' | kq produce -t facts");
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.err()).contains("has no key");
            assertThat(node.stop()).isZero();
            Ran verified = shell.run("kq inspect --verify " + node.dataDirectory());
            assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        }
    }
}
