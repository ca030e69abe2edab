package io.kq.cli.inspect;

import io.kq.cli.shell.Quantity;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.log.inspection.BatchOnDisk;
import io.kq.log.inspection.Defect;
import io.kq.log.inspection.IndexEntry;
import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.RecordBatchHeader;
import java.util.List;
import java.util.Optional;

/**
 * For people: first the partitions in a table; with a topic, each partition's files from the
 * outside in: directory, segment, batch, record.
 */
final class TextInspection implements InspectPrinter {

    private final Terminal terminal;
    private final boolean files;
    private final boolean records;
    private final boolean index;

    /** Whether the partition was the first one: the others have a blank line before them. */
    private boolean first = true;

    TextInspection(Session session, boolean files, boolean records, boolean index) {
        this.terminal = session.terminal();
        this.files = files;
        this.records = records;
        this.index = index;
    }

    @Override
    public void begin(List<PartitionOnDisk> partitions) {
        if (files || partitions.isEmpty()) {
            return;
        }
        TextTable table =
                new TextTable("TOPIC", "PARTITION", "SEGMENTS", "SIZE", "LOG-START", "DIRECTORY");
        for (PartitionOnDisk partition : partitions) {
            List<SegmentOnDisk> segments = LogInspection.segments(partition);
            table.row(
                    name(partition),
                    Integer.toString(partition.partition().partition()),
                    Integer.toString(segments.size()),
                    Quantity.bytes(size(segments)),
                    Long.toString(partition.logStartOffset()),
                    partition.directory().toString());
        }
        table.print(terminal);
    }

    /** The topic's, or its id where the file that tells its name is unreadable. */
    static String name(PartitionOnDisk partition) {
        return partition.topicName().isEmpty()
                ? partition.partition().topicId().toString()
                : partition.topicName();
    }

    private static long size(List<SegmentOnDisk> segments) {
        return segments.stream().mapToLong(SegmentOnDisk::sizeBytes).sum();
    }

    @Override
    public void partition(PartitionOnDisk partition, List<SegmentOnDisk> segments) {
        if (!first) {
            terminal.println("");
        }
        first = false;
        terminal.println(
                "Topic "
                        + name(partition)
                        + "  partition "
                        + partition.partition().partition()
                        + "  topic id "
                        + partition.partition().topicId());
        terminal.println("  directory " + partition.directory());
        terminal.println(
                "  log start offset "
                        + partition.logStartOffset()
                        + "  recovery point "
                        + partition.recoveryPoint()
                        + "  segments "
                        + segments.size()
                        + "  size "
                        + Quantity.bytes(size(segments)));
        beside(partition);
        segments.forEach(segment -> segment(partition, segment));
    }

    /** What is known of the partition besides its batches. */
    private void beside(PartitionOnDisk partition) {
        LogInspection.epochs(partition)
                .forEach(
                        epoch ->
                                terminal.println(
                                        "  leader epoch "
                                                + epoch.leaderEpoch()
                                                + "  from offset "
                                                + epoch.startOffset()));
        LogInspection.producers(partition)
                .forEach(
                        producer ->
                                terminal.println(
                                        "  producer "
                                                + producer.producerId()
                                                + "  epoch "
                                                + producer.producerEpoch()
                                                + "  last sequence "
                                                + producer.lastSequence()
                                                + "  last offset "
                                                + producer.lastOffset()
                                                + "  last append "
                                                + BatchRecords.time(producer.lastAppendMillis())));
        if (index) {
            LogInspection.index(partition.dataDirectory(), partition)
                    .ifPresentOrElse(
                            rows -> rows.forEach(row -> terminal.println(row(row))),
                            () -> terminal.println("  index: cannot be opened"));
        }
    }

    private static String row(IndexEntry row) {
        return "  index row of offset "
                + row.baseOffset()
                + "  segment "
                + row.segmentBaseOffset()
                + "  position "
                + row.position();
    }

    private void segment(PartitionOnDisk partition, SegmentOnDisk segment) {
        terminal.println(
                "  segment "
                        + segment.file().getFileName()
                        + "  base offset "
                        + segment.baseOffset()
                        + "  size "
                        + Quantity.bytes(segment.sizeBytes())
                        + compacted(segment));
        terminal.println(
                line(
                        "POSITION",
                        "OFFSETS",
                        "RECORDS",
                        "SIZE",
                        "EPOCH",
                        "CODEC",
                        "TIME",
                        "PRODUCER",
                        "CRC"));
        long[] next = {segment.baseOffset()};
        Optional<Defect> defect =
                LogInspection.batches(
                        segment,
                        batch -> {
                            batch(batch);
                            next[0] = batch.header().nextOffset();
                            return true;
                        });
        defect.ifPresent(d -> terminal.println(problem(d.after(next[0], partition))));
    }

    private static String compacted(SegmentOnDisk segment) {
        return segment.generation() == 0 ? "" : "  compacted " + segment.generation() + " times";
    }

    /** When compaction may remove tombstones from a batch, once it has met some. */
    private static String deleteHorizon(RecordBatchHeader header) {
        return header.deleteHorizonMillis().isEmpty()
                ? ""
                : "  tombstones until "
                        + BatchRecords.time(header.deleteHorizonMillis().getAsLong());
    }

    private void batch(BatchOnDisk batch) {
        RecordBatchHeader header = batch.header();
        terminal.println(
                line(
                        Long.toString(batch.position()),
                        header.baseOffset() + ".." + header.lastOffset(),
                        Integer.toString(header.recordCount()),
                        Quantity.bytes(header.sizeBytes()),
                        Integer.toString(header.leaderEpoch()),
                        BatchRecords.codec(header),
                        BatchRecords.time(header.maxTimestamp()),
                        BatchRecords.producer(header),
                        (batch.crcMatches() ? "ok" : "WRONG") + deleteHorizon(header)));
        if (records) {
            records(batch);
        }
    }

    private void records(BatchOnDisk batch) {
        try {
            for (BatchRecord record : BatchRecords.read(batch)) {
                terminal.println(
                        "      offset "
                                + record.offset()
                                + "  key "
                                + BatchRecords.shown(record.key())
                                + "  value "
                                + BatchRecords.shown(record.value())
                                + headers(record));
            }
        } catch (RejectedException e) {
            terminal.println("      unreadable: " + e.getMessage());
        }
    }

    private static String headers(BatchRecord record) {
        StringBuilder text = new StringBuilder();
        record.headers()
                .forEach(
                        header ->
                                text.append("  header ")
                                        .append(header.key())
                                        .append('=')
                                        .append(BatchRecords.shown(header.value())));
        return text.toString();
    }

    private static String line(Object... cells) {
        return String.format("    %-10s %-21s %7s %9s %5s %-7s %-24s %-14s %s", cells)
                .stripTrailing();
    }

    static String problem(Defect defect) {
        return "  "
                + (defect.inTail() ? "unfinished tail" : "DAMAGED")
                + "  "
                + defect.file().getFileName()
                + " at byte "
                + defect.position()
                + ": "
                + defect.problem();
    }

    @Override
    public void end() {}
}
