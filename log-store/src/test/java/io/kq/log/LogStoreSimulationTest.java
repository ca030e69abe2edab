package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.PartitionLog.AppendOutcome;
import io.kq.log.inspection.BatchOnDisk;
import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import io.kq.log.retention.RetentionPolicy;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.CompressionCodec;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random appends, cuts, retention, reads, clean stops, crashes with torn tails, and losses of the
 * index, against a list of batches. S1, S2, S4, S8 of the storage invariants.
 */
class LogStoreSimulationTest {

    private static final int SEEDS = 4;
    private static final int STEPS = 250;
    private static final long PRODUCER = 42;

    @TempDir Path temp;

    @Test
    void behavesLikeAListOfBatches() throws IOException {
        String only = System.getProperty("kq.seed");
        long first = only == null ? 1 : Long.parseLong(only);
        long last = only == null ? Long.getLong("kq.seeds", SEEDS) : first;
        for (long seed = first; seed <= last; seed++) {
            try {
                new Run(seed, Files.createDirectories(temp.resolve("seed" + seed))).run();
            } catch (Throwable failure) {
                throw new AssertionError("-Dkq.seed=" + seed, failure);
            }
        }
    }

    private static final class Run {

        private final RandomSource random;
        private final Path temp;
        private final ModelLog model = new ModelLog();
        private TestStore test;
        private PartitionLog log;
        private Path directory;
        private @Nullable Path indexBackup;
        private int epoch;
        private int lives;

        Run(long seed, Path temp) throws IOException {
            this.random = RandomSource.seeded(seed);
            this.temp = temp;
            this.directory = Files.createDirectories(temp.resolve("life0"));
            this.test = new TestStore(directory);
            this.log = test.open();
        }

