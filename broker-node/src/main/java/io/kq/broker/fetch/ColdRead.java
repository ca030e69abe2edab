package io.kq.broker.fetch;

import io.kq.broker.partition.PartitionLeader;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads a piece of a log from the disk into the page cache, checking it, on a background thread:
 * after that it can be sent from anywhere. One run; the owner takes the result or cancels.
 */
final class ColdRead implements Runnable {

    /** How far it is; a slice belongs to whoever moves it out of here. */
    private sealed interface State {}

    private enum Phase implements State {
        READING,
        OVER
    }

    private record Ready(LogSlice slice) implements State {}

    private record Failed(RejectedException reason) implements State {}

    private final PartitionLeader leader;
    private final long offset;
    private final int bytesMax;
    private final Runnable wake;
    private final AtomicReference<State> state = new AtomicReference<>(Phase.READING);

    /**
     * @param wake run when it is done
     */
    ColdRead(PartitionLeader leader, long offset, int bytesMax, Runnable wake) {
        this.leader = leader;
        this.offset = offset;
        this.bytesMax = bytesMax;
        this.wake = wake;
    }

    @Override
    public void run() {
        if (state.get() != Phase.READING) {
            return;
        }
        State result = read();
        if (state.compareAndSet(Phase.READING, result)) {
            wake.run();
        } else if (result instanceof Ready unwanted) {
            unwanted.slice().close();
        }
    }

    private State read() {
        @Nullable LogSlice slice = null;
        boolean verified = false;
        try {
            slice = leader.read(offset, bytesMax);
            slice.verify();
            verified = true;
            return new Ready(slice);
        } catch (RejectedException reason) {
            return new Failed(reason);
        } catch (IOException e) {
            return new Failed(
                    new RejectedException(
                            ErrorCode.STORAGE_FAULT,
                            "cannot read " + leader.partition() + ": " + e.getMessage()));
        } finally {
            if (slice != null && !verified) {
                slice.close();
            }
        }
    }

    boolean isDone() {
        return state.get() != Phase.READING;
    }

    /**
     * The checked piece, now the caller's.
     *
     * @throws RejectedException why it could not be read
     */
    LogSlice take() {
        State result = state.getAndSet(Phase.OVER);
        if (result instanceof Failed failed) {
            throw failed.reason();
        }
        return ((Ready) result).slice();
    }

    /** The result is not wanted any more. */
    void cancel() {
        if (state.getAndSet(Phase.OVER) instanceof Ready unwanted) {
            unwanted.slice().close();
        }
    }
}
