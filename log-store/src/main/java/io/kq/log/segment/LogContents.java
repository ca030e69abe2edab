package io.kq.log.segment;

/**
 * What a log holds, as its readers see it. Written under the log's lock, read by any thread. An
 * append publishes in this order: bytes in the file, the segment's size, the tail; so whoever has
 * read the tail finds everything below it.
 */
public final class LogContents {

    /** Oldest first; replaced by a roll or a cut. Published before the tail that needs it. */
    private volatile SegmentList segments;

    /** The log's end. Moved last. */
    private volatile LogTail tail;

    /** First record that still exists. Invariant: {@code <= tail.endOffset()}. */
    private volatile long logStartOffset;

    /** Below it no record has a key of a later one below it. Only a hint: it may be too low. */
    private volatile long compactedTo;

    /**
     * How often a cut began or ended, so odd while one is under way: what is read beside a cut
     * proves nothing.
     */
    private volatile int cutCount;

    public LogContents(SegmentList segments, LogTail tail, long logStartOffset, long compactedTo) {
        this.segments = segments;
        this.tail = tail;
        this.logStartOffset = logStartOffset;
        this.compactedTo = compactedTo;
    }

    public SegmentList segments() {
        return segments;
    }

    public LogTail tail() {
        return tail;
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    public void segments(SegmentList replaced) {
        segments = replaced;
    }

    public void tail(LogTail moved) {
        tail = moved;
    }

    public void logStartOffset(long moved) {
        logStartOffset = moved;
    }

    public long compactedTo() {
        return compactedTo;
    }

    public void compactedTo(long moved) {
        compactedTo = moved;
    }

    /** Other than before if the log was cut since. */
    public int cutCount() {
        return cutCount;
    }

    /** Whether files are being cut, and may not be what the segments here say. */
    public boolean isBeingCut() {
        return cutCount % 2 != 0;
    }

    /** The files are about to be cut. Under the log's lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
    public void cutBegins() {
        cutCount++;
    }

    /** The segments here are those of the files again. Under the log's lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
    public void cutEnds() {
        cutCount++;
    }
}