        void run() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                int choice = random.nextInt(100);
                if (choice < 55) {
                    append();
                } else if (choice < 72) {
                    read();
                } else if (choice < 80) {
                    findByTimestamp();
                } else if (choice < 84) {
                    epochs();
                } else if (choice < 92) {
                    test.runBackground();
                } else if (choice < 94) {
                    cut();
                } else if (choice < 95) {
                    retain();
                } else if (choice < 96) {
                    deleteRecords();
                } else {
                    restart(choice >= 97);
                }
            }
            assertThat(Batches.values(log, model.startOffset))
                    .isEqualTo(model.valuesFrom(model.startOffset));
            test.close();
        }

        private void start() {
            test = new TestStore(directory);
            log = test.open();
            assertThat(log.logStartOffset()).isEqualTo(model.startOffset);
            assertThat(log.logEndOffset()).isEqualTo(model.endOffset());
            assertThat(log.lastLeaderEpoch()).isEqualTo(model.lastEpoch());
            assertThat(test.faults).isEmpty();
        }

        /** Every batch is idempotent with its offset as sequence, so a repetition can be told. */
        private void append() {
            if (random.nextInt(20) == 0) {
                epoch++;
            }
            List<String> values = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                values.add("v" + random.nextLong() + "x".repeat(random.nextInt(300)));
            }
            long timestamp = NOW - random.nextInt(1000);
            long end = model.endOffset();
            BatchBytes bytes =
                    BatchBytes.of(
                            Batches.builder(timestamp, values.toArray(new String[0]))
                                    .build(CompressionCodec.NONE, PRODUCER, (short) 0, (int) end));
            assertThat(log.append(bytes, epoch, NOW).baseOffset()).isEqualTo(end);
            model.append(epoch, timestamp, values);
            if (random.nextInt(4) == 0) {
                AppendOutcome again = log.append(bytes, epoch, NOW);
                assertThat(again.duplicate()).isTrue();
                assertThat(again.baseOffset()).isEqualTo(end);
            }
        }

        private void read() {
            if (model.endOffset() == 0) {
                return;
            }
            long from = random.nextInt((int) model.endOffset());
            long bound = from + 1 + random.nextInt((int) (model.endOffset() - from));
            int maxBytes = 1 + random.nextInt(5000);
            if (from < model.startOffset) {
                assertThatThrownBy(() -> log.read(from, bound, maxBytes))
                        .isInstanceOfSatisfying(
                                RejectedException.class,
                                e -> {
                                    assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
                                    assertThat(e.metadata())
                                            .containsEntry("log_start", "" + model.startOffset);
                                });
                return;
            }
            LogSlice slice = log.read(from, bound, maxBytes);
            ModelLog.Batch first = model.batchAt(from);
            if (first.nextOffset() > bound) {
                assertThat(slice.sizeBytes()).isZero();
                slice.close();
                return;
            }
            long next = slice.nextOffset();
            assertThat(slice.baseOffset()).isEqualTo(first.baseOffset());
            assertThat(next).isGreaterThan(from).isLessThanOrEqualTo(bound);
            int size = slice.sizeBytes();
            List<ByteBuffer> batches = Batches.batches(slice);
            assertThat(batches.size() == 1 || size <= maxBytes).isTrue();
            assertThat(next)
                    .isEqualTo(
                            batches.get(batches.size() - 1).getLong(0)
                                    + batches.get(batches.size() - 1).getInt(23)
                                    + 1);
        }

        private void findByTimestamp() {
            long timestamp = NOW - random.nextInt(1010) + 5;
            long bound = random.nextInt((int) model.endOffset() + 2);
            assertThat(log.findByTimestamp(timestamp, bound))
                    .isEqualTo(model.byTime(timestamp, bound));
        }

        private void epochs() {
            int asked = random.nextInt(epoch + 2);
            assertThat(log.endOffsetForEpoch(asked)).isEqualTo(model.epochEnd(asked));
        }

        private void cut() {
            if (model.batches.isEmpty()) {
                return;
            }
            int back = 1 + random.nextInt(Math.min(12, model.batches.size()));
            long end = model.batches.get(model.batches.size() - back).baseOffset();
            if (end < model.startOffset) {
                return;
            }
            log.truncateTo(end);
            model.cut(end);
            epoch++;
            assertThat(log.logEndOffset()).isEqualTo(end);
            assertThat(log.lastLeaderEpoch()).isEqualTo(model.lastEpoch());
        }

        private void restart(boolean crash) throws IOException {
            long durable = log.durableEndOffset();
            if (crash) {
                Path copy = Files.createDirectories(temp.resolve("life" + ++lives));
                TestStore.copy(directory, copy);
                test.close();
                directory = copy;
                tear(durable);
            } else {
                test.close();
            }
            spoilIndex();
            start();
            assertThat(log.recovery().clean()).isEqualTo(!crash);
            assertThat(Batches.values(log, model.startOffset))
                    .isEqualTo(model.valuesFrom(model.startOffset));
        }

        /** Whatever goes must have been allowed to go, and only whole segments do. */
        private void retain() {
            long newest = NOW - random.nextInt(1000);
            long bytes = random.nextInt(4) == 0 ? 2000 + random.nextInt(20_000) : -1;
            long bound = random.nextInt((int) model.endOffset() + 2);
            long before = model.startOffset;
            long size = log.sizeBytes();
            long start = log.retain(new RetentionPolicy(NOW - newest, bytes), bound, NOW);
            assertThat(log.logStartOffset()).isEqualTo(start).isGreaterThanOrEqualTo(before);
            for (ModelLog.Batch batch : model.existing()) {
                if (bytes < 0 && batch.nextOffset() <= start) {
                    assertThat(batch.timestampMillis()).isLessThan(newest);
                }
            }
            if (start > before) {
                assertThat(start).isLessThanOrEqualTo(bound);
                assertThat(log.sizeBytes()).isLessThan(size);
            }
            model.startOffset = start;
        }

        private void deleteRecords() {
            long offset = random.nextInt((int) model.endOffset() + 1);
            model.startOffset = Math.max(model.startOffset, offset);
            assertThat(log.deleteRecords(offset)).isEqualTo(model.startOffset);
            assertThat(log.logStartOffset()).isEqualTo(model.startOffset);
        }

        /** Cuts or dirties the last segment above what is known to be on the disk. */
        private void tear(long durable) throws IOException {
            PartitionOnDisk partition = LogInspection.partitions(directory).get(0);
            List<SegmentOnDisk> segments = LogInspection.segments(partition);
            if (segments.isEmpty()) {
                return;
            }
            SegmentOnDisk last = segments.get(segments.size() - 1);
            AtomicLong durablePosition = new AtomicLong();
            List<BatchOnDisk> above = new ArrayList<>();
            LogInspection.batches(
                    last,
                    batch -> {
                        if (batch.header().nextOffset() <= durable) {
                            durablePosition.set(batch.position() + batch.header().sizeBytes());
                        } else {
                            above.add(batch);
                        }
                        return true;
                    });
            try (FileChannel file = FileChannel.open(last.file(), StandardOpenOption.WRITE)) {
                int choice = random.nextInt(4);
                if (choice == 0 && !above.isEmpty()) {
                    long from = above.get(0).position();
                    long cutAt = from + random.nextInt((int) (last.sizeBytes() - from));
                    file.truncate(cutAt);
                    for (BatchOnDisk batch : above) {
                        if (batch.position() + batch.header().sizeBytes() > cutAt) {
                            model.cut(batch.header().baseOffset());
                            break;
                        }
                    }
                } else if (choice == 1) {
                    file.write(ByteBuffer.allocate(1 + random.nextInt(300)), file.size());
                } else if (choice == 2) {
                    byte[] garbage = new byte[1 + random.nextInt(300)];
                    for (int i = 0; i < garbage.length; i++) {
                        garbage[i] = (byte) random.nextInt(256);
                    }
                    file.write(ByteBuffer.wrap(garbage), file.size());
                }
            }
            epoch++;
        }

        /** Deletes the index, exchanges it for an older one, or truncates a file of it. */
        private void spoilIndex() throws IOException {
            Path index = directory.resolve("index");
            switch (random.nextInt(6)) {
                case 0 -> erase(index);
                case 1 -> {
                    if (indexBackup != null) {
                        erase(index);
                        TestStore.copy(indexBackup, index);
                    }
                }
                case 2 -> {
                    indexBackup = Files.createDirectories(temp.resolve("index" + ++lives));
                    TestStore.copy(index, indexBackup);
                }
                case 3 -> truncateSomeFile(index);
                default -> {}
            }
        }

        private void truncateSomeFile(Path index) throws IOException {
            try (Stream<Path> files = Files.list(index)) {
                List<Path> candidates =
                        files.filter(f -> !f.endsWith("LOCK") && !f.endsWith("LOG"))
                                .sorted()
                                .toList();
                Path chosen = candidates.get(random.nextInt(candidates.size()));
                try (FileChannel file = FileChannel.open(chosen, StandardOpenOption.WRITE)) {
                    file.truncate(random.nextInt((int) file.size() + 1));
                }
            }
        }

        private static void erase(Path index) throws IOException {
            try (Stream<Path> files = Files.list(index)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
