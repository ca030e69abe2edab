package io.kq.log;

import io.kq.protocol.TopicIdPartition;
import java.util.Set;

/**
 * One data directory with the logs of all partitions in it, locked against other processes while
 * open. Blocking; any thread, one call per partition at a time.
 */
public interface LogStore extends AutoCloseable {

    /** Partitions that have a log here. */
    Set<TopicIdPartition> partitions();

    /**
     * Opens the log of a partition, made if there is none. Recovers its tail if the last stop was
     * not clean.
     *
     * @param topicName for {@code partition.properties} and log lines
     * @throws io.kq.protocol.RejectedException DISK_FULL, STORAGE_FAULT
     */
    PartitionLog open(TopicIdPartition partition, String topicName, LogConfig config);

    /**
     * Closes and deletes a partition's log: renamed at once, its files freed in the background,
     * also over a crash.
     */
    void delete(TopicIdPartition partition);

    /** Whether the last process that held this directory stopped in good order. */
    boolean wasCleanShutdown();

    /** Bytes of all segments. */
    long sizeBytes();

    /** Syncs, writes the clean-shutdown marker and unlocks. */
    @Override
    void close();
}
