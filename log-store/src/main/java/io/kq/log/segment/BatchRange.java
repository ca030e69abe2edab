package io.kq.log.segment;

/**
 * Whole batches next to each other in one segment.
 *
 * @param position of the first one's first byte
 * @param endPosition after the last one's last byte
 * @param baseOffset of the first one
 * @param nextOffset after the last one's last record
 */
public record BatchRange(long position, long endPosition, long baseOffset, long nextOffset) {

    /** Bytes of all of them. */
    public int sizeBytes() {
        return (int) (endPosition - position);
    }
}
