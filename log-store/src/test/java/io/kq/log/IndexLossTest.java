package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.PartitionLog.TimestampAndOffset;
import io.kq.log.inspection.LogInspection;
import io.kq.log.slice.LogSlice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S4: whatever happens to the index, reads are the same. */
class IndexLossTest {

    private static final int BATCHES = 90;

    /** Large enough that every second batch has an entry. */
    private static final String FILLER = "x".repeat(40_000);

    @TempDir Path temp;
    private Path directory;

    /** What is read everywhere by all ways that use the index. */
    record Readings(
            List<Long> ends, List<Optional<TimestampAndOffset>> times, List<Object> epochs) {}

    @BeforeEach
    void write() {
        directory = temp.resolve("data");
        write(directory, BATCHES, 0);
    }

    private static void write(Path directory, int batches, int shift) {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open(LogConfig.defaults());
            for (int i = 0; i < batches; i++) {
                log.append(
                        Batches.at(NOW - 1000 + 10L * i, "v" + (i + shift), FILLER), i / 20, NOW);
            }
        }
    }

    @Test
    void theIndexIsThereAfterACleanStopAndNamesBatches() {
        var partition = LogInspection.partitions(directory).get(0);
        List<Long> starts = new ArrayList<>();
        LogInspection.batches(
                LogInspection.segments(partition).get(0), batch -> starts.add(batch.position()));
        assertThat(LogInspection.index(directory, partition).orElseThrow())
                .hasSizeGreaterThan(BATCHES / 3)
                .allSatisfy(
                        entry -> {
                            assertThat(starts).contains(entry.position());
                            assertThat(starts.indexOf(entry.position()))
                                    .isEqualTo((int) entry.baseOffset() / 2);
                        });
    }

    @Test
    void readsAreTheSameWithoutIt() throws IOException {
        Readings expected = readings(directory);
        TornTailTest.erase(directory.resolve("index"));
        assertThat(readings(directory)).isEqualTo(expected);
        assertThat(
                        LogInspection.index(directory, LogInspection.partitions(directory).get(0))
                                .orElseThrow())
                .as("made anew")
                .hasSizeGreaterThan(BATCHES / 3);
    }

    @Test
    void readsAreTheSameWithAnyFileOfItCutToHalf() throws IOException {
        Readings expected = readings(directory);
        Path whole = temp.resolve("whole");
        TestStore.copy(directory, whole);
        List<String> names;
        try (Stream<Path> files = Files.list(directory.resolve("index"))) {
            names =
                    files.map(f -> f.getFileName().toString())
                            .filter(n -> !n.equals("LOCK"))
                            .toList();
        }
        for (String name : names) {
            Path copy = temp.resolve("cut-" + name);
            TestStore.copy(whole, copy);
            Path file = copy.resolve("index").resolve(name);
            if (Files.exists(file)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 2);
                }
            }
            assertThat(readings(copy)).as(name).isEqualTo(expected);
        }
    }

    @Test
    void readsAreTheSameWithAnOlderOne() throws IOException {
        Path young = temp.resolve("young");
        TestStore.copy(directory, young);
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open(LogConfig.defaults());
            for (int i = 0; i < 30; i++) {
                log.append(Batches.at(NOW + i, "later" + i, FILLER), 20, NOW);
            }
        }
        Readings expected = readings(directory);
        TornTailTest.erase(directory.resolve("index"));
        TestStore.copy(young.resolve("index"), directory.resolve("index"));
        assertThat(readings(directory)).isEqualTo(expected);
    }

    @Test
    void readsAreTheSameWithThatOfALongerLog() throws IOException {
        Readings expected = readings(directory);
        Path longer = temp.resolve("longer");
        TestStore.copy(directory, longer);
        try (TestStore test = new TestStore(longer)) {
            PartitionLog log = test.open(LogConfig.defaults());
            for (int i = 0; i < 30; i++) {
                log.append(Batches.at(NOW + i, "later" + i, FILLER), 20, NOW);
            }
        }
        TornTailTest.erase(directory.resolve("index"));
        TestStore.copy(longer.resolve("index"), directory.resolve("index"));
        assertThat(readings(directory)).isEqualTo(expected);
    }

    @Test
    void readsAreTheSameWithThatOfAnotherLog() throws IOException {
        Readings expected = readings(directory);
        Path other = temp.resolve("other");
        write(other, BATCHES + 20, 1000);
        TornTailTest.erase(directory.resolve("index"));
        TestStore.copy(other.resolve("index"), directory.resolve("index"));
        assertThat(readings(directory)).isEqualTo(expected);
    }

    private static Readings readings(Path directory) {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open(LogConfig.defaults());
            List<Long> ends = new ArrayList<>();
            for (long from = 0; from < log.logEndOffset(); from += 3) {
                try (LogSlice slice = log.read(from, log.logEndOffset(), 150_000)) {
                    assertThat(slice.baseOffset()).isEqualTo(from / 2 * 2);
                    ends.add(slice.nextOffset());
                }
            }
            List<Optional<TimestampAndOffset>> times = new ArrayList<>();
            for (long time = NOW - 1010; time < NOW + 40; time += 7) {
                times.add(log.findByTimestamp(time, log.logEndOffset()));
            }
            List<Object> epochs = new ArrayList<>();
            for (int epoch = 0; epoch < 22; epoch++) {
                epochs.add(log.endOffsetForEpoch(epoch));
            }
            assertThat(Batches.values(log, 0)).hasSize((int) log.logEndOffset());
            return new Readings(ends, times, epochs);
        }
    }
}
