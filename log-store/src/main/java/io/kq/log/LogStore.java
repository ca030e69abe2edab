package io.kq.log;

import io.kq.log.Housekeeping.Loops;
import io.kq.log.disk.DirectoryReport;
import io.kq.log.disk.DiskSpace;
import io.kq.log.io.LogFiles;
import io.kq.log.io.OpenFiles;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The logs of all partitions that a node stores, in one data directory or several, locked against
 * other processes while open. Blocking; any thread, one call per partition at a time.
 */
public interface LogStore extends AutoCloseable {

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
        LogStoreConfig bounded = config.withinFileLimit(OpenFiles.limitOfProcess(), 1);
        return DirectoryLogStore.open(directory, parts(bounded, clock, faults));
    }

    /**
     * Opens several data directories as one store. A partition lives in one of them; one that has
     * no log yet is placed by {@link io.kq.log.disk.Placement}. A directory that fails takes only
     * its own partitions with it.
     *
     * @param directories the first one must open; another one that cannot be read or written counts
     *     as offline, which is logged and seen in {@link #directories}
     * @param offline directories that cannot be used, and why: they are not touched
     * @param faults told once for each directory that stops taking writes, as above
     * @throws RejectedException NOT_READY if another process holds one of them; what the first one
     *     answers
     */
    static LogStore open(
            List<Path> directories,
            Map<Path, String> offline,
            LogStoreConfig config,
            Clock clock,
            FaultHandler faults) {
        LogStoreConfig bounded =
                config.withinFileLimit(OpenFiles.limitOfProcess(), directories.size());
        return LogDirectories.open(
                directories,
                offline,
                path -> DirectoryLogStore.open(path, parts(bounded, clock, faults)));
    }

    private static DirectoryLogStore.Parts parts(
            LogStoreConfig config, Clock clock, FaultHandler faults) {
        Loops loops =
                new Loops(
                        EventLoop.start("log-flusher", faults),
                        EventLoop.start("log-background", faults));
        return new DirectoryLogStore.Parts(
                config, clock, faults, LogFiles.onDisk(), DiskSpace::of, loops);
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
     *     message names file and position, and the replica is in quarantine until it is deleted and
     *     fetched anew; also if its log is in two directories, or may be in one that is offline
     */
    PartitionLog open(TopicIdPartition partition, String topicName, LogConfig config);

    /**
     * Closes and deletes a partition's log, opened or not: renamed at once, its files freed in the
     * background, also over a crash. Slices that were handed out stay readable. Does nothing if
     * there is none.
     */
    void delete(TopicIdPartition partition);

    /**
     * Whether the last process that held the directories stopped in good order. False if one is
     * offline: nobody knows what is in it.
     */
    boolean wasCleanShutdown();

    /** Each data directory at the moment, in the order in which they were given. */
    List<DirectoryReport> directories();

    /** Syncs, writes the clean-shutdown marker and unlocks. */
    @Override
    void close();
}
