package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever bytes a segment holds, opening its log ends with a beginning of what was written or with
 * the replica in quarantine; never otherwise and never without end. Seeds as in {@link
 * CrashSimulationTest}: {@code -Dkq.bytes.seed=N}, {@code -Dkq.bytes.seeds=N}.
 */
@Timeout(600)
class ArbitrarySegmentTest {

    private static final int SEEDS = 400;
    private static final int BATCHES = 12;

    @TempDir Path temp;

    private final List<String> written = new ArrayList<>();
    private Path whole;

    @BeforeEach
    void write() throws IOException {
        whole = temp.resolve("whole");
        try (TestStore test = new TestStore(whole)) {
            PartitionLog log = test.open(LogConfig.defaults());
            for (int i = 0; i < BATCHES; i++) {
                String value = "value" + i + "y".repeat(i * 11);
                log.append(Batches.idempotent(7, 0, i, value), i / 4, NOW);
                written.add(value);
            }
        }
        TornTailTest.erase(whole.resolve("index"));
        Files.deleteIfExists(whole.resolve("index"));
        Files.writeString(whole.resolve("index"), "no directory: reads scan");
        Files.delete(whole.resolve("clean-shutdown"));
    }

    @Test
    void withoutACheckpointAnyBytesAreABeginning() throws IOException {
        Files.delete(whole.resolve("checkpoint"));
        forEachSeed(
                (random, directory) -> {
                    try (TestStore test = new TestStore(directory)) {
                        PartitionLog log = test.open();
                        readsABeginning(log);
                        int epoch = Math.max(9, log.lastLeaderEpoch());
                        assertThat(log.append(Batches.of("next"), epoch, NOW).baseOffset())
                                .isEqualTo(log.logEndOffset() - 1);
                    }
                });
    }

    @Test
    void withACheckpointAnyBytesAreABeginningOrQuarantine() throws IOException {
        forEachSeed(
                (random, directory) -> {
                    try (TestStore test = new TestStore(directory)) {
                        PartitionLog log = test.open();
                        readsABeginning(log);
                    } catch (RejectedException refused) {
                        requireStorageFault(refused);
                        staysInQuarantine(directory);
                    }
                });
    }

    /** Cold reads look at every byte before it goes out; other reads at every header. */
    private void readsABeginning(PartitionLog log) throws IOException {
        List<String> read = new ArrayList<>();
        try {
            verifyAll(log);
            read.addAll(Batches.values(log, 0));
            log.findByTimestamp(NOW, Long.MAX_VALUE);
            log.endOffsetForEpoch(1);
        } catch (RejectedException refused) {
            requireStorageFault(refused);
            assertThat(log.damage()).isPresent();
        }
        assertThat(written.subList(0, read.size())).isEqualTo(read);
    }

    private static void verifyAll(PartitionLog log) throws IOException {
        long next = 0;
        while (next < log.logEndOffset()) {
            try (LogSlice slice = log.read(next, log.logEndOffset(), 1000)) {
                slice.verify();
                assertThat(slice.nextOffset()).isGreaterThan(next);
                next = slice.nextOffset();
            }
        }
    }

    private static void requireStorageFault(RejectedException refused) {
        if (refused.code() != ErrorCode.STORAGE_FAULT) {
            throw new AssertionError("neither a beginning nor a quarantine", refused);
        }
    }

    private static void staysInQuarantine(Path directory) {
        try (TestStore again = new TestStore(directory)) {
            assertThatThrownBy(again::open)
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAULT));
        }
    }

    private interface Check {
        void on(RandomSource random, Path directory) throws IOException;
    }

    private void forEachSeed(Check check) throws IOException {
        Long only = Long.getLong("kq.bytes.seed");
        long first = only != null ? only : 1;
        long last = only != null ? only : Long.getLong("kq.bytes.seeds", SEEDS);
        Path memory = Path.of("/dev/shm");
        Path parent = Files.isWritable(memory) ? memory : temp;
        for (long seed = first; seed <= last; seed++) {
            RandomSource random = RandomSource.seeded(seed);
            Path directory = Files.createTempDirectory(parent, "kq-bytes-" + seed);
            try {
                TestStore.copy(whole, directory);
                Path segment = segmentOf(directory);
                Files.write(segment, spoilt(random, Files.readAllBytes(segment)));
                check.on(random, directory);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("replay with -Dkq.bytes.seed=" + seed, failure);
            } finally {
                TornTailTest.erase(directory);
            }
        }
    }

    private static Path segmentOf(Path directory) {
        return directory
                .resolve("partitions")
                .resolve(TestStore.PARTITION.toString())
                .resolve("00000000000000000000.log");
    }

    /**
     * Bits flipped, fields made extreme, a piece cut, doubled or moved, garbage, or nothing kept.
     */
    private static byte[] spoilt(RandomSource random, byte[] bytes) {
        byte[] result = bytes;
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            result = spoiltOnce(random, result);
        }
        return result;
    }

    private static byte[] spoiltOnce(RandomSource random, byte[] bytes) {
        if (bytes.length < 100) {
            return garbage(random, 1 + random.nextInt(400));
        }
        byte[] result = bytes.clone();
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(200));
        switch (random.nextInt(7)) {
            case 0 -> result[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                byte extreme = (byte) new int[] {0, 0x7f, 0x80, 0xff}[random.nextInt(4)];
                Arrays.fill(result, at, Math.min(end, at + 4), extreme);
            }
            case 2 -> result = Arrays.copyOf(bytes, at);
            case 3 -> result = Arrays.copyOf(bytes, bytes.length + random.nextInt(300));
            case 4 -> System.arraycopy(bytes, at, result, 0, end - at);
            case 5 -> {
                byte[] piece = garbage(random, end - at);
                System.arraycopy(piece, 0, result, at, piece.length);
            }
            default -> result = garbage(random, random.nextInt(2000));
        }
        return result;
    }

    private static byte[] garbage(RandomSource random, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void anIndexIsMadeAnewFromAnyBytesInBoundedTime() throws IOException {
        Files.delete(whole.resolve("index"));
        Files.deleteIfExists(whole.resolve("checkpoint"));
        for (long seed = 1; seed <= 25; seed++) {
            RandomSource random = RandomSource.seeded(seed);
            Path directory = temp.resolve("index" + seed);
            TestStore.copy(whole, directory);
            Path segment = segmentOf(directory);
            Files.write(segment, spoilt(random, Files.readAllBytes(segment)));
            try (TestStore test = new TestStore(directory)) {
                PartitionLog log = test.open();
                test.clock.advance(Duration.ofMinutes(1));
                test.background.runDue();
                readsABeginning(log);
                assertThat(test.faults).as("seed %d", seed).isEmpty();
            }
        }
    }
}
