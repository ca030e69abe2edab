package io.kq.log;

import static io.kq.log.Batches.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.inspection.Defect;
import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import io.kq.log.layout.StoreLayout;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S3: damaged data are reported, never served, never cut off, and never forgotten. */
class QuarantineTest {

    private static final TopicIdPartition OTHER =
            new TopicIdPartition(TestStore.PARTITION.topicId(), 4);
    private static final int BATCHES = 60;

    @TempDir Path directory;

    private Path partition;
    private List<SegmentOnDisk> segments;

    /**
     * Several segments, all of them on the disk and closed in good order; and a healthy partition.
     */
    @BeforeEach
    void write() {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            PartitionLog healthy = openOther(test);
            for (int i = 0; i < BATCHES; i++) {
                log.append(Batches.at(NOW + i, "value " + i), 0, NOW);
                healthy.append(Batches.of("well " + i), 0, NOW);
            }
        }
        partition = new StoreLayout(directory).directoryOf(TestStore.PARTITION);
        segments = LogInspection.segments(onDisk());
        assertThat(segments).hasSizeGreaterThan(2);
    }

    private static PartitionLog openOther(TestStore test) {
        return test.store.open(OTHER, "orders", TestStore.SMALL_SEGMENTS);
    }

    private PartitionOnDisk onDisk() {
        return LogInspection.partitions(directory).get(0);
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAULT))
                .hasMessageContainingAll(parts);
    }

    private static void flip(Path file, long position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) position] ^= 0x10;
        Files.write(file, bytes);
    }

    private Path quarantineFile() {
        return partition.resolve("quarantined");
    }

    /** The replica is out of use; its report says where; inspection finds the same. */
    private void assertQuarantined(Path file, long position, String problem) throws IOException {
        assertThat(Files.readString(quarantineFile(), UTF_8))
                .contains("file=" + file.getFileName() + "\nposition=" + position + "\n")
                .contains("problem=" + problem);
        assertThat(LogInspection.verify(onDisk()).defects())
                .filteredOn(defect -> !defect.inTail())
                .extracting(Defect::file, Defect::position, Defect::problem)
                .contains(org.assertj.core.groups.Tuple.tuple(file, position, problem));
        try (TestStore test = new TestStore(directory)) {
            refused(test::open, file.toString(), "at position " + position + ": " + problem);
            assertThat(test.store.directories().get(0).quarantinedCount()).isEqualTo(1);
            assertThat(Batches.values(openOther(test), 0)).hasSize(BATCHES + 1);
        }
    }

    @Test
    void lossBelowTheRecoveryPointTakesOnlyThatReplica() throws IOException {
        Path last = segments.get(segments.size() - 1).file();
        byte[] cut = java.util.Arrays.copyOf(Files.readAllBytes(last), 50);
        Files.write(last, cut);
        try (TestStore test = new TestStore(directory)) {
            refused(test::open, last.toString(), "at position 50: expected at least ");
            openOther(test).append(Batches.of("more"), 0, NOW);
            assertThat(test.faults).isEmpty();
        }
        assertThat(last).hasBinaryContent(cut);
        assertThat(quarantineFile()).content().contains("position=50");
    }

    @Test
    void aStartDoesNotForgetEvenIfTheDataLookWellAgain() throws IOException {
        Path last = segments.get(segments.size() - 1).file();
        byte[] whole = Files.readAllBytes(last);
        Files.write(last, new byte[0]);
        for (int start = 0; start < 3; start++) {
            try (TestStore test = new TestStore(directory)) {
                refused(test::open, last.toString(), "at position 0: expected at least ");
            }
            Files.write(last, whole);
        }
    }

    @Test
    void aQuarantineEndsWithItsReplica() throws IOException {
        Files.write(segments.get(0).file(), new byte[0]);
        Files.delete(segments.get(segments.size() - 1).file());
        try (TestStore test = new TestStore(directory)) {
            refused(test::open, "expected");
            test.store.delete(TestStore.PARTITION);
            assertThat(test.store.directories().get(0).quarantinedCount()).isZero();
            PartitionLog anew = test.open();
            anew.append(Batches.of("fetched"), 7, NOW);
            assertThat(Batches.values(anew, 0)).containsExactly("fetched");
        }
        try (TestStore test = new TestStore(directory)) {
            assertThat(Batches.values(test.open(), 0)).containsExactly("fetched");
        }
    }

    @Test
    void aReportThatCannotBeReadIsAQuarantineToo() throws IOException {
        for (String text : List.of("", "file=", "position=x\n", "\\u00")) {
            Files.writeString(quarantineFile(), text, UTF_8);
            try (TestStore test = new TestStore(directory)) {
                refused(test::open, quarantineFile().toString(), "cannot be read");
            }
        }
    }

    @Test
    void wrongBytesOfARecordAreMetByACheckedRead() throws IOException {
        Path file = segments.get(1).file();
        RecordBatchHeader first = header(file);
        flip(file, first.sizeBytes() - 2);
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            PartitionLog healthy = openOther(test);
            try (LogSlice slice = log.read(first.baseOffset(), BATCHES, 10_000)) {
                assertThat(log.damage()).isEmpty();
                refused(slice::verify, file.toString(), "at position 0: expected another CRC");
                refused(slice::verify, file.toString());
            }
            assertThat(log.damage()).isPresent();
            refused(() -> log.append(Batches.of("late"), 0, NOW), file.toString());
            try (LogSlice whole = log.read(0, first.baseOffset(), 10_000)) {
                whole.verify();
                assertThat(whole.nextOffset()).isEqualTo(first.baseOffset());
            }
            healthy.append(Batches.of("more"), 0, NOW);
            assertThat(test.faults).isEmpty();
        }
        try (TestStore test = new TestStore(directory)) {
            assertThat(test.store.wasCleanShutdown()).isTrue();
        }
        assertQuarantined(file, 0, "expected another CRC of the batch's bytes");
    }

    @Test
    void aWrongHeaderIsMetByASearch() throws IOException {
        Path file = segments.get(1).file();
        long second = header(file).sizeBytes();
        flip(file, second + RecordBatchHeader.BASE_OFFSET_POSITION + 7);
        long wanted = segments.get(1).baseOffset() + 1;
        try (TestStore test = new TestStore(directory)) {
            openOther(test).append(Batches.of("more"), 0, NOW);
            PartitionLog log = test.open();
            refused(() -> log.read(wanted, BATCHES, 100), file.toString(), "position " + second);
            refused(() -> log.append(Batches.of("late"), 0, NOW), file.toString());
        }
        assertQuarantined(
                file, second, "expected base offset " + wanted + ", found " + (wanted ^ 0x10));
    }

    @Test
    void wrongBytesAreMetByASearchByTime() throws IOException {
        Path file = segments.get(1).file();
        RecordBatchHeader first = header(file);
        flip(file, first.sizeBytes() - 2);
        try (TestStore test = new TestStore(directory)) {
            openOther(test).append(Batches.of("more"), 0, NOW);
            PartitionLog log = test.open();
            refused(
                    () -> log.findByTimestamp(first.baseTimestamp(), BATCHES),
                    "at position 0: expected another CRC");
        }
        assertQuarantined(file, 0, "expected another CRC of the batch's bytes");
    }

    @Test
    void aSegmentThatVanishesIsMetByARead() throws IOException {
        Path file = segments.get(1).file();
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            Files.delete(file);
            refused(
                    () -> log.read(segments.get(1).baseOffset(), BATCHES, 100),
                    file.toString(),
                    "expected a segment file, found none");
            assertThat(quarantineFile()).exists();
            assertThat(Batches.values(openOther(test), 0)).hasSize(BATCHES);
        }
    }

    /** As if the last process had been killed: the opening trusts no more than it must. */
    private void dieUncleanly() throws IOException {
        Files.delete(new StoreLayout(directory).cleanMarker());
    }

    /** After a good stop it is known what must be there, without a look into any segment. */
    @Test
    void aSegmentThatVanishedAfterAGoodStopIsMissedByTheOpening() throws IOException {
        Path next = segments.get(2).file();
        String problem = "expected a segment for offset " + segments.get(1).baseOffset();
        Files.delete(segments.get(1).file());
        try (TestStore test = new TestStore(directory)) {
            refused(test::open, next.toString(), problem);
            openOther(test).append(Batches.of("more"), 0, NOW);
        }
        assertQuarantined(next, 0, problem);
    }

    @Test
    void aSealedSegmentThatWasCutAfterAGoodStopIsMissedByTheOpening() throws IOException {
        Path file = segments.get(1).file();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        try (TestStore test = new TestStore(directory)) {
            refused(test::open, file.toString());
        }
    }

    @Test
    void aSegmentThatVanishedWhileTheNodeWasDownIsNotReadOver() throws IOException {
        Path next = segments.get(2).file();
        long gone = segments.get(1).baseOffset();
        Files.delete(segments.get(1).file());
        dieUncleanly();
        String problem = "expected a segment for offset " + gone;
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            openOther(test).append(Batches.of("more"), 0, NOW);
            try (LogSlice before = log.read(0, BATCHES, 10_000)) {
                assertThat(before.nextOffset()).isEqualTo(gone);
            }
            refused(() -> log.read(gone, BATCHES, 100), next.toString(), problem);
        }
        assertQuarantined(next, 0, problem);
    }

    @Test
    void aSegmentThatVanishedIsNotPassedOverByASearchByTime() throws IOException {
        long gone = segments.get(1).baseOffset();
        Files.delete(segments.get(1).file());
        dieUncleanly();
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            refused(
                    () -> log.findByTimestamp(NOW + gone, BATCHES),
                    "expected a segment for offset " + gone);
        }
    }

    @Test
    void aSegmentThatVanishedIsMetWhereALostIndexIsMadeAnew() throws IOException {
        Files.delete(segments.get(1).file());
        dieUncleanly();
        TornTailTest.erase(directory.resolve("index"));
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            log.append(Batches.of("late"), 0, NOW);
            test.runBackground();
            assertThat(log.damage()).isPresent();
        }
    }

    @Test
    void damageIsMetWhereALostIndexIsMadeAnew() throws IOException {
        Path file = segments.get(1).file();
        flip(file, RecordBatchHeader.BASE_OFFSET_POSITION + 7);
        TornTailTest.erase(directory.resolve("index"));
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            openOther(test).append(Batches.of("more"), 0, NOW);
            log.append(Batches.of("late"), 0, NOW);
            test.runBackground();
            assertThat(log.damage()).isPresent();
            refused(() -> log.append(Batches.of("later"), 0, NOW), file.toString());
        }
        assertThat(quarantineFile()).content().contains("position=0\n");
    }

    @Test
    void whatWasReadAcrossACutIsNoDamage() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            try (LogSlice slice = log.read(BATCHES - 2, BATCHES, 10_000)) {
                log.truncateTo(BATCHES - 2);
                refused(slice::verify, "was cut while it was read");
            }
            assertThat(log.damage()).isEmpty();
            log.append(Batches.of("goes on"), 0, NOW);
        }
        assertThat(quarantineFile()).doesNotExist();
    }

    @Test
    void whatIsReadWhileFilesAreCutIsNoDamage() throws IOException {
        FailingLogFiles files = new FailingLogFiles();
        try (TestStore test = new TestStore(directory, files)) {
            PartitionLog log = test.open();
            int[] refusals = {0};
            files.beforeDeleting =
                    () -> {
                        for (SegmentOnDisk segment : segments) {
                            try {
                                log.read(segment.baseOffset(), BATCHES, 10_000).close();
                            } catch (RejectedException refusal) {
                                assertThat(refusal).hasMessageContaining("was cut while");
                                refusals[0]++;
                            }
                        }
                    };
            log.truncateTo(1);
            files.beforeDeleting = () -> {};
            assertThat(refusals[0]).isPositive();
            assertThat(log.damage()).isEmpty();
            log.append(Batches.of("goes on"), 0, NOW);
            assertThat(Batches.values(log, 0)).hasSize(2);
        }
        assertThat(quarantineFile()).doesNotExist();
    }

    private static RecordBatchHeader header(Path file) throws IOException {
        return RecordBatchHeader.read(java.nio.ByteBuffer.wrap(Files.readAllBytes(file)), 0);
    }

    @Test
    void whatIsNoDirectoryOrNoReportConcernsItsPartitionOnly() throws IOException {
        TopicIdPartition file = new TopicIdPartition(TestStore.PARTITION.topicId(), 7);
        TopicIdPartition odd = new TopicIdPartition(TestStore.PARTITION.topicId(), 8);
        Path partitions = Files.createDirectories(directory.resolve("partitions"));
        Files.writeString(partitions.resolve(file.toString()), "mine");
        Files.createDirectories(partitions.resolve(odd.toString()).resolve("quarantined"));
        try (TestStore test = new TestStore(directory)) {
            test.open().append(Batches.of("a"), 1, Batches.NOW);
            for (TopicIdPartition partition : new TopicIdPartition[] {file, odd}) {
                assertThatThrownBy(
                                () ->
                                        test.store.open(
                                                partition, "orders", TestStore.SMALL_SEGMENTS))
                        .isInstanceOfSatisfying(
                                RejectedException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAULT));
            }
        }
        assertThat(partitions.resolve(file.toString())).hasContent("mine");
    }
}
