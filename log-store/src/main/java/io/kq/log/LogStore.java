package io.kq.log;

import io.kq.log.io.LogFiles;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;
import java.nio.file.Path;
import java.util.Set;

/**
 * One data directory with the logs of all partitions in it, locked against other processes while
 * open. Blocking; any thread, one call per partition at a time.
 */
public interface LogStore extends AutoCloseable {

    /** What the directory can do at the moment. */
    enum Health {
        /** Reads and writes. */
        WRITABLE,
        /**
         * The disk is full: appends are refused with DISK_FULL, reads go on. Writable again by
         * itself once there is space.
         */
        DISK_FULL,
        /**
         * A write or an fsync failed: appends are refused with STORAGE_FAULT until the process is
         * started anew, reads go on.
         */
        FAILED
    }

    /**
     * Opens a data directory, made if there is none, and locks it. Threads of its own serve fsync
     * and background work until it is closed.
     *
     * @param faults told once when the directory stops taking writes, with the cause, on the thread
     *     that met the fault and perhaps under a log's lock: it must neither block nor call back
     * @throws RejectedException NOT_READY if another process holds the directory (the message names
     *     it), STORAGE_FAULT if it cannot be read or written, DISK_FULL
     */
    static LogStore open(Path directory, LogStoreConfig config, Clock clock, FaultHandler faults) {
        Loops loops =
                new Loops(
                        EventLoop.start("log-flusher", faults),
                        EventLoop.start("log-background", faults));
        return DirectoryLogStore.open(
                directory,
                new DirectoryLogStore.Parts(config, clock, faults, LogFiles.onDisk(), loops));
    }

    /** Partitions that have a log here, opened or not. */
    Set<TopicIdPartition> partitions();

    /**
     * Opens the log of a partition, made if there is none. Recovers its tail if the last stop was
     * not clean; {@link PartitionLog#recovery()} tells what was done.
     *
     * @param topicName for {@code partition.properties} and log lines
     * @throws RejectedException DISK_FULL; STORAGE_FAULT, also if the partition's data is damaged
     *     below the point up to which it was known to be on disk: then nothing is changed, the
     *     message names file and position, and the replica has to be fetched anew from others
     */
    PartitionLog open(TopicIdPartition partition, String topicName, LogConfig config);

    /**
     * Closes and deletes a partition's log, opened or not: renamed at once, its files freed in the
     * background, also over a crash. Slices that were handed out stay readable. Does nothing if
     * there is none.
     */
    void delete(TopicIdPartition partition);

    /** Whether the last process that held this directory stopped in good order. */
    boolean wasCleanShutdown();

    /** What the directory can do at the moment. */
    Health health();

    /** Bytes of all segments of the logs that are open. */
    long sizeBytes();

    /** Syncs, writes the clean-shutdown marker and unlocks. */
    @Override
    void close();
}
