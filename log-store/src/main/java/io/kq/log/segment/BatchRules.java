package io.kq.log.segment;

import io.kq.protocol.record.RecordBatchHeader;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a stored batch must say. It judges the bytes that no CRC covers: a batch's
 * base offset and leader epoch are stamped after the producer computed the CRC.
 */
public final class BatchRules {

    /** Passed for an expected offset when any will do. */
    public static final long ANY_OFFSET = -1;

    /** Said of a batch whose bytes are not those that its CRC was made of. */
    public static final String CRC_PROBLEM = "expected another CRC of the batch's bytes";

    private BatchRules() {}

    /** What a segment that does not begin at {@code offset}, where the last one ended, lacks. */
    public static String segmentProblem(long offset) {
        return "expected a segment for offset " + offset;
    }

    /**
     * Why no whole batch can start here, or null if one can.
     *
     * @param bytesLeft from its first byte to the end of what may belong to it
     */
    public static @Nullable String shapeProblem(RecordBatchHeader header, long bytesLeft) {
        if (header.lengthBytes()
                < RecordBatchHeader.SIZE_BYTES - RecordBatchHeader.LENGTH_OVERHEAD_BYTES) {
            return "expected a batch, found a length field of " + header.lengthBytes();
        }
        if (header.magic() != RecordBatchHeader.MAGIC) {
            return "expected magic 2, found " + header.magic();
        }
        long sizeBytes = (long) header.lengthBytes() + RecordBatchHeader.LENGTH_OVERHEAD_BYTES;
        if (sizeBytes > bytesLeft) {
            return "expected " + sizeBytes + " bytes of a batch, found " + bytesLeft;
        }
        if (header.baseOffset() < 0 || header.lastOffsetDelta() < 0 || header.recordCount() < 0) {
            return "expected offsets and counts of a batch, found base offset "
                    + header.baseOffset()
                    + ", last offset delta "
                    + header.lastOffsetDelta()
                    + ", record count "
                    + header.recordCount();
        }
        return null;
    }

    /**
     * Why this batch cannot follow what is before it, or null if it can.
     *
     * @param expectedOffset after the batch before it, or {@link #ANY_OFFSET}
     * @param lastLeaderEpoch of the batch before it, -1 if unknown
     */
    public static @Nullable String successionProblem(
            RecordBatchHeader header, long expectedOffset, int lastLeaderEpoch) {
        if (expectedOffset != ANY_OFFSET && header.baseOffset() != expectedOffset) {
            return "expected base offset " + expectedOffset + ", found " + header.baseOffset();
        }
        if (header.leaderEpoch() < lastLeaderEpoch) {
            return "expected a leader epoch of at least "
                    + lastLeaderEpoch
                    + ", found "
                    + header.leaderEpoch();
        }
        return null;
    }
}
