package io.kq.log;

import static io.kq.log.Batches.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.compaction.CompactionReport;
import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import io.kq.log.layout.StoreLayout;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.BatchFilter;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What compaction leaves of a log, whatever happens beside it and after it. */
class CompactionTest {

    private static final long HOUR = 3_600_000;
    private static final CompactionPolicy ALWAYS =
            new CompactionPolicy(0, 0, Long.MAX_VALUE, HOUR, 2000);
    private static final CompactionMeans MEANS = new CompactionMeans(1 << 20, bytes -> {});
    private static final String FILLER = "x".repeat(400);

    @TempDir Path temp;
    private Path directory;

    @BeforeEach
    void chooseDirectory() {
        directory = temp.resolve("store");
    }

    /** One record a batch, four batches to a segment, the keys in turns. */
    private static void fill(PartitionLog log, int count, int keys) {
        long first = log.logEndOffset();
        for (long i = first; i < first + count; i++) {
            log.append(KeyedBatches.of("k" + i % keys + "=" + i + FILLER), 1, NOW);
        }
    }

    private static CompactionReport compact(PartitionLog log) {
        return compact(log, NOW).orElseThrow();
    }

    private static Optional<CompactionReport> compact(PartitionLog log, long nowMillis) {
        log.flush();
        return log.compact(ALWAYS, MEANS, log.logEndOffset(), nowMillis);
    }

    private List<SegmentOnDisk> segments() {
        return LogInspection.segments(partition());
    }

    private PartitionOnDisk partition() {
        return LogInspection.partitions(directory).get(0);
    }

