package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.CrashModel.Batch;
import io.kq.log.PartitionLog.AppendOutcome;
import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.compaction.CompactionReport;
import io.kq.log.retention.RetentionPolicy;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.CompressionCodec;
import io.kq.runtime.RandomSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a history is made of. Each operation does something to the log, tells the model before what
 * a crash may leave of it, and after what it answered. One more is one method and one row.
 */
final class CrashOperations {

    /** Does something to an open log. It may throw what the log throws. */
    private interface Operation {
        void run(TestStore test, PartitionLog log);
    }

    /** How often it comes, in parts of all. */
    private record Row(int weight, Operation operation) {}

    private static final int PRODUCERS = 3;
    private static final int KEYS = 6;

    private final RandomSource random;
    private final CrashModel model;
    private final CrashReads reads;
    private final CrashDisk disk;

    private final List<Row> rows =
            List.of(
                    new Row(48, this::append),
                    new Row(10, this::read),
                    new Row(6, this::flush),
                    new Row(10, this::waitUntilDurable),
                    new Row(10, this::runBackground),
                    new Row(6, this::cut),
                    new Row(3, this::retain),
                    new Row(3, this::deleteRecords),
                    new Row(6, this::compact),
                    new Row(6, this::beginElsewhere));

    CrashOperations(RandomSource random, CrashModel model, CrashReads reads, CrashDisk disk) {
        this.random = random;
        this.model = model;
        this.reads = reads;
        this.disk = disk;
    }

    /** Does any one of them. */
    void runAny(TestStore test, PartitionLog log) {
        int choice = random.nextInt(rows.stream().mapToInt(Row::weight).sum());
        for (Row row : rows) {
            choice -= row.weight();
            if (choice < 0) {
                row.operation().run(test, log);
                return;
            }
        }
    }

    private void append(TestStore test, PartitionLog log) {
        if (random.nextInt(20) == 0) {
            model.nextEpoch();
        }
        long producer = 1L + random.nextInt(PRODUCERS);
        int sequence = 0;
        for (Batch batch : model.of(producer)) {
            sequence = batch.sequence() + batch.records();
        }
        String[] values = new String[1 + random.nextInt(3)];
        for (int i = 0; i < values.length; i++) {
            String value = "x".repeat(random.nextInt(i == 0 ? 700 : 20)) + random.nextLong();
            values[i] = "k" + random.nextInt(KEYS) + "=" + value;
        }
        long timestamp = NOW - random.nextInt(1000);
        BatchBytes sent =
                BatchBytes.of(
                        KeyedBatches.builder(timestamp, values)
                                .build(CompressionCodec.NONE, producer, (short) 0, sequence));
        Batch batch =
                new Batch(
                        sent,
                        model.endOffset(),
                        values.length,
                        model.epoch(),
                        timestamp,
                        producer,
                        sequence);
        List<Batch> next = model.with(batch);
        model.becoming(next);
        CrashTrace.say(
                "append at %s, producer %s, sequence %s", batch.baseOffset(), producer, sequence);
        try {
            AppendOutcome outcome = log.append(sent, model.epoch(), NOW);
            assertThat(outcome.duplicate()).isFalse();
            assertThat(outcome.baseOffset()).isEqualTo(batch.baseOffset());
            model.became(next);
        } catch (RejectedException refused) {
            if (!disk.off()) {
                model.didNotBecome(next);
            }
            throw refused;
        }
    }

    private void read(TestStore test, PartitionLog log) {
        reads.readSomething(log);
    }

    private void flush(TestStore test, PartitionLog log) {
        CrashTrace.say("flush");
        log.flush();
        model.allOnDisk();
    }

    private void waitUntilDurable(TestStore test, PartitionLog log) {
        long end = log.logEndOffset();
        CrashTrace.say("wait until durable");
        CompletableFuture<Void> durable = log.whenDurable(end);
        test.flusher.runDue();
        assertThat(durable).isDone();
        if (!durable.isCompletedExceptionally()) {
            assertThat(log.durableEndOffset()).isGreaterThanOrEqualTo(end);
        }
    }

    private void runBackground(TestStore test, PartitionLog log) {
        CrashTrace.say("background");
        test.runBackground();
    }

    private void cut(TestStore test, PartitionLog log) {
        List<Batch> batches = model.batches();
        if (batches.isEmpty()) {
            return;
        }
        int kept = batches.size() - 1 - random.nextInt(Math.min(8, batches.size()));
        long end = batches.get(kept).baseOffset();
        if (!model.mayBeCutAt(end)) {
            return;
        }
        CrashTrace.say("cut to %s", end);
        List<Batch> next = model.until(end);
        model.becoming(next);
        model.nextEpoch();
        try {
            log.truncateTo(end);
        } finally {
            model.cutMayHaveBegun(log.durableEndOffset());
        }
        model.became(next);
    }

    /** By time or by size, some of it or all. */
    private void retain(TestStore test, PartitionLog log) {
        boolean byTime = random.nextInt(2) == 0;
        RetentionPolicy policy =
                byTime
                        ? new RetentionPolicy(random.nextInt(1200), -1)
                        : new RetentionPolicy(-1, random.nextInt(8000));
        long bound = random.nextInt((int) model.endOffset() + 2);
        CrashTrace.say("%s below %s", policy, bound);
        model.startMayMoveTo(Math.min(bound, model.endOffset()));
        model.startsAt(log.retain(policy, bound, NOW));
    }

    private void deleteRecords(TestStore test, PartitionLog log) {
        long offset = random.nextInt((int) model.endOffset() + 1);
        CrashTrace.say("delete records before %s", offset);
        model.startMayMoveTo(offset);
        model.startsAt(log.deleteRecords(offset));
        assertThat(log.logStartOffset()).isGreaterThanOrEqualTo(offset);
    }

    /** As a follower does whose leader has nothing of before: a log that has records refuses. */
    private void beginElsewhere(TestStore test, PartitionLog log) {
        if (!model.batches().isEmpty()) {
            return;
        }
        long offset = model.endOffset() + 1 + random.nextInt(50);
        CrashTrace.say("begin at %s", offset);
        List<Batch> next = model.begunAt(offset);
        model.becoming(next);
        model.startMayMoveTo(offset);
        try {
            log.beginAt(offset);
            model.became(next);
            model.startsAt(log.logStartOffset());
            assertThat(log.durableEndOffset()).isEqualTo(offset);
        } catch (RejectedException refused) {
            if (refused.code() != ErrorCode.OFFSET_OUT_OF_RANGE) {
                throw refused;
            }
            model.didNotBecome(next);
            model.startsAt(log.logStartOffset());
        }
    }

    /** With memory for few keys or for all, into segments of their size or larger ones. */
    private void compact(TestStore test, PartitionLog log) {
        CompactionPolicy policy =
                new CompactionPolicy(0, 0, Long.MAX_VALUE, 0, random.nextInt(2) == 0 ? 2000 : 6000);
        CompactionMeans means =
                new CompactionMeans(random.nextInt(4) == 0 ? 10 * 24 : 1 << 16, bytes -> {});
        long bound = random.nextInt((int) model.endOffset() + 2);
        CrashTrace.say("compact below %s", bound);
        model.compactionMayReach(bound);
        try {
            Optional<CompactionReport> report = log.compact(policy, means, bound, NOW);
            CrashTrace.say("compacted: %s", report);
        } finally {
            if (!disk.off()) {
                reads.afterCompaction(log);
            }
        }
    }
}
