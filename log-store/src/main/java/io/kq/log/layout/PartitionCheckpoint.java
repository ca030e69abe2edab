package io.kq.log.layout;

/**
 * What is written down of one partition: where its log starts, and a point in it below which
 * everything is on the disk.
 *
 * @param logStartOffset first record that still exists
 * @param recoveryPoint everything below is on the disk; after a clean stop the log's end
 * @param segmentBaseOffset segment that the recovery point lies in, -1 if the log had none
 * @param positionBytes of the recovery point in that segment
 * @param lastLeaderEpoch epoch of the batch before the recovery point, -1 if there is none
 * @param maxTimestampMillis largest timestamp below the recovery point, -1 if there is none
 * @param segmentStartedMillis when the first batch of that segment was appended, by wall clock
 * @param compactedTo records below it are compacted; too low costs a pass that finds nothing
 * @param hasProducers false: no producer was known there, so a missing snapshot is no loss
 * @param sealedBytes size of the segments from the log's start to before that one, {@link
 *     #SEALED_UNKNOWN} if that was not written down
 */
public record PartitionCheckpoint(
        long logStartOffset,
        long recoveryPoint,
        long segmentBaseOffset,
        long positionBytes,
        int lastLeaderEpoch,
        long maxTimestampMillis,
        long segmentStartedMillis,
        long compactedTo,
        boolean hasProducers,
        long sealedBytes) {

    public static final long SEALED_UNKNOWN = -1;

    /**
     * Whether a cut may have written it, which lowers the recovery point to the start of a segment:
     * then it is not known whether the cut itself reached the disk.
     */
    public boolean mayBeOfCut() {
        return segmentBaseOffset >= 0 && positionBytes == 0 && lastLeaderEpoch < 0;
    }

    /** The same with another start. */
    public PartitionCheckpoint startingAt(long offset) {
        return new PartitionCheckpoint(
                offset,
                recoveryPoint,
                segmentBaseOffset,
                positionBytes,
                lastLeaderEpoch,
                maxTimestampMillis,
                segmentStartedMillis,
                compactedTo,
                hasProducers,
                sealedBytes);
    }

    /** The same, compacted up to another offset. */
    public PartitionCheckpoint compactedTo(long offset) {
        return new PartitionCheckpoint(
                logStartOffset,
                recoveryPoint,
                segmentBaseOffset,
                positionBytes,
                lastLeaderEpoch,
                maxTimestampMillis,
                segmentStartedMillis,
                offset,
                hasProducers,
                sealedBytes);
    }

    /** The same, with what is before it in size. */
    public PartitionCheckpoint withSealedBytes(long bytes) {
        return new PartitionCheckpoint(
                logStartOffset,
                recoveryPoint,
                segmentBaseOffset,
                positionBytes,
                lastLeaderEpoch,
                maxTimestampMillis,
                segmentStartedMillis,
                compactedTo,
                hasProducers,
                bytes);
    }
}
