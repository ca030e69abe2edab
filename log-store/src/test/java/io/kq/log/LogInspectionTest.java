package io.kq.log;

import static io.kq.log.Batches.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.index.SparseEntry;
import io.kq.log.inspection.BatchOnDisk;
import io.kq.log.inspection.Defect;
import io.kq.log.inspection.DirectoryVerification;
import io.kq.log.inspection.EpochStart;
import io.kq.log.inspection.IndexCheck;
import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.ProducerOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import io.kq.log.inspection.VerificationReport;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogInspectionTest {

    @TempDir Path directory;

    @Test
    void showsWhatIsThereBesideTheProcessThatHoldsIt() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 40; i++) {
                log.append(Batches.idempotent(8, 1, 2 * i, "a" + i, "b" + i), i / 15, NOW);
            }
            test.runBackground();
            Map<Path, FileTime> before = files();

            PartitionOnDisk partition = LogInspection.partitions(directory).get(0);
            assertThat(partition.partition()).isEqualTo(TestStore.PARTITION);
            assertThat(partition.topicName()).isEqualTo("orders");
            assertThat(partition.recoveryPoint()).isEqualTo(80);
            List<SegmentOnDisk> segments = LogInspection.segments(partition);
            assertThat(segments).hasSizeGreaterThan(1);
            List<BatchOnDisk> batches = new ArrayList<>();
            for (SegmentOnDisk segment : segments) {
                assertThat(LogInspection.batches(segment, batches::add)).isEmpty();
            }
            assertThat(batches).hasSize(40).allMatch(BatchOnDisk::crcMatches);
            assertThat(RecordReader.readAll(LogInspection.bytes(batches.get(39)), 1000))
                    .extracting(r -> new String(r.value(), UTF_8))
                    .containsExactly("a39", "b39");
            assertThat(LogInspection.epochs(partition))
                    .containsExactly(
                            new EpochStart(0, 0), new EpochStart(1, 30), new EpochStart(2, 60));
            assertThat(LogInspection.producers(partition))
                    .singleElement()
                    .extracting(ProducerOnDisk::producerId, ProducerOnDisk::producerEpoch)
                    .containsExactly(8L, (short) 1);
            assertThat(LogInspection.index(directory, partition)).isPresent();
            VerificationReport report = LogInspection.verify(partition);
            assertThat(report.defects()).isEmpty();
            assertThat(report.warnings()).isEmpty();
            assertThat(report.batchCount()).isEqualTo(40);
            assertThat(report.recordCount()).isEqualTo(80);
            assertThat(report.logEndOffset()).isEqualTo(80);
            assertThat(report.sizeBytes()).isEqualTo(log.sizeBytes());
            assertThat(files()).isEqualTo(before);
        }
    }

    @Test
    void goesOnBehindWhatTheDiskDoesNotGive() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 60; i++) {
                log.append(Batches.idempotent(8, 1, i, "value " + i), 0, NOW);
            }
            test.runBackground();
        }
        PartitionOnDisk partition = LogInspection.partitions(directory).get(0);
        List<SegmentOnDisk> segments = LogInspection.segments(partition);
        VerificationReport whole = LogInspection.verify(partition);
        assertThat(segments).hasSizeGreaterThan(2);
        Path unreadable = unreadable(segments.get(1).file());
        unreadable(directory.resolve("checkpoint"));
        unreadable(partition.directory().resolve("partition.properties"));

        PartitionOnDisk found = LogInspection.partitions(directory).get(0);
        try (DirectoryVerification verification = DirectoryVerification.open(directory)) {
            VerificationReport report = verification.verify(found);
            assertThat(report.defects())
                    .singleElement()
                    .matches(defect -> defect.file().equals(unreadable) && !defect.inTail())
                    .extracting(Defect::problem)
                    .asString()
                    .contains("the disk says");
            assertThat(report.logEndOffset()).isEqualTo(whole.logEndOffset());
            assertThat(report.segmentCount()).isEqualTo(whole.segmentCount());
            assertThat(report.recordCount()).isBetween(1L, whole.recordCount() - 1);
            assertThat(report.warnings())
                    .extracting(warning -> warning.file().getFileName().toString())
                    .contains("partition.properties");
            assertThat(verification.warnings())
                    .extracting(warning -> warning.file().getFileName().toString())
                    .containsExactly("checkpoint");
        }
    }

    /** A directory instead of a file: each read fails. */
    private static Path unreadable(Path file) throws IOException {
        Files.delete(file);
        return Files.createDirectory(file);
    }

    @Test
    void namesEveryDefectWithFileAndPosition() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 60; i++) {
                log.append(Batches.of("value " + i), 0, NOW);
            }
        }
        PartitionOnDisk partition = LogInspection.partitions(directory).get(0);
        List<SegmentOnDisk> segments = LogInspection.segments(partition);
        byte[] bytes = Files.readAllBytes(segments.get(0).file());
        bytes[bytes.length - 3] ^= 1;
        Files.write(segments.get(0).file(), bytes);
        Files.delete(segments.get(1).file());
        SegmentOnDisk last = segments.get(segments.size() - 1);
        byte[] tail = Files.readAllBytes(last.file());
        Files.write(last.file(), java.util.Arrays.copyOf(tail, tail.length + 7));

        VerificationReport report = LogInspection.verify(partition);
        List<Defect> defects = report.defects();
        assertThat(defects).hasSize(3);
        assertThat(defects.get(0).file()).isEqualTo(segments.get(0).file());
        assertThat(defects.get(0).problem()).contains("CRC");
        assertThat(defects.get(0).inTail()).isFalse();
        assertThat(defects.get(1).problem())
                .isEqualTo("expected a segment for offset " + segments.get(1).baseOffset());
        assertThat(defects.get(2))
                .isEqualTo(
                        new Defect(
                                last.file(),
                                tail.length,
                                "expected the 61 bytes of a batch's header, found 7",
                                true));
        assertThat(report.warnings())
                .extracting(Defect::problem)
                .contains(
                        "index row of offset "
                                + segments.get(1).baseOffset()
                                + ": expected a batch that starts there, found none");
    }

    @Test
    void namesIndexRowsThatDoNotFitTheirBatch() {
        RecordBatchHeader header = Batches.stamped(5, 2, Batches.of("a")).header();
        BatchOnDisk batch = new BatchOnDisk(directory, 40, header, true);
        SparseEntry right = new SparseEntry(5, 0, 0, 40, header.crc(), 2, NOW);
        SparseEntry moved = new SparseEntry(5, 0, 0, 41, header.crc(), 2, NOW);
        assertThat(new IndexCheck(directory, List.of(right)).check(batch, 0)).isEmpty();
        assertThat(new IndexCheck(directory, List.of(moved)).check(batch, 0))
                .get()
                .extracting(Defect::problem)
                .asString()
                .startsWith("index row of offset 5: expected segment 0 position 40 crc ")
                .contains(", found segment 0 position 41 crc ");
        IndexCheck compacted = new IndexCheck(directory, List.of(moved));
        compacted.dropOutdated(new SegmentOnDisk(directory, 0, 1, 200), 9);
        assertThat(compacted.check(batch, 0)).isEmpty();
        assertThat(compacted.left(0, 9)).isEmpty();
        IndexCheck without = new IndexCheck(directory, List.of(right));
        assertThat(without.left(0, 5)).isEmpty();
        assertThat(without.left(6, 9)).isEmpty();
        assertThat(without.left(0, 6)).hasSize(1);
    }

    private List<String> warnings() throws IOException {
        List<String> texts = new ArrayList<>();
        try (DirectoryVerification check = DirectoryVerification.open(directory)) {
            check.warnings().forEach(each -> texts.add(text(each)));
            for (PartitionOnDisk partition : LogInspection.partitions(directory)) {
                VerificationReport report = check.verify(partition);
                assertThat(report.defects()).isEmpty();
                report.warnings().forEach(each -> texts.add(text(each)));
            }
        }
        return texts;
    }

    private static String text(Defect defect) {
        return defect.file().getFileName() + ": " + defect.problem();
    }

    @Test
    void warnsOfFilesThatANodeMakesAgain() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.append(Batches.idempotent(8, 1, 0, "a", "b"), 0, NOW);
        }
        assertThat(warnings()).isEmpty();
        Path partition = LogInspection.partitions(directory).get(0).directory();
        Files.writeString(directory.resolve("checkpoint"), "kq-log-checkpoint 1\n");
        Files.writeString(directory.resolve("index").resolve("CURRENT"), "garbage");
        Files.writeString(partition.resolve("partition.properties"), "version=1\n");
        try (Stream<Path> files = Files.list(partition)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".producers")).toList()) {
                Files.write(file, new byte[40]);
            }
        }
        assertThat(warnings())
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("checkpoint: expected a whole"),
                        two -> assertThat(two).startsWith("index: cannot be opened, its rows"),
                        three -> assertThat(three).startsWith("partition.properties: expected"),
                        four ->
                                assertThat(four)
                                        .startsWith(
                                                "00000000000000000002.producers: expected a"
                                                        + " whole producer snapshot, found none"));
        try (Stream<Path> files = Files.list(directory.resolve("index"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory.resolve("index"));
        Files.delete(directory.resolve("checkpoint"));
        assertThat(warnings()).as("what is not there was never written").hasSize(2);
    }

    @Test
    void refusesADirectoryThatIsNoDataDirectory() {
        assertThatThrownBy(() -> LogInspection.partitions(directory))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining(directory.toString());
    }

    private Map<Path, FileTime> files() throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
