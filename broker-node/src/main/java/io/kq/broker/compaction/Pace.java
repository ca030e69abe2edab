package io.kq.broker.compaction;

/**
 * When so many bytes a second may go on. Pure; the time is passed in. One owner.
 *
 * <p>Bursts of a tenth of a second go through, so that short waits do not cost more than the work.
 */
final class Pace {

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long BURST_NANOS = SECOND_NANOS / 10;

    private final long bytesPerSecond;

    /** When what was taken so far is paid for. */
    private long paidNanos;

    private boolean begun;

    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Takes note of bytes; for how long to wait then, 0: go on. */
    long waitNanos(long bytes, long nowNanos) {
        if (!begun || paidNanos - nowNanos < 0) {
            begun = true;
            paidNanos = nowNanos;
        }
        paidNanos += (long) ((double) bytes / bytesPerSecond * SECOND_NANOS);
        long ahead = paidNanos - nowNanos;
        return ahead > BURST_NANOS ? ahead : 0;
    }
}
