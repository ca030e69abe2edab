package io.kq.cli.inspect;

import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.log.inspection.BatchOnDisk;
import io.kq.log.inspection.Defect;
import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.RecordBatchHeader;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * For programs. {@code json}: one document, partitions hold segments hold batches hold records.
 * {@code jsonl}: an object for each, with its {@code kind}, in the order of the disk. Both are
 * written as they are read: a segment may be larger than memory.
 */
final class JsonInspection implements InspectPrinter {

    private final Terminal terminal;
    private final boolean nested;
    private final boolean files;
    private final boolean records;
    private final boolean index;
    private JsonText json = new JsonText();

    JsonInspection(Session session, boolean files, boolean records, boolean index) {
        this.terminal = session.terminal();
        this.nested = session.format() == OutputFormat.JSON;
        this.files = files;
        this.records = records;
        this.index = index;
    }

    @Override
    public void begin(List<PartitionOnDisk> partitions) {
        if (nested) {
            json.beginObject().name("partitions").beginArray();
        }
        if (!files) {
            partitions.forEach(p -> partition(p, LogInspection.segments(p)));
        }
    }

    @Override
    public void end() {
        if (nested) {
            json.endArray().endObject();
            terminal.println(json.take());
        }
    }

    /** Starts an object; for lines its kind comes first. */
    private void open(String kind) {
        json.beginObject();
        if (!nested) {
            json.name("kind").value(kind);
        }
    }

    /** Ends what an object says of itself; nested, its parts follow inside of it. */
    private void parts(String name) {
        if (nested) {
            json.name(name).beginArray();
        } else {
            close();
        }
    }

    private void endParts() {
        if (nested) {
            json.endArray().endObject();
        }
    }

    private void close() {
        json.endObject();
        if (nested) {
            terminal.print(json.take());
        } else {
            terminal.println(json.toString());
            json = new JsonText();
        }
    }

    @Override
    public void partition(PartitionOnDisk partition, List<SegmentOnDisk> segments) {
        open("partition");
        json.name("topic").value(partition.topicName());
        json.name("topicId").value(partition.partition().topicId().toString());
        json.name("partition").value(partition.partition().partition());
        json.name("directory").value(partition.directory().toString());
        json.name("logStartOffset").value(partition.logStartOffset());
        json.name("recoveryPoint").value(partition.recoveryPoint());
        json.name("sizeBytes").value(segments.stream().mapToLong(SegmentOnDisk::sizeBytes).sum());
        if (nested && files) {
            beside(partition);
        }
        parts("segments");
        if (!nested && files) {
            beside(partition);
        }
        segments.forEach(segment -> segment(partition, segment));
        endParts();
    }

    /** What is known of the partition besides its batches. */
    private void beside(PartitionOnDisk partition) {
        listed(
                "leaderEpochs",
                "leaderEpoch",
                LogInspection.epochs(partition),
                epoch -> {
                    json.name("leaderEpoch").value(epoch.leaderEpoch());
                    json.name("startOffset").value(epoch.startOffset());
                });
        listed(
                "producers",
                "producer",
                LogInspection.producers(partition),
                producer -> {
                    json.name("producerId").value(producer.producerId());
                    json.name("producerEpoch").value(producer.producerEpoch());
                    json.name("lastSequence").value(producer.lastSequence());
                    json.name("lastOffset").value(producer.lastOffset());
                    json.time("lastAppend", producer.lastAppendMillis());
                });
        if (index) {
            listed(
                    "index",
                    "indexRow",
                    LogInspection.index(partition.dataDirectory(), partition).orElse(List.of()),
                    row -> {
                        json.name("baseOffset").value(row.baseOffset());
                        json.name("segmentBaseOffset").value(row.segmentBaseOffset());
                        json.name("position").value(row.position());
                    });
        }
    }

    private <T> void listed(String name, String kind, List<T> items, Consumer<T> members) {
        if (nested) {
            json.name(name)
                    .array(
                            items,
                            item -> {
                                json.beginObject();
                                members.accept(item);
                                json.endObject();
                            });
            return;
        }
        for (T item : items) {
            open(kind);
            members.accept(item);
            close();
        }
    }

    private void segment(PartitionOnDisk partition, SegmentOnDisk segment) {
        open("segment");
        json.name("file").value(segment.file().toString());
        json.name("baseOffset").value(segment.baseOffset());
        if (segment.generation() > 0) {
            json.name("generation").value(segment.generation());
        }
        json.name("sizeBytes").value(segment.sizeBytes());
        if (!files) {
            close();
            return;
        }
        parts("batches");
        long[] next = {segment.baseOffset()};
        Optional<Defect> defect =
                LogInspection.batches(
                                segment,
                                batch -> {
                                    batch(batch);
                                    next[0] = batch.header().nextOffset();
                                    return true;
                                })
                        .map(found -> found.after(next[0], partition));
        if (nested) {
            json.endArray();
            defect.ifPresent(d -> write(json.name("defect"), d));
            json.endObject();
        } else if (defect.isPresent()) {
            open("defect");
            members(json, defect.get());
            close();
        }
    }

    private void batch(BatchOnDisk batch) {
        RecordBatchHeader header = batch.header();
        open("batch");
        json.name("position").value(batch.position());
        json.name("baseOffset").value(header.baseOffset());
        json.name("lastOffset").value(header.lastOffset());
        json.name("recordCount").value(header.recordCount());
        json.name("sizeBytes").value(header.sizeBytes());
        json.name("leaderEpoch").value(header.leaderEpoch());
        json.name("codec").value(BatchRecords.codec(header));
        json.time("maxTimestamp", header.maxTimestamp());
        if (header.deleteHorizonMillis().isPresent()) {
            json.time("deleteHorizon", header.deleteHorizonMillis().getAsLong());
        }
        json.name("producerId").value(header.producerId());
        json.name("producerEpoch").value(header.producerEpoch());
        json.name("baseSequence").value(header.baseSequence());
        json.name("control").value(header.isControl());
        json.name("crcMatches").value(batch.crcMatches());
        if (!records) {
            close();
            return;
        }
        parts("records");
        try {
            BatchRecords.read(batch).forEach(this::record);
            endParts();
        } catch (RejectedException e) {
            if (nested) {
                json.endArray().name("unreadable").value(e.getMessage()).endObject();
            }
        }
    }

    private void record(BatchRecord record) {
        open("record");
        json.name("offset").value(record.offset());
        json.time("timestamp", record.timestampMillis());
        json.bytes("key", record.key());
        json.bytes("value", record.value());
        json.name("headers")
                .array(
                        record.headers(),
                        header -> {
                            json.beginObject().name("key").value(header.key());
                            json.bytes("value", header.value()).endObject();
                        });
        close();
    }

    static void write(JsonText json, Defect defect) {
        json.beginObject();
        members(json, defect);
        json.endObject();
    }

    private static void members(JsonText json, Defect defect) {
        json.name("file").value(defect.file().toString());
        json.name("position").value(defect.position());
        json.name("problem").value(defect.problem());
        json.name("inTail").value(defect.inTail());
    }
}
