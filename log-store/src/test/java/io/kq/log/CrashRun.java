package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.CrashModel.Batch;
import io.kq.log.PartitionLog.AppendOutcome;
import io.kq.log.io.StorageFaultException;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.CompressionCodec;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One random history of a log over several lives, each of which ends in a power cut at some change
 * of a file, a kill, or a stop in good order; and what each restart finds, against the model.
 */
final class CrashRun {

    private static final int LIVES = 3;
    private static final int STEPS = 40;
    private static final int PRODUCERS = 3;

    private final RandomSource random;
    private final Path temp;
    private final CrashModel model = new CrashModel();
    private CrashDisk disk;
    private Path directory;
    private int epoch;
    private boolean stoppedCleanly;

    CrashRun(long seed, Path temp, CrashDisk.Canary canary) {
        this.random = RandomSource.seeded(seed);
        this.temp = temp;
        this.directory = temp.resolve("life0");
        this.disk = new CrashDisk(directory, temp.resolve("life1"), random, canary);
    }

    void run() throws IOException {
        if (random.nextInt(8) != 0) {
            // Opening RocksDB costs more than all the rest: most runs have an index that is broken.
            Files.writeString(Files.createDirectories(directory).resolve("index"), "no directory");
        }
        for (int life = 1; life <= LIVES; life++) {
            live();
            TornTailTest.erase(directory);
            directory = temp.resolve("life" + life);
            disk = disk.afterRestart(temp.resolve("life" + (life + 1)));
            epoch++;
        }
        try (TestStore test = new TestStore(directory, disk)) {
            verify(test.open());
        }
    }

    private void live() throws IOException {
        if (random.nextInt(4) != 0) {
            disk.changesLeft = 1 + random.nextInt(90);
        }
        List<Throwable> faults;
        try (TestStore test = new TestStore(directory, disk)) {
            PartitionLog log = opened(test);
            stoppedCleanly = false;
            if (log != null) {
                armFaults();
                for (int step = 0; step < STEPS && !disk.off(); step++) {
                    step(test, log);
                }
                model.promised(log.durableEndOffset());
                end();
            }
            faults = test.faults;
        }
        if (!disk.off()) {
            stoppedCleanly = faults.isEmpty();
            if (stoppedCleanly) {
                model.allOnDisk();
            }
            disk.cutPower();
        }
    }

    /** Null if the power went while it was opened. */
    private @Nullable PartitionLog opened(TestStore test) throws IOException {
        PartitionLog log;
        try {
            log = test.open();
        } catch (RejectedException | StorageFaultException refused) {
            if (disk.off()) {
                return null;
            }
            throw refused;
        }
        verify(log);
        return log;
    }

    private void armFaults() {
        switch (random.nextInt(8)) {
            case 0 -> disk.forcesUntilFault = 1 + random.nextInt(4);
            case 1 -> disk.writesUntilFault = 1 + random.nextInt(20);
            case 2 -> {
                disk.writesUntilFault = 1 + random.nextInt(20);
                disk.writeError = FailingLogFiles.BROKEN;
            }
            default -> {}
        }
    }

    /** Ends a life that has power: dies with the cache lost or kept, or stops as it should. */
    private void end() throws IOException {
        int choice = disk.off() ? 2 : random.nextInt(3);
        if (choice == 0) {
            disk.cutPower();
        } else if (choice == 1 && !disk.forceFailed()) {
            disk.killProcess();
        }
    }

    private void step(TestStore test, PartitionLog log) {
        try {
            int choice = random.nextInt(100);
            if (choice < 55) {
                append(log);
            } else if (choice < 65) {
                read(log);
            } else if (choice < 72) {
                log.flush();
                model.allOnDisk();
            } else if (choice < 82) {
                waitUntilDurable(test, log);
            } else if (choice < 92) {
                test.runBackground();
            } else {
                cut(log);
            }
            model.promised(log.durableEndOffset());
        } catch (RejectedException refused) {
            if (!disk.off() && test.faults.isEmpty()) {
                throw refused;
            }
        }
    }

