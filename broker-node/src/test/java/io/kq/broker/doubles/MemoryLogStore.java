package io.kq.broker.doubles;

import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.PartitionLog;
import io.kq.log.disk.DirectoryReport;
import io.kq.log.disk.DiskHealth;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Logs in memory, with a disk that can be full. */
public final class MemoryLogStore implements LogStore {

    private final Map<TopicIdPartition, MemoryLog> logs = new ConcurrentHashMap<>();
    private final AtomicInteger openSlices = new AtomicInteger();
    private volatile @Nullable ErrorCode openFailure;

    /** Logs cannot be opened from now on; null: they can. */
    public void failOpens(@Nullable ErrorCode code) {
        openFailure = code;
    }

    /** A log that is there. */
    public MemoryLog log(TopicIdPartition partition) {
        MemoryLog log = logs.get(partition);
        if (log == null) {
            throw new IllegalStateException("no log of " + partition);
        }
        return log;
    }

    /** Slices that were handed out and not closed. */
    public int openSlices() {
        return openSlices.get();
    }

    @Override
    public Set<TopicIdPartition> partitions() {
        return Set.copyOf(logs.keySet());
    }

    @Override
    public PartitionLog open(TopicIdPartition partition, String topicName, LogConfig config) {
        ErrorCode failure = openFailure;
        if (failure != null) {
            throw new RejectedException(failure, "cannot open " + partition);
        }
        return logs.computeIfAbsent(partition, p -> new MemoryLog(p, config, openSlices));
    }

    @Override
    public void delete(TopicIdPartition partition) {
        logs.remove(partition);
    }

    @Override
    public boolean wasCleanShutdown() {
        return true;
    }

    @Override
    public List<DirectoryReport> directories() {
        long usedBytes = logs.values().stream().mapToLong(MemoryLog::sizeBytes).sum();
        return List.of(
                new DirectoryReport(
                        Path.of("memory"),
                        DiskHealth.WRITABLE,
                        "",
                        logs.size(),
                        0,
                        usedBytes,
                        -1,
                        -1));
    }

    @Override
    public void close() {}
}
