package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.CrashModel.Batch;
import io.kq.log.PartitionLog.AppendOutcome;
import io.kq.log.PartitionLog.EpochEnd;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.runtime.RandomSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Holds what a log answers against the model. */
final class CrashReads {

    private static final int PRODUCERS = 3;

    private final RandomSource random;
    private final CrashModel model;

    CrashReads(RandomSource random, CrashModel model) {
        this.random = random;
        this.model = model;
    }

    /** Everything, after a restart: the model goes on from what is found. */
    void afterRestart(PartitionLog log) {
        CrashTrace.say(
                "opened: %s to %s, %s", log.logStartOffset(), log.logEndOffset(), log.recovery());
        List<ByteBuffer> stored = batches(log);
        model.found(log.logStartOffset(), log.logEndOffset(), stored);
        if (!model.batches().isEmpty()) {
            assertThat(log.lastLeaderEpoch()).isEqualTo(model.lastEpoch());
        }
        for (int i = 0; i < 3; i++) {
            readSomething(log);
        }
        for (long producer = 1; producer <= PRODUCERS; producer++) {
            knowsItsProducer(log, model.remembered(producer, stored));
        }
    }

    /** Everything, after a pass of compaction that was done or broken off. */
    void afterCompaction(PartitionLog log) {
        model.compactedTo(batches(log));
        assertThat(log.logEndOffset()).isEqualTo(model.endOffset());
        readSomething(log);
    }

    /** By any offset, time and epoch. */
    void readSomething(PartitionLog log) {
        List<Batch> batches = model.batches();
        if (!batches.isEmpty()) {
            Batch first = batches.get(random.nextInt(batches.size()));
            long from =
                    Math.max(
                            model.startOffset(),
                            first.baseOffset() + random.nextInt(first.records()));
            LogSlice slice = log.read(from, model.endOffset(), 1 + random.nextInt(3000));
            assertThat(slice.baseOffset()).isLessThanOrEqualTo(from);
            assertThat(slice.nextOffset()).isGreaterThan(from);
            model.holds(Batches.batches(slice));
        }
        if (model.startOffset() > 0) {
            long gone = random.nextInt((int) model.startOffset());
            refused(ErrorCode.OFFSET_OUT_OF_RANGE, () -> log.read(gone, model.endOffset(), 100));
        }
        long timestamp = NOW - random.nextInt(1010) + 5;
        assertThat(log.findByTimestamp(timestamp, Long.MAX_VALUE))
                .isEqualTo(model.byTime(timestamp));
        int asked = random.nextInt(model.epoch() + 2);
        EpochEnd end = log.endOffsetForEpoch(asked);
        if (batches.isEmpty()) {
            // The epochs of records that are gone may be known or not.
            assertThat(end.endOffset()).isEqualTo(model.endOffset());
        } else {
            assertThat(end).isEqualTo(model.epochEnd(asked));
        }
    }

    private static List<ByteBuffer> batches(PartitionLog log) {
        List<ByteBuffer> all = new ArrayList<>();
        long next = log.logStartOffset();
        while (next < log.logEndOffset()) {
            LogSlice slice = log.read(next, log.logEndOffset(), 4000);
            next = slice.nextOffset();
            all.addAll(Batches.batches(slice));
        }
        return all;
    }

    /** The last batches are known as sent before; a gap after them is refused. */
    private void knowsItsProducer(PartitionLog log, List<Batch> sent) {
        for (Batch batch : sent) {
            AppendOutcome again = log.append(batch.sent(), model.epoch(), NOW);
            assertThat(again.duplicate()).isTrue();
            assertThat(again.baseOffset()).isEqualTo(batch.baseOffset());
        }
        if (!sent.isEmpty()) {
            Batch last = sent.get(sent.size() - 1);
            BatchBytes gap =
                    Batches.idempotent(
                            last.producerId(), 0, last.sequence() + last.records() + 7, "gap");
            refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, () -> log.append(gap, model.epoch(), NOW));
        }
    }

    private static void refused(
            ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
