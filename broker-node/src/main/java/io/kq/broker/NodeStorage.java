package io.kq.broker;

import io.kq.broker.config.StartRefusedException;
import io.kq.broker.rpc.DiskUse;
import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.LogStoreConfig;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.FaultHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The node's data directory as its partitions and its describers see it.
 *
 * @param keptEverything nothing that was written before the last stop can be missing: it was in
 *     good order, or the page cache outlived it
 */
record NodeStorage(Path directory, LogStore store, boolean keptEverything) implements DiskUse {

    /**
     * Opens it. Blocking.
     *
     * @param faults told when the directory stops taking writes
     */
    static NodeStorage open(Path directory, RunningFile running, Clock clock, FaultHandler faults) {
        boolean sameBoot = running.isSameBoot();
        try {
            LogStore store = LogStore.open(directory, LogStoreConfig.defaults(), clock, faults);
            running.put(Map.of());
            return new NodeStorage(directory, store, store.wasCleanShutdown() || sameBoot);
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.NOT_READY) {
                throw DirectoryHold.taken(directory);
            }
            throw StartRefusedException.failed(
                    e.code().name(),
                    "the data directory " + directory + " cannot be opened: " + e.getMessage(),
                    e.code() == ErrorCode.DISK_FULL
                            ? "free space on its file system"
                            : "see the node's own log; nothing was deleted");
        }
    }

    /** What a topic's log is like if the topic does not say. */
    static LogConfig logDefaults(NodeConfig.Topics topics) {
        LogConfig standard = LogConfig.defaults();
        return new LogConfig(
                topics.segmentBytes(),
                standard.segmentAge(),
                topics.messageBytesMax(),
                topics.fsync() ? LogConfig.Flush.FSYNC : LogConfig.Flush.OS,
                standard.timestampType());
    }

    @Override
    public long usedBytes() {
        return store.sizeBytes();
    }

    @Override
    public long freeBytes() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }
}
