package io.kq.log.inspection;

import io.kq.protocol.TopicIdPartition;
import java.nio.file.Path;

/**
 * A partition's directory.
 *
 * @param topicName as of its creation; empty if the file that tells it is unreadable
 * @param indexId the number under which its rows stand in the index, -1 if unknown
 * @param logStartOffset as last written down; the log may start later
 * @param recoveryPoint everything below was on the disk when this was written down
 */
public record PartitionOnDisk(
        TopicIdPartition partition,
        String topicName,
        Path directory,
        int indexId,
        long logStartOffset,
        long recoveryPoint) {

    /** The data directory that it is in. */
    public Path dataDirectory() {
        return directory.resolve("..").resolve("..").normalize();
    }
}
