package io.kq.log.index;

/**
 * Where one batch is, and enough of its header to know it again. Two logs that have a batch of the
 * same leader epoch at the same offset are the same up to it (the log matching property, Raft
 * section 5.3), so an entry that fits its batch vouches for everything before it.
 *
 * @param baseOffset of the batch
 * @param segmentBaseOffset of the segment it is in
 * @param generation of that segment's file: a place in another file is of no use
 * @param position of its first byte in that segment
 * @param crc in its header
 * @param leaderEpoch in its header
 * @param maxTimestampBefore no record before the batch has a larger timestamp
 */
public record SparseEntry(
        long baseOffset,
        long segmentBaseOffset,
        int generation,
        long position,
        int crc,
        int leaderEpoch,
        long maxTimestampBefore) {}
