package io.kq.log.compaction;

/**
 * What a pass of compaction did.
 *
 * @param fromOffset where the keys that it looked at begin
 * @param toOffset where they end: everything below is compact now; equals {@code fromOffset} if the
 *     pass was given up, because the log was cut or closed meanwhile
 * @param segmentsBefore how many segments were replaced
 * @param segmentsAfter by how many
 * @param bytesBefore of the former
 * @param bytesAfter of the latter
 * @param recordsRemoved of the former that are not in the latter
 */
public record CompactionReport(
        long fromOffset,
        long toOffset,
        int segmentsBefore,
        int segmentsAfter,
        long bytesBefore,
        long bytesAfter,
        long recordsRemoved) {

    /** Nothing was done yet. */
    public static CompactionReport begin(long fromOffset) {
        return new CompactionReport(fromOffset, fromOffset, 0, 0, 0, 0, 0);
    }

    /** With one more group of segments that became one. */
    public CompactionReport plus(
            int segments, long replacedBytes, long compactedBytes, long removed) {
        return new CompactionReport(
                fromOffset,
                toOffset,
                segmentsBefore + segments,
                segmentsAfter + 1,
                bytesBefore + replacedBytes,
                bytesAfter + compactedBytes,
                recordsRemoved + removed);
    }

    /** It is done. */
    public CompactionReport upTo(long offset) {
        return new CompactionReport(
                fromOffset,
                offset,
                segmentsBefore,
                segmentsAfter,
                bytesBefore,
                bytesAfter,
                recordsRemoved);
    }
}
