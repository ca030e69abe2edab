package io.kq.log.inspection;

import java.nio.file.Path;

/**
 * Something on the disk that is not as it should be.
 *
 * @param position in the file
 * @param problem what was expected and what was found
 * @param inTail it is at the end of the last segment, above the recovery point: the trace of a
 *     crash, or of a write that is under way, and no loss of anything acknowledged as durable
 */
public record Defect(Path file, long position, String problem, boolean inTail) {

    /**
     * The same, where a log's reading ended.
     *
     * @param nextOffset the log is whole up to here
     */
    public Defect after(long nextOffset, PartitionOnDisk partition) {
        return new Defect(file, position, problem, nextOffset >= partition.recoveryPoint());
    }
}
