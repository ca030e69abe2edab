package io.kq.broker;

import io.kq.broker.birth.SideDirectories;
import io.kq.broker.compaction.CleanerSettings;
import io.kq.broker.config.NodeKeys;
import io.kq.broker.config.Settings;
import io.kq.broker.config.StartRefusedException;
import io.kq.broker.rpc.DiskUse;
import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.LogStoreConfig;
import io.kq.log.disk.DirectoryReport;
import io.kq.log.disk.DiskHealth;
import io.kq.log.disk.DiskReserve;
import io.kq.log.io.StorageFaultException;
import io.kq.log.retention.RetentionPolicy;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.FaultHandler;
import io.kq.runtime.Threads;
import java.util.List;
import java.util.Map;

/**
 * The node's data directories as its partitions and its describers see them.
 *
 * @param keptEverything nothing that was written before the last stop can be missing: it was in
 *     good order, or the page cache outlived it; and no directory is missing
 */
record NodeStorage(LogStore store, boolean keptEverything) implements DiskUse {

    /**
     * Opens them. Blocking.
     *
     * @param health told when a directory stops taking writes
     * @param bugs told of everything else that goes wrong in the store's threads
     */
    static NodeStorage open(
            NodeConfig config,
            SideDirectories.Settled directories,
            RunningFile running,
            Clock clock,
            NodeHealth health,
            FaultHandler bugs) {
        boolean sameBoot = running.isSameBoot();
        try {
            LogStore store =
                    LogStore.open(
                            config.dataDirectories(),
                            directories.offline(),
                            LogStoreConfig.defaults().withReserve(reserve(config)),
                            clock,
                            faultsOf(health, running, bugs));
            health.storage(inUse(store));
            running.put(Map.of());
            boolean kept =
                    directories.complete()
                            && inUse(store) == config.dataDirectories().size()
                            && (store.wasCleanShutdown() || sameBoot);
            return new NodeStorage(store, kept);
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.NOT_READY) {
                throw DirectoryHold.taken(e.getMessage());
            }
            throw StartRefusedException.failed(
                    e.code().name(),
                    "the data directory cannot be opened: " + e.getMessage(),
                    e.code() == ErrorCode.DISK_FULL
                            ? "free space on its file system"
                            : "see the node's own log; nothing was deleted");
        }
    }

    private static DiskReserve reserve(NodeConfig config) {
        return config.settings()
                .find(NodeKeys.DISK_RESERVE)
                .map(DiskReserve::ofBytes)
                .orElse(DiskReserve.STANDARD);
    }

    private static int inUse(LogStore store) {
        return (int)
                store.directories().stream().filter(d -> d.health() != DiskHealth.OFFLINE).count();
    }

    /**
     * What a failed directory had in the page cache may be gone, also on this boot: the start that
     * follows has to know. Written by a thread of its own, since whoever met the fault holds locks.
     */
    private static FaultHandler faultsOf(
            NodeHealth health, RunningFile running, FaultHandler bugs) {
        return (where, cause) -> {
            if (!(cause instanceof StorageFaultException fault)) {
                bugs.onFault(where, cause);
            } else if (!fault.diskFull()) {
                health.onDirectoryFailed(where);
                Threads.single("kq-disk-fault").execute(running::noteLoss);
            }
        };
    }

    /** How long records are kept if their topic does not say. */
    static RetentionPolicy retentionDefaults(Settings settings) {
        return new RetentionPolicy(
                settings.get(NodeKeys.LOG_RETENTION).toMillis(),
                settings.get(NodeKeys.LOG_RETENTION_BYTES));
    }

    /** What compaction may take of the node. */
    static CleanerSettings cleanerSettings(Settings settings) {
        return new CleanerSettings(
                settings.get(NodeKeys.LOG_CLEANER_BACKOFF),
                settings.get(NodeKeys.LOG_CLEANER_DEDUPE_BUFFER_SIZE),
                settings.get(NodeKeys.LOG_CLEANER_IO_MAX_BYTES_PER_SECOND));
    }

    /** What a topic's log is like if the topic does not say. */
    static LogConfig logDefaults(NodeConfig.Topics topics) {
        LogConfig standard = LogConfig.defaults();
        return new LogConfig(
                topics.segmentBytes(),
                standard.segmentAge(),
                topics.messageBytesMax(),
                topics.fsync() ? LogConfig.Flush.FSYNC : LogConfig.Flush.OS,
                standard.timestampType(),
                false);
    }

    @Override
    public List<DirectoryReport> directories() {
        return store.directories();
    }
}