    private List<String> fileNames() throws IOException {
        try (Stream<Path> files = Files.list(partition().directory())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void requireSound() {
        assertThat(LogInspection.verify(partition()).defects()).isEmpty();
    }

    @Test
    void lastRecordOfEachKeyStaysAtItsOffset() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 22, 3);
            CompactionReport report = compact(log);
            assertThat(report.fromOffset()).isZero();
            assertThat(report.toOffset()).isEqualTo(20);
            assertThat(report.recordsRemoved()).isEqualTo(17);
            assertThat(report.bytesAfter()).isLessThan(report.bytesBefore() / 3);
            assertThat(KeyedBatches.records(log))
                    .containsOnlyKeys(17L, 18L, 19L, 20L, 21L)
                    .containsEntry(17L, "k2=17" + FILLER);
            assertThat(log.logStartOffset()).isZero();
            assertThat(log.logEndOffset()).isEqualTo(22);
            assertThat(compact(log, NOW)).isEmpty();
        }
    }

    @Test
    void readFromAnyOffsetGoesOn() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 42, 3);
            compact(log);
            for (long from = 0; from < 42; from++) {
                LogSlice slice = log.read(from, 42, 1);
                assertThat(slice.sizeBytes()).isPositive();
                assertThat(slice.nextOffset()).isGreaterThan(from);
                slice.close();
                assertThat(Batches.values(log, from)).isNotEmpty();
            }
        }
    }

    @Test
    void activeSegmentAndWhatIsNotCommittedIsLeftAlone() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 22, 1);
            log.flush();
            assertThat(log.compact(ALWAYS, MEANS, 3, NOW)).isEmpty();
            assertThat(log.compact(ALWAYS, MEANS, 11, NOW).orElseThrow().toOffset()).isEqualTo(8);
            assertThat(KeyedBatches.records(log).keySet())
                    .startsWith(7L, 8L)
                    .hasSize(15)
                    .contains(21L);
        }
    }

    @Test
    void nothingIsCompactedThatMayNotBeOnTheDisk() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 22, 1);
            assertThat(log.durableEndOffset()).isZero();
            assertThat(log.compact(ALWAYS, MEANS, 22, NOW)).isEmpty();
        }
    }

    @Test
    void smallSegmentsBecomeOneAndNothingElseIsLeftOnTheDisk() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 42, 3);
            test.runBackground();
            compact(log);
            assertThat(segments()).hasSize(11);
            fill(log, 8, 3);
            compact(log);
            assertThat(segments()).hasSizeLessThan(6);
            assertThat(segments().get(0).generation()).isEqualTo(2);
            assertThat(fileNames())
                    .noneMatch(name -> name.endsWith(".swap") || name.endsWith(".cleaned"));
            requireSound();
        }
        try (TestStore test = new TestStore(directory)) {
            assertThat(test.open().recovery().clean()).isTrue();
            assertThat(KeyedBatches.records(test.open())).hasSizeLessThan(8);
        }
    }

    @Test
    void segmentWithNothingToRemoveIsNotWrittenAnew() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 22, 100);
            CompactionReport report = compact(log);
            assertThat(report.segmentsBefore()).isZero();
            assertThat(report.toOffset()).isEqualTo(20);
            assertThat(segments()).allMatch(segment -> segment.generation() == 0);
            assertThat(compact(log, NOW)).isEmpty();
        }
    }

    @Test
    void survivesRestartsOfEveryKind() throws IOException {
        Map<Long, String> expected;
        Path killed = directory.resolveSibling("killed");
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 30, 4);
            compact(log);
            fill(log, 9, 4);
            expected = KeyedBatches.records(log);
            TestStore.copy(directory, killed);
        }
        try (TestStore test = new TestStore(directory)) {
            assertThat(KeyedBatches.records(test.open())).isEqualTo(expected);
        }
        Files.delete(killed.resolve("checkpoint"));
        try (TestStore test = new TestStore(killed)) {
            PartitionLog log = test.open();
            assertThat(log.recovery().clean()).isFalse();
            assertThat(log.recovery().cutBytes()).isZero();
            assertThat(KeyedBatches.records(log)).isEqualTo(expected);
        }
    }

    @Test
    void tombstoneStaysForItsTimeAndThenGoes() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.append(KeyedBatches.of("a=1" + FILLER, "b=1"), 1, NOW);
            log.append(KeyedBatches.of("a"), 1, NOW);
            fill(log, 8, 1);
            compact(log);
            assertThat(KeyedBatches.records(log)).doesNotContainKey(0L).containsEntry(2L, "a");
            fill(log, 8, 1);
            compact(log, NOW + HOUR - 1);
            assertThat(KeyedBatches.records(log)).containsEntry(2L, "a");
            fill(log, 8, 1);
            compact(log, NOW + HOUR);
            assertThat(KeyedBatches.records(log)).doesNotContainKey(2L).containsEntry(1L, "b=1");
            requireSound();
        }
    }

    @Test
    void repetitionIsKnownAfterItsRecordsAreGoneAndTheTableWasMadeAnew() throws IOException {
        List<BatchBytes> sent = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sent.add(
                    BatchBytes.of(
                            KeyedBatches.builder(NOW, "k=" + i + FILLER, "k=again")
                                    .build(CompressionCodec.NONE, 77, (short) 0, 2 * i)));
        }
        Path killed = directory.resolveSibling("killed");
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            sent.forEach(batch -> log.append(batch, 1, NOW));
            fill(log, 9, 1);
            log.append(KeyedBatches.of("k=end" + FILLER), 1, NOW);
            fill(log, 9, 1);
            test.runBackground();
            compact(log);
            assertThat(KeyedBatches.records(log).keySet()).noneMatch(offset -> offset < 16);
            TestStore.copy(directory, killed);
        }
        deleteProducerSnapshots(LogInspection.partitions(killed).get(0).directory());
        Files.delete(killed.resolve("checkpoint"));
        try (TestStore test = new TestStore(killed)) {
            PartitionLog log = test.open();
            for (int i = 3; i < 8; i++) {
                assertThat(log.append(sent.get(i), 1, NOW).duplicate()).isTrue();
                assertThat(log.append(sent.get(i), 1, NOW).baseOffset()).isEqualTo(2L * i);
            }
        }
    }

    @Test
    void everyBatchOfAProducerStaysWhereItIsNotKnownWhichItMayRepeat() throws IOException {
        for (boolean known : new boolean[] {true, false}) {
            directory = temp.resolve("known" + known);
            try (TestStore test = new TestStore(directory)) {
                PartitionLog log = test.open();
                for (int i = 0; i < 8; i++) {
                    log.append(
                            BatchBytes.of(
                                    KeyedBatches.builder(NOW, "k=" + FILLER)
                                            .build(CompressionCodec.NONE, 77, (short) 0, i)),
                            1,
                            NOW);
                }
                fill(log, 9, 1);
                log.flush();
                test.runBackground();
                if (!known) {
                    deleteProducerSnapshots(partition().directory());
                }
                compact(log);
                assertThat(batchesOf(log, 77)).hasSize(known ? 5 : 8);
            }
        }
    }

    private static void deleteProducerSnapshots(Path partition) throws IOException {
        List<Path> snapshots =
                StoreLayout.entries(partition).stream()
                        .filter(file -> file.toString().endsWith(".producers"))
                        .toList();
        assertThat(snapshots).isNotEmpty();
        for (Path file : snapshots) {
            Files.delete(file);
        }
    }

    private static List<Long> batchesOf(PartitionLog log, long producerId) {
        List<Long> offsets = new ArrayList<>();
        long next = log.logStartOffset();
        while (next < log.logEndOffset()) {
            LogSlice slice = log.read(next, log.logEndOffset(), 1 << 20);
            next = slice.nextOffset();
            for (ByteBuffer batch : Batches.batches(slice)) {
                RecordBatchHeader header = RecordBatchHeader.read(batch, 0);
                if (header.producerId() == producerId) {
                    offsets.add(header.baseOffset());
                }
            }
        }
        return offsets;
    }

    @Test
    void leaderEpochsBeginWhereTheyBegan() throws IOException {
        Path killed = directory.resolveSibling("killed");
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int epoch = 1; epoch <= 6; epoch++) {
                for (int i = 0; i < 3; i++) {
                    log.append(KeyedBatches.of("k=" + epoch + FILLER), epoch, NOW);
                }
            }
            compact(log);
            TestStore.copy(directory, killed);
        }
        TornTailTest.erase(killed.resolve("index"));
        try (TestStore test = new TestStore(killed)) {
            PartitionLog log = test.open();
            for (int epoch = 1; epoch <= 6; epoch++) {
                assertThat(log.endOffsetForEpoch(epoch).leaderEpoch()).isEqualTo(epoch);
                assertThat(log.endOffsetForEpoch(epoch).endOffset()).isEqualTo(3L * epoch);
            }
        }
    }

    @Test
    void whatDoesNotFitInMemoryIsDoneInTheNextPass() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 62, 30);
            log.flush();
            CompactionMeans little = new CompactionMeans(20 * 24, bytes -> {});
            List<Long> ends = new ArrayList<>();
            Optional<CompactionReport> report = log.compact(ALWAYS, little, 62, NOW);
            while (report.isPresent()) {
                ends.add(report.get().toOffset());
                report = log.compact(ALWAYS, little, 62, NOW);
            }
            assertThat(ends).hasSizeGreaterThan(3).isSorted().endsWith(60L);
            assertThat(KeyedBatches.records(log)).hasSize(32).containsKeys(30L, 59L);
            requireSound();
        }
    }

    @Test
    void batchThatNeedsMoreThanAllMemoryGetsIt() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            String[] many = new String[100];
            for (int i = 0; i < many.length; i++) {
                many[i] = "m" + i + "=v";
            }
            log.append(KeyedBatches.of(many), 1, NOW);
            fill(log, 9, 1);
            log.flush();
            CompactionMeans little = new CompactionMeans(0, bytes -> {});
            Optional<CompactionReport> report = log.compact(ALWAYS, little, 109, NOW);
            assertThat(report.orElseThrow().toOffset()).isEqualTo(100);
        }
    }

    @Test
    void recordWithoutKeyAndBatchThatNobodyCanReadStay() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.append(KeyedBatches.of("=no key", "k0=old"), 1, NOW);
            ByteBuffer garbage = KeyedBatches.of("k0=garbage").toContiguous();
            garbage.put(RecordBatchHeader.SIZE_BYTES, (byte) 99);
            garbage = withCrc(garbage);
            log.append(BatchBytes.of(garbage), 1, NOW);
            fill(log, 9, 1);
            compact(log);
            assertThat(Batches.batches(log.read(0, 3, 4000))).hasSize(2);
            assertThat(Batches.batches(log.read(2, 3, 1)))
                    .containsExactly(Batches.stamped(2, 1, BatchBytes.of(garbage)).toContiguous());
        }
    }

    private static ByteBuffer withCrc(ByteBuffer batch) {
        ByteBuffer covered = batch.duplicate().position(RecordBatchHeader.ATTRIBUTES_POSITION);
        CRC32C crc = new CRC32C();
        crc.update(covered);
        return batch.putInt(RecordBatchHeader.CRC_POSITION, (int) crc.getValue());
    }

    @Test
    void aHoleWhereASegmentVanishedIsNotMergedOver() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            fill(test.open(), 22, 2);
        }
        List<SegmentOnDisk> whole = segments();
        Files.delete(whole.get(2).file());
        // A good stop would have the opening miss it.
        Files.delete(new StoreLayout(directory).cleanMarker());
        List<String> left = fileNames();
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            assertThatThrownBy(() -> compact(log))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAULT))
                    .hasMessageContaining("" + whole.get(2).baseOffset());
            assertThat(log.damage()).isPresent();
        }
        assertThat(fileNames()).containsAll(left.stream().filter(n -> n.endsWith(".log")).toList());
    }

    @Test
    void badBytesAreFoundAndNotWrittenAnew() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 22, 3);
            log.flush();
            flip(segments().get(1).file(), 700);
            assertThatThrownBy(() -> log.compact(ALWAYS, MEANS, 22, NOW))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAULT));
            assertThat(log.damage()).isPresent();
            assertThat(segments()).allMatch(segment -> segment.generation() == 0);
            assertThat(fileNames()).noneMatch(name -> name.endsWith(".cleaned"));
        }
    }

    private static void flip(Path file, long position) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), position);
        }
    }

    @Test
    void readerKeepsTheFileThatItHas() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 22, 3);
            LogSlice slice = log.read(0, 22, 1 << 20);
            compact(log);
            slice.verify();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            slice.writeTo(out, new byte[100]);
            assertThat(out.size()).isEqualTo(slice.sizeBytes());
            slice.close();
        }
    }

    @Test
    void rowsOfFilesThatAreGoneAreNotBelievedAndExchanged() throws IOException {
        Path index = directory.resolve("index");
        Path older = directory.resolveSibling("older");
        try (TestStore test = new TestStore(directory)) {
            fill(test.open(), 62, 7);
        }
        TestStore.copy(index, older);
        Map<Long, String> expected;
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            compact(log);
            expected = KeyedBatches.records(log);
        }
        TornTailTest.erase(index);
        TestStore.copy(older, index);
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            assertThat(KeyedBatches.records(log)).isEqualTo(expected);
            assertThat(log.findByTimestamp(NOW, 62)).isPresent();
            test.runBackground();
            assertThat(KeyedBatches.records(log)).isEqualTo(expected);
        }
        requireSound();
        assertThat(LogInspection.index(directory, partition()).orElseThrow())
                .extracting(entry -> entry.segmentBaseOffset())
                .containsAll(segments().stream().map(SegmentOnDisk::baseOffset).toList());
    }

    @Test
    void findsByTimeAfterwards() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            Map<Long, Long> times = new TreeMap<>();
            for (int i = 0; i < 40; i++) {
                long time = NOW + i * 10L;
                ByteBuffer batch =
                        KeyedBatches.builder(time, "k" + i % 6 + "=" + i + FILLER)
                                .build(CompressionCodec.NONE);
                times.put(time, log.append(BatchBytes.of(batch), 1, NOW + HOUR).baseOffset());
            }
            compact(log);
            Map<Long, String> left = KeyedBatches.records(log);
            for (long time = NOW - 5; time < NOW + 400; time += 5) {
                long from = time;
                Optional<Long> expected =
                        times.entrySet().stream()
                                .filter(e -> e.getKey() >= from && left.containsKey(e.getValue()))
                                .map(Map.Entry::getValue)
                                .findFirst();
                assertThat(log.findByTimestamp(time, 40).map(found -> found.offset()))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void recordsCanBeDeletedAndTheLogCutAfterwards() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 42, 3);
            test.runBackground();
            compact(log);
            log.deleteRecords(6);
            assertThat(log.logStartOffset()).isEqualTo(6);
            assertThat(KeyedBatches.records(log)).containsKeys(39L, 41L);
            log.truncateTo(38);
            assertThat(log.logEndOffset()).isEqualTo(38);
            fill(log, 22, 3);
            compact(log);
            assertThat(KeyedBatches.records(log)).hasSizeLessThan(8).containsKey(59L);
            requireSound();
        }
    }

    @Test
    void cutWhereNoRecordIsLeftBeginsAtTheBatchThatStandsForIt() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            fill(log, 10, 20);
            fill(log, 31, 1);
            test.runBackground();
            compact(log);
            log.truncateTo(22);
            assertThat(log.logEndOffset()).isEqualTo(20);
            long end = log.logEndOffset();
            fill(log, 30, 2);
            compact(log);
            assertThat(KeyedBatches.records(log)).containsKeys(9L, end + 29);
            requireSound();
        }
    }

    @Test
    void followerTakesThePartOfALeadersEmptyBatchThatItLacks() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.appendAsFollower(Batches.stamped(0, 3, KeyedBatches.of("a=1", "a=2")), NOW);
            log.appendAsFollower(BatchBytes.of(BatchFilter.placeholder(0, 9, 3)), NOW);
            assertThat(log.logEndOffset()).isEqualTo(10);
            assertThat(KeyedBatches.records(log)).containsOnlyKeys(0L, 1L);
            assertThatThrownBy(
                            () ->
                                    log.appendAsFollower(
                                            Batches.stamped(11, 3, KeyedBatches.of("b=1")), NOW))
                    .isInstanceOf(RejectedException.class);
            assertThatThrownBy(
                            () ->
                                    log.appendAsFollower(
                                            BatchBytes.of(BatchFilter.placeholder(0, 9, 3)), NOW))
                    .isInstanceOf(RejectedException.class);
            log.appendAsFollower(Batches.stamped(10, 3, KeyedBatches.of("b=1")), NOW);
            assertThat(log.logEndOffset()).isEqualTo(11);
        }
    }

    @ParameterizedTest
    @EnumSource
    void kafkasClassesFindEveryBatchValid(CompressionCodec codec) throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 60; i++) {
                log.append(
                        BatchBytes.of(
                                KeyedBatches.builder(
                                                NOW + i,
                                                "a" + i % 7 + "=" + i + FILLER,
                                                "b" + i % 11 + "=" + FILLER + i,
                                                "c" + i % 5)
                                        .build(codec)),
                        i / 10,
                        NOW);
            }
            compact(log);
            Map<Long, String> expected = KeyedBatches.records(log);
            log.flush();
            assertThat(kafkas()).isEqualTo(expected);
        }
    }

    private Map<Long, String> kafkas() throws IOException {
        Map<Long, String> found = new TreeMap<>();
        long next = 0;
        for (SegmentOnDisk segment : segments()) {
            assertThat(segment.baseOffset()).isEqualTo(next);
            for (RecordBatch batch :
                    FileRecords.open(new File(segment.file().toString()), false).batches()) {
                batch.ensureValid();
                assertThat(batch.baseOffset()).isEqualTo(next);
                next = batch.nextOffset();
                for (Record record : batch) {
                    found.put(record.offset(), text(record));
                }
            }
        }
        return found;
    }

    private static String text(Record record) {
        String key = UTF_8.decode(record.key()).toString();
        return record.hasValue() ? key + "=" + UTF_8.decode(record.value()) : key;
    }
}
