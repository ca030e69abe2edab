package io.kq.log.compaction;

/**
 * The offsets whose keys a pass of compaction looks at: the records below it that one of these
 * supersedes go. It ends at the end of a sealed segment.
 *
 * @param fromOffset everything below was compacted before
 * @param toOffset exclusive
 * @param cleanBytes of the segments below it
 * @param dirtyBytes of its segments
 */
public record DirtyRange(long fromOffset, long toOffset, long cleanBytes, long dirtyBytes) {

    /** How much of what could be compact is not: 0 to 1. */
    public double ratio() {
        long all = cleanBytes + dirtyBytes;
        return all == 0 ? 0 : (double) dirtyBytes / all;
    }
}
