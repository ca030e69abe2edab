package io.kq.log.retention;

import java.util.List;

/**
 * For how long and up to which size a log is kept. Pure; the time is passed in.
 *
 * @param retentionMillis a segment whose newest record is older goes; negative: for ever
 * @param retentionBytes the oldest segments go as long as the others have at least this many bytes;
 *     negative: any size
 */
public record RetentionPolicy(long retentionMillis, long retentionBytes) {

    /** Nothing goes. */
    public static RetentionPolicy keepAll() {
        return new RetentionPolicy(-1, -1);
    }

    /**
     * How many of the oldest segments go. The last one is active: it goes only if it holds records
     * and all of them are too old, and then its owner begins a new one first.
     *
     * @param segments all of a log, oldest first
     * @param logStartOffset sealed segments that end at or below it go in any case
     * @param upperBound no segment goes that ends after it
     * @param nowMillis wall clock
     */
    public int countToDelete(
            List<SegmentFacts> segments, long logStartOffset, long upperBound, long nowMillis) {
        long remainingBytes = 0;
        for (SegmentFacts segment : segments) {
            remainingBytes += segment.sizeBytes();
        }
        int count = 0;
        for (SegmentFacts segment : segments) {
            boolean active = count == segments.size() - 1;
            remainingBytes -= segment.sizeBytes();
            boolean goes =
                    active
                            ? segment.sizeBytes() > 0 && isTooOld(segment, nowMillis)
                            : segment.endOffset() <= logStartOffset
                                    || isTooMuch(remainingBytes)
                                    || isTooOld(segment, nowMillis);
            if (!goes || segment.endOffset() > upperBound) {
                break;
            }
            count++;
        }
        return count;
    }

    private boolean isTooMuch(long remainingBytes) {
        return retentionBytes >= 0 && remainingBytes >= retentionBytes;
    }

    private boolean isTooOld(SegmentFacts segment, long nowMillis) {
        return retentionMillis >= 0
                && nowMillis - segment.newestTimestampMillis().getAsLong() > retentionMillis;
    }
}
