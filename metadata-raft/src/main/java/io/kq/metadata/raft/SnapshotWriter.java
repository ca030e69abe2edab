package io.kq.metadata.raft;

import io.kq.runtime.FaultHandler;
import io.kq.runtime.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots of immutable states beside apply, one at a time. Ratis asks again with every
 * entry until it is told a newer index, so a request while one is being written does nothing.
 */
final class SnapshotWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

    private final SimpleStateMachineStorage storage;
    private final String name;
    private final FaultHandler faults;
    private final ExecutorService executor;

    /** Index of the newest snapshot that is durable. Grows. */
    private volatile long durableIndex = RaftLog.INVALID_LOG_INDEX;

    /** Set by the updater's thread, cleared by the writer's. */
    private volatile boolean writing;

    SnapshotWriter(SimpleStateMachineStorage storage, String name, FaultHandler faults) {
        this.storage = storage;
        this.name = name;
        this.faults = faults;
        this.executor = Threads.single("kq-" + name + "-snapshot");
    }

    /** A snapshot was loaded, or installed by the leader. */
    void startsFrom(long index) {
        durableIndex = Math.max(durableIndex, index);
    }

    /** Begins to write unless at it. Updater's thread. Answers the newest durable index. */
    long writeLater(RaftState.Snapshot snapshot, TermIndex applied) {
        if (!writing && applied.getIndex() > durableIndex) {
            writing = true;
            executor.execute(
                    () -> {
                        try {
                            writeNow(snapshot, applied);
                        } catch (IOException e) {
                            // The log still has everything; the next entry asks again.
                            LOG.warn(
                                    "Could not write a snapshot, will try again: {}", e.toString());
                        } catch (RuntimeException | Error bug) {
                            faults.onFault(name + " snapshot", bug);
                        } finally {
                            writing = false;
                        }
                    });
        }
        return durableIndex;
    }

    /** Writes on the caller's thread: when the node stops. Answers the newest durable index. */
    long writeNow(RaftState.Snapshot snapshot, TermIndex applied) throws IOException {
        if (applied.getIndex() <= durableIndex) {
            return durableIndex;
        }
        Path file = storage.getSnapshotFile(applied.getTerm(), applied.getIndex()).toPath();
        snapshot.write(file);
        MD5Hash md5 = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, md5), applied));
        startsFrom(applied.getIndex());
        LOG.info("Wrote snapshot of={} index={}", name, applied.getIndex());
        return durableIndex;
    }

    /** Waits for the one that is being written. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("A snapshot is still being written, it will be dropped of={}", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
