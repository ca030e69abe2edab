package io.kq.log.inspection;

import io.kq.log.io.LogFile;
import io.kq.log.io.LogFiles;
import io.kq.log.layout.Checkpoint;
import io.kq.log.layout.OffsetFileName;
import io.kq.log.layout.PartitionCheckpoint;
import io.kq.log.layout.PartitionProperties;
import io.kq.log.layout.Replacement;
import io.kq.log.layout.SegmentName;
import io.kq.log.layout.StoreLayout;
import io.kq.log.producer.ProducerSnapshot;
import io.kq.log.producer.ProducerSnapshotFiles;
import io.kq.log.producer.ProducerState;
import io.kq.log.segment.BatchRules;
import io.kq.log.segment.BatchScanner;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.RecordBatchHeader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Finds partitions, segments, batches and snapshots by looking at files. */
public final class DirectoryReader {

    private static final LogFiles FILES = LogFiles.onDisk();

    private DirectoryReader() {}

    /** All partitions of a data directory, sorted. */
    public static List<PartitionOnDisk> partitions(StoreLayout layout) throws IOException {
        Map<TopicIdPartition, PartitionCheckpoint> known =
                checkpoint(layout.checkpoint()).orElse(Checkpoint.empty()).partitions();
        List<PartitionOnDisk> found = new ArrayList<>();
        for (TopicIdPartition partition : layout.listPartitions()) {
            Path directory = layout.directoryOf(partition);
            Optional<PartitionProperties> properties = properties(directory);
            Optional<PartitionCheckpoint> checkpoint = Optional.ofNullable(known.get(partition));
            found.add(
                    new PartitionOnDisk(
                            partition,
                            properties.map(PartitionProperties::topicName).orElse(""),
                            directory,
                            properties.map(PartitionProperties::indexId).orElse(-1),
                            checkpoint.map(PartitionCheckpoint::logStartOffset).orElse(0L),
                            checkpoint.map(PartitionCheckpoint::recoveryPoint).orElse(0L)));
        }
        return found;
    }

    /** Empty also if the disk does not give it: what else is there can still be looked at. */
    static Optional<Checkpoint> checkpoint(Path file) {
        try {
            return Checkpoint.read(file);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Like {@link #checkpoint}. */
    private static Optional<PartitionProperties> properties(Path directory) {
        try {
            return PartitionProperties.read(directory);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** A partition's segments, oldest first. */
    public static List<SegmentOnDisk> segments(Path directory) throws IOException {
        List<Path> entries = StoreLayout.entries(directory);
        List<Replacement> replacements =
                entries.stream()
                        .flatMap(entry -> Replacement.parse(StoreLayout.nameOf(entry)).stream())
                        .toList();
        List<SegmentOnDisk> found = new ArrayList<>();
        for (Path entry : entries) {
            Optional<SegmentName> name = segmentOf(StoreLayout.nameOf(entry));
            if (name.isPresent() && replacements.stream().noneMatch(r -> r.replaces(name.get()))) {
                found.add(
                        new SegmentOnDisk(
                                entry,
                                name.get().baseOffset(),
                                name.get().generation(),
                                Files.size(entry)));
            }
        }
        found.sort(Comparator.comparingLong(SegmentOnDisk::baseOffset));
        return found;
    }

    /** Also that of a compacted one whose predecessors were not all gone when its node died. */
    private static Optional<SegmentName> segmentOf(String fileName) {
        return SegmentName.parse(fileName)
                .or(() -> Replacement.parse(fileName).map(Replacement::segment));
    }

    /** {@link LogInspection#batches} */
    public static Optional<Defect> batches(SegmentOnDisk segment, Predicate<BatchOnDisk> each)
            throws IOException {
        try (LogFile file = FILES.openReadOnly(segment.file())) {
            BatchScanner scanner =
                    new BatchScanner(
                            file,
                            0,
                            segment.sizeBytes(),
                            BatchRules.ANY_OFFSET,
                            -1,
                            BatchScanner.LONG_READ_BYTES);
            while (scanner.next()) {
                BatchOnDisk batch =
                        new BatchOnDisk(
                                segment.file(),
                                scanner.position(),
                                scanner.header(),
                                scanner.crcMatches());
                if (!each.test(batch)) {
                    return Optional.empty();
                }
            }
            return Optional.ofNullable(scanner.problem())
                    .map(
                            problem ->
                                    new Defect(
                                            segment.file(), scanner.endPosition(), problem, false));
        }
    }

    /** A batch's bytes. */
    public static ByteBuffer bytes(BatchOnDisk batch) throws IOException {
        try (LogFile file = FILES.openReadOnly(batch.file())) {
            ByteBuffer bytes = ByteBuffer.allocate(batch.header().sizeBytes());
            if (file.read(bytes, batch.position()) < bytes.capacity()) {
                throw new EOFException(batch.file() + " was cut while it was read");
            }
            return bytes.flip();
        }
    }

    /** Where each leader epoch starts, from the batches' headers. */
    public static List<EpochStart> epochs(Path directory) throws IOException {
        List<EpochStart> starts = new ArrayList<>();
        for (SegmentOnDisk segment : segments(directory)) {
            try (LogFile file = FILES.openReadOnly(segment.file())) {
                BatchScanner scanner =
                        new BatchScanner(
                                file,
                                0,
                                segment.sizeBytes(),
                                BatchRules.ANY_OFFSET,
                                -1,
                                BatchScanner.LONG_READ_BYTES);
                while (scanner.next()) {
                    RecordBatchHeader header = scanner.header();
                    if (starts.isEmpty()
                            || starts.get(starts.size() - 1).leaderEpoch() < header.leaderEpoch()) {
                        starts.add(new EpochStart(header.leaderEpoch(), header.baseOffset()));
                    }
                }
            }
        }
        return starts;
    }

    /** Producers of the newest whole snapshot, by id. */
    public static List<ProducerOnDisk> producers(Path directory) throws IOException {
        ProducerSnapshotFiles files = new ProducerSnapshotFiles(LogFiles.onDisk(), directory);
        List<Long> offsets = files.offsets();
        for (int i = offsets.size() - 1; i >= 0; i--) {
            Optional<ProducerSnapshot> snapshot = files.read(offsets.get(i));
            if (snapshot.isPresent()) {
                List<ProducerOnDisk> producers = new ArrayList<>();
                new TreeMap<>(snapshot.get().producers())
                        .forEach((id, state) -> producers.add(producer(id, state)));
                return producers;
            }
        }
        return List.of();
    }

    /** Producer snapshots that are not whole, or that the disk does not give. */
    public static List<Path> brokenSnapshots(Path directory) throws IOException {
        ProducerSnapshotFiles files = new ProducerSnapshotFiles(LogFiles.onDisk(), directory);
        List<Path> broken = new ArrayList<>();
        for (long offset : files.offsets()) {
            Path file = directory.resolve(OffsetFileName.PRODUCERS.of(offset));
            if (!isWhole(files, offset) && Files.exists(file)) {
                broken.add(file);
            }
        }
        return broken;
    }

    private static boolean isWhole(ProducerSnapshotFiles files, long offset) {
        try {
            return files.read(offset).isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static ProducerOnDisk producer(long id, ProducerState state) {
        return new ProducerOnDisk(
                id,
                state.epoch(),
                state.last().lastSequence(),
                state.last().nextOffset() - 1,
                state.lastAppendMillis());
    }
}
