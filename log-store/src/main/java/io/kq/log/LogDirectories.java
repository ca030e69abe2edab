package io.kq.log;

import io.kq.log.disk.DirectoryReport;
import io.kq.log.disk.DiskHealth;
import io.kq.log.disk.DiskSpace;
import io.kq.log.disk.Placement;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several data directories as one store: each is a store of its own with its own lock, index,
 * checkpoint and threads; this one knows which partition is where.
 *
 * <p>Why is a partition not made anew while a directory is offline? Its log may be in there. An
 * empty one in its place would look like a replica that has everything, and could become leader:
 * what was acknowledged would be gone from all replicas. So it waits until the directory is back or
 * was taken out of the settings.
 */
final class LogDirectories implements LogStore {

    private static final Logger LOG = LoggerFactory.getLogger(LogDirectories.class);

    private final List<Path> order;
    private final Map<Path, DirectoryLogStore> stores;
    private final Map<Path, String> offline;

    /**
     * Which directory a new partition goes to, until its log is there. Guarded by this. Invariant:
     * at most one directory per partition.
     */
    private final Map<TopicIdPartition, Path> placed = new HashMap<>();

    private LogDirectories(
            List<Path> order, Map<Path, DirectoryLogStore> stores, Map<Path, String> offline) {
        this.order = order;
        this.stores = stores;
        this.offline = offline;
    }

    /** {@link LogStore#open(List, Map, LogStoreConfig, io.kq.runtime.Clock, FaultHandler)} */
    static LogDirectories open(
            List<Path> directories,
            Map<Path, String> unusable,
            Function<Path, DirectoryLogStore> opening) {
        Map<Path, DirectoryLogStore> stores = new LinkedHashMap<>();
        Map<Path, String> offline = new LinkedHashMap<>(unusable);
        for (Path directory : directories) {
            if (offline.containsKey(directory)) {
                continue;
            }
            try {
                stores.put(directory, opening.apply(directory));
            } catch (RejectedException e) {
                if (stores.isEmpty() || e.code() == ErrorCode.NOT_READY) {
                    stores.values().forEach(DirectoryLogStore::close);
                    throw e;
                }
                offline.put(directory, e.getMessage());
            }
        }
        LogDirectories opened = new LogDirectories(List.copyOf(directories), stores, offline);
        opened.tellWhatIsWrong();
        return opened;
    }

    private void tellWhatIsWrong() {
        offline.forEach(
                (directory, reason) ->
                        LOG.error(
                                "Data directory is offline, its partitions are not served"
                                        + " directory={} reason={}",
                                directory,
                                reason));
        Map<TopicIdPartition, Long> copies =
                stores.values().stream()
                        .flatMap(store -> store.partitions().stream())
                        .collect(Collectors.groupingBy(p -> p, Collectors.counting()));
        copies.forEach(
                (partition, count) -> {
                    if (count > 1) {
                        LOG.error("Refusing a partition reason={}", inSeveral(partition));
                    }
                });
    }

    @Override
    public Set<TopicIdPartition> partitions() {
        Set<TopicIdPartition> all = new HashSet<>();
        stores.values().forEach(store -> all.addAll(store.partitions()));
        return all;
    }

    @Override
    public PartitionLog open(TopicIdPartition partition, String topicName, LogConfig config) {
        DirectoryLogStore store = storeFor(partition);
        try {
            return store.open(partition, topicName, config);
        } finally {
            forgetPlace(partition);
        }
    }

    /** Where its log is, or will be. */
    private synchronized DirectoryLogStore storeFor(TopicIdPartition partition) {
        List<DirectoryLogStore> having = having(partition);
        if (having.size() == 1) {
            return having.get(0);
        }
        if (having.size() > 1) {
            throw new RejectedException(ErrorCode.STORAGE_FAULT, inSeveral(partition));
        }
        if (!offline.isEmpty()) {
            Map.Entry<Path, String> missing = offline.entrySet().iterator().next();
            throw new RejectedException(
                    ErrorCode.STORAGE_FAULT,
                    "the log of "
                            + partition
                            + " may be in data directory "
                            + missing.getKey()
                            + ", which is offline: "
                            + missing.getValue());
        }
        Path chosen = place();
        placed.put(partition, chosen);
        return storeAt(chosen);
    }

    private Path place() {
        List<DirectoryReport> reports = new ArrayList<>();
        for (DirectoryLogStore store : stores.values()) {
            DirectoryReport report = store.report();
            Path directory = report.directory();
            long coming = placed.values().stream().filter(directory::equals).count();
            reports.add(report.withPartitions(report.partitionCount() + (int) coming));
        }
        return Placement.choose(reports)
                .map(index -> reports.get(index).directory())
                .orElseThrow(() -> noPlace(reports));
    }

    private static RejectedException noPlace(List<DirectoryReport> reports) {
        boolean full = reports.stream().anyMatch(r -> r.health() == DiskHealth.DISK_FULL);
        String problems =
                reports.stream().map(DirectoryReport::problem).collect(Collectors.joining("; "));
        return new RejectedException(
                full ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_FAULT,
                "no data directory takes a new partition: " + problems);
    }

    private DirectoryLogStore storeAt(Path directory) {
        DirectoryLogStore store = stores.get(directory);
        if (store == null) {
            throw new IllegalStateException("no store in " + directory);
        }
        return store;
    }

    private synchronized void forgetPlace(TopicIdPartition partition) {
        placed.remove(partition);
    }

    /**
     * The directories that have its log; if there is none, those that miss it: they know what was
     * in it, and refuse to begin with nothing.
     */
    private List<DirectoryLogStore> having(TopicIdPartition partition) {
        List<DirectoryLogStore> having =
                stores.values().stream().filter(store -> store.has(partition)).toList();
        return having.isEmpty()
                ? stores.values().stream().filter(store -> store.misses(partition)).toList()
                : having;
    }

    private String inSeveral(TopicIdPartition partition) {
        return "the log of "
                + partition
                + " is in several data directories: "
                + having(partition).stream()
                        .map(store -> store.root().toString())
                        .collect(Collectors.joining(", "))
                + "; nothing was changed, move all but one of them away and start the node anew";
    }

    /** In all directories that have it: the topic is gone, so no copy is of use. */
    @Override
    public void delete(TopicIdPartition partition) {
        having(partition).forEach(store -> store.delete(partition));
    }

    @Override
    public boolean wasCleanShutdown() {
        return offline.isEmpty()
                && stores.values().stream().allMatch(DirectoryLogStore::wasCleanShutdown);
    }

    @Override
    public List<DirectoryReport> directories() {
        return order.stream().map(this::report).toList();
    }

    private DirectoryReport report(Path directory) {
        DirectoryLogStore store = stores.get(directory);
        if (store != null) {
            return store.report();
        }
        DiskSpace space = DiskSpace.of(directory);
        return new DirectoryReport(
                directory,
                DiskHealth.OFFLINE,
                offline.getOrDefault(directory, ""),
                0,
                0,
                0,
                space.freeBytes(),
                space.totalBytes());
    }

    @Override
    public void close() {
        stores.values().forEach(DirectoryLogStore::close);
    }
}
