package io.kq.broker.fetch;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionWatcher;
import io.kq.broker.partition.Watermarks;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.runtime.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One answer about some partitions: as soon as one of them has something to say, or when the wait
 * is over. Any thread; reads on a background thread.
 */
final class LongPoll implements PartitionWatcher {

    private final List<LocalRead> parts;
    private final long bytesMax;
    private final Executor background;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final CompletableFuture<List<PartitionRead>> answer = new CompletableFuture<>();
    private EventLoop.@Nullable Cancellable timer;

    LongPoll(List<LocalRead> parts, long bytesMax, Executor background) {
        this.parts = List.copyOf(parts);
        this.bytesMax = bytesMax;
        this.background = background;
    }

    /** Starts to wait. Completing or cancelling the answer ends the wait. */
    CompletableFuture<List<PartitionRead>> start(Duration waitMax, EventLoop timers) {
        if (waitMax.isZero() || hasNews()) {
            decide();
            return answer;
        }
        watch();
        timer = timers.schedule(waitMax, this::decide);
        CompletableFuture<?> unused = answer.whenComplete((done, cancelled) -> forget());
        onAdvanced();
        return answer;
    }

    private void watch() {
        for (LocalRead part : parts) {
            try {
                part.leader().addWatcher(this);
            } catch (RejectedException resigned) {
                decide();
            }
        }
    }

    private boolean hasNews() {
        for (LocalRead part : parts) {
            if (part.hasNews()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onAdvanced() {
        if (!decided.get() && hasNews()) {
            decide();
        }
    }

    @Override
    public void onResigned(RejectedException reason) {
        decide();
    }

    private void decide() {
        if (decided.compareAndSet(false, true)) {
            CompletableFuture<?> unused =
                    CompletableFuture.supplyAsync(this::readAll, background)
                            .whenComplete(
                                    (reads, bug) -> {
                                        if (bug == null) {
                                            answer.complete(reads);
                                        } else {
                                            answer.completeExceptionally(bug);
                                        }
                                    });
        }
    }

    private void forget() {
        decided.set(true);
        if (timer != null) {
            timer.cancel();
        }
        for (LocalRead part : parts) {
            part.leader().removeWatcher(this);
        }
    }

    private List<PartitionRead> readAll() {
        List<PartitionRead> reads = new ArrayList<>(parts.size());
        long left = bytesMax;
        for (LocalRead part : parts) {
            PartitionRead read = read(part, left);
            if (left < bytesMax && read.sizeBytes() > left) {
                // A batch that is larger than what is left goes out whole, but only as the first.
                read = read(part, 0);
            }
            reads.add(read);
            left -= read.sizeBytes();
        }
        return reads;
    }

    private static PartitionRead read(LocalRead part, long left) {
        FetchTarget target = part.target();
        PartitionLeader leader = part.leader();
        try {
            leader.reads().latestOffset();
            if (left <= 0) {
                return PartitionRead.plain(
                        target, List.of(), 0, target.offset(), leader.reads().watermarks());
            }
            return read(leader, target, (int) Math.min(target.bytesMax(), left));
        } catch (RejectedException reason) {
            return PartitionRead.failed(target, reason);
        } catch (IOException e) {
            return PartitionRead.failed(
                    target,
                    new RejectedException(
                            ErrorCode.STORAGE_FAULT,
                            "cannot read " + leader.partition() + ": " + e.getMessage()));
        }
    }

    private static PartitionRead read(PartitionLeader leader, FetchTarget target, int bytesMax)
            throws IOException {
        LogSlice slice = leader.reads().read(target.offset(), bytesMax);
        try (slice) {
            if (!slice.isHot()) {
                slice.verify();
            }
            Watermarks marks = leader.reads().watermarks();
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            slice.read(0, bytes);
            bytes.flip();
            if (target.form() == FetchTarget.Form.PACKED || !bytes.hasRemaining()) {
                return PartitionRead.packed(target, bytes, slice.nextOffset(), marks);
            }
            PlainCursor cursor = new PlainCursor(bytes, target.offset());
            List<BatchRecord> records = cursor.take(bytesMax);
            return PartitionRead.plain(
                    target, records, cursor.takenBytes(), cursor.nextOffset(), marks);
        }
    }
}