    private void append(PartitionLog log) {
        if (random.nextInt(20) == 0) {
            epoch++;
        }
        long producer = 1L + random.nextInt(PRODUCERS);
        List<Batch> earlier = model.of(producer);
        int sequence = 0;
        for (Batch batch : earlier) {
            sequence = batch.sequence() + batch.records();
        }
        String[] values = new String[1 + random.nextInt(3)];
        for (int i = 0; i < values.length; i++) {
            values[i] = "x".repeat(random.nextInt(i == 0 ? 700 : 20)) + random.nextLong();
        }
        long timestamp = NOW - random.nextInt(1000);
        BatchBytes sent =
                BatchBytes.of(
                        Batches.builder(timestamp, values)
                                .build(CompressionCodec.NONE, producer, (short) 0, sequence));
        Batch batch =
                new Batch(
                        sent,
                        model.endOffset(),
                        values.length,
                        epoch,
                        timestamp,
                        producer,
                        sequence);
        List<Batch> next = model.with(batch);
        model.becoming(next);
        try {
            AppendOutcome outcome = log.append(sent, epoch, NOW);
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

    private void cut(PartitionLog log) {
        if (model.batches().isEmpty()) {
            return;
        }
        int size = model.batches().size();
        int kept = size - 1 - random.nextInt(Math.min(8, size));
        long end = model.batches().get(kept).baseOffset();
        List<Batch> next = model.until(end);
        model.becoming(next);
        epoch++;
        try {
            log.truncateTo(end);
        } finally {
            model.cutMayHaveBegun(log.durableEndOffset());
        }
        model.became(next);
    }

    private void waitUntilDurable(TestStore test, PartitionLog log) {
        long end = log.logEndOffset();
        CompletableFuture<Void> durable = log.whenDurable(end);
        test.flusher.runDue();
        assertThat(durable).isDone();
        if (!durable.isCompletedExceptionally()) {
            assertThat(log.durableEndOffset()).isGreaterThanOrEqualTo(end);
        }
    }

    private void read(PartitionLog log) {
        if (model.batches().isEmpty()) {
            return;
        }
        int index = random.nextInt(model.batches().size());
        Batch first = model.batches().get(index);
        long from = first.baseOffset() + random.nextInt(first.records());
        LogSlice slice = log.read(from, model.endOffset(), 1 + random.nextInt(3000));
        for (ByteBuffer batch : Batches.batches(slice)) {
            assertThat(batch).isEqualTo(model.batches().get(index++).stored());
        }
        long timestamp = NOW - random.nextInt(1010) + 5;
        assertThat(log.findByTimestamp(timestamp, Long.MAX_VALUE))
                .isEqualTo(model.byTime(timestamp));
        int asked = random.nextInt(epoch + 2);
        assertThat(log.endOffsetForEpoch(asked)).isEqualTo(model.epochEnd(asked));
    }

    private void verify(PartitionLog log) {
        model.found(batches(log));
        assertThat(log.logEndOffset()).isEqualTo(model.endOffset());
        assertThat(log.lastLeaderEpoch()).isEqualTo(model.lastEpoch());
        if (stoppedCleanly) {
            assertThat(log.recovery().clean()).isTrue();
        }
        for (int i = 0; i < 3; i++) {
            read(log);
        }
        for (long producer = 1; producer <= PRODUCERS; producer++) {
            knowsItsProducer(log, model.of(producer));
        }
    }

    private static List<ByteBuffer> batches(PartitionLog log) {
        List<ByteBuffer> all = new ArrayList<>();
        long next = log.logStartOffset();
        assertThat(next).isZero();
        while (next < log.logEndOffset()) {
            LogSlice slice = log.read(next, log.logEndOffset(), 4000);
            assertThat(slice.baseOffset()).isEqualTo(next);
            next = slice.nextOffset();
            all.addAll(Batches.batches(slice));
        }
        return all;
    }

    /** The last five batches are known as sent before; a gap after them is refused. */
    private void knowsItsProducer(PartitionLog log, List<Batch> sent) {
        for (int i = Math.max(0, sent.size() - 5); i < sent.size(); i++) {
            Batch batch = sent.get(i);
            AppendOutcome again = log.append(batch.sent(), epoch, NOW);
            assertThat(again.duplicate()).isTrue();
            assertThat(again.baseOffset()).isEqualTo(batch.baseOffset());
        }
        if (!sent.isEmpty()) {
            Batch last = sent.get(sent.size() - 1);
            BatchBytes gap =
                    Batches.idempotent(
                            last.producerId(), 0, last.sequence() + last.records() + 7, "gap");
            assertThatThrownBy(() -> log.append(gap, epoch, NOW))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE));
        }
    }
}
