package io.kq.broker.stream;

import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a piece of a log from the disk into the page cache, checking it, on a background thread:
 * after that it can be sent from anywhere. One run; the owner takes the result or cancels.
 */
public final class ColdRead implements Runnable {

    /** How far it is; a slice belongs to whoever moves it out of here. */
    private sealed interface State {}

    private enum Phase implements State {
        READING,
        OVER
    }

    private record Ready(LogSlice slice) implements State {}

    private record Failed(RejectedException reason) implements State {}

    private final Supplier<LogSlice> read;
    private final String partition;
    private final Runnable wake;
    private final AtomicReference<State> state = new AtomicReference<>(Phase.READING);

    /**
     * A read that has not begun.
     *
     * @param read finds the piece; throws {@link RejectedException} why it cannot be read
     * @param partition its name, for what is said of a failure
     * @param wake run when it is done
     */
    public ColdRead(Supplier<LogSlice> read, String partition, Runnable wake) {
        this.read = read;
        this.partition = partition;
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
            slice = read.get();
            slice.verify();
            verified = true;
            return new Ready(slice);
        } catch (RejectedException reason) {
            return new Failed(reason);
        } catch (IOException e) {
            return new Failed(
                    new RejectedException(
                            ErrorCode.STORAGE_FAULT,
                            "cannot read " + partition + ": " + e.getMessage()));
        } finally {
            if (slice != null && !verified) {
                slice.close();
            }
        }
    }

    /** Whether {@link #take} has an answer. */
    public boolean isDone() {
        return state.get() != Phase.READING;
    }

    /**
     * The checked piece, now the caller's.
     *
     * @throws RejectedException why it could not be read
     */
    public LogSlice take() {
        State result = state.getAndSet(Phase.OVER);
        if (result instanceof Failed failed) {
            throw failed.reason();
        }
        return ((Ready) result).slice();
    }

    /** The result is not wanted any more. */
    public void cancel() {
        if (state.getAndSet(Phase.OVER) instanceof Ready unwanted) {
            unwanted.slice().close();
        }
    }
}
