package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.inspection.LogInspection;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.tools.DumpLogSegments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own classes read our segment files: plain batches, every CRC valid. */
class KafkaReadsSegmentsTest {

    private static final Pattern OFFSETS = Pattern.compile("baseOffset: (\\d+) lastOffset: (\\d+)");

    private static final LogConfig COMPACTED =
            new LogConfig(
                    2_000,
                    Duration.ofDays(1),
                    1 << 20,
                    LogConfig.Flush.OS,
                    LogConfig.TimestampType.CREATE_TIME,
                    true);

    @TempDir Path directory;

    @Test
    void findsEveryBatchOfEveryCodecValid() throws IOException {
        List<String> written = new ArrayList<>();
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 60; i++) {
                CompressionCodec codec = CompressionCodec.ofId(i % 5);
                RecordBatchBuilder builder = new RecordBatchBuilder(512);
                for (int r = 0; r <= i % 3; r++) {
                    String value = "value " + i + "/" + r + " " + "abc".repeat(40);
                    builder.append(NOW + r, null, value.getBytes(StandardCharsets.UTF_8));
                    written.add(value);
                }
                log.append(BatchBytes.of(builder.build(codec)), i / 10, NOW);
            }
        }
        List<String> read = new ArrayList<>();
        long next = 0;
        for (var segment : segments()) {
            assertThat(segment.baseOffset()).isEqualTo(next);
            for (RecordBatch batch : batches(segment.file())) {
                batch.ensureValid();
                assertThat(batch.baseOffset()).isEqualTo(next);
                for (Record record : batch) {
                    assertThat(record.offset()).isEqualTo(next++);
                    read.add(StandardCharsets.UTF_8.decode(record.value()).toString());
                }
            }
        }
        assertThat(read).isEqualTo(written);
    }

    @Test
    void dumpLogSegmentsFindsEveryBatchValidAlsoOfWhatCompactionLeft() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open(COMPACTED);
            for (int i = 0; i < 60; i++) {
                RecordBatchBuilder builder = new RecordBatchBuilder(512);
                for (int r = 0; r < 3; r++) {
                    byte[] key = ("key " + (i * r) % 7).getBytes(StandardCharsets.UTF_8);
                    byte[] value = ("value " + i + "/" + r).getBytes(StandardCharsets.UTF_8);
                    builder.append(NOW + i, key, value);
                }
                CompressionCodec codec = CompressionCodec.ofId(i % 5);
                log.append(BatchBytes.of(builder.build(codec)), i / 10, NOW);
            }
            log.flush();
            CompactionPolicy always = new CompactionPolicy(0, 0, Long.MAX_VALUE, 0, 2_000);
            CompactionMeans means = new CompactionMeans(1 << 20, bytes -> {});
            assertThat(log.compact(always, means, log.logEndOffset(), NOW)).isPresent();
        }
        List<String> batches = new ArrayList<>();
        for (var segment : segments()) {
            String dump = dumped(segment.file());
            assertThat(dump).contains("Log starting offset: " + segment.baseOffset());
            dump.lines().filter(line -> line.startsWith("baseOffset: ")).forEach(batches::add);
        }
        assertThat(batches).hasSizeGreaterThan(5);
        assertThat(batches).allMatch(line -> line.contains("isvalid: true"));
        long next = 0;
        for (String line : batches) {
            Matcher offsets = OFFSETS.matcher(line);
            assertThat(offsets.lookingAt()).as(line).isTrue();
            assertThat(Long.parseLong(offsets.group(1))).as(line).isEqualTo(next);
            next = Long.parseLong(offsets.group(2)) + 1;
        }
        assertThat(next).isEqualTo(180);
    }

    /** What Kafka's own tool prints of a segment file. */
    private static String dumped(Path file) throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            DumpLogSegments.main(new String[] {"--files", file.toString(), "--deep-iteration"});
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void findsTheAppendTimeInPlaceOfTheProducers() throws IOException {
        LogConfig appendTime =
                new LogConfig(
                        1 << 20,
                        Duration.ofDays(1),
                        1 << 20,
                        LogConfig.Flush.OS,
                        LogConfig.TimestampType.LOG_APPEND_TIME,
                        false);
        try (TestStore test = new TestStore(directory)) {
            PartitionLog log = test.open(appendTime);
            log.append(Batches.at(5, "a", "b"), 0, NOW);
            assertThat(log.findByTimestamp(NOW, 9)).isPresent();
            assertThat(log.findByTimestamp(NOW + 1, 9)).isEmpty();
        }
        for (RecordBatch batch : batches(segments().get(0).file())) {
            batch.ensureValid();
            assertThat(batch.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            for (Record record : batch) {
                assertThat(record.timestamp()).isEqualTo(NOW);
            }
        }
    }

    private List<io.kq.log.inspection.SegmentOnDisk> segments() {
        return LogInspection.segments(LogInspection.partitions(directory).get(0));
    }

    private static List<RecordBatch> batches(Path file) throws IOException {
        List<RecordBatch> batches = new ArrayList<>();
        FileRecords records = FileRecords.open(new File(file.toString()), false);
        records.batches().forEach(batches::add);
        return batches;
    }
}
