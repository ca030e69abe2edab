package io.kq.log;

import io.kq.log.Housekeeping.Loops;
import io.kq.log.disk.DirectoryReport;
import io.kq.log.disk.DiskHealth;
import io.kq.log.disk.DiskProbe;
import io.kq.log.disk.DiskSpace;
import io.kq.log.disk.DiskState;
import io.kq.log.disk.SpaceGuard;
import io.kq.log.disk.SpareSpace;
import io.kq.log.index.IndexStore;
import io.kq.log.io.LogFiles;
import io.kq.log.io.OpenFiles;
import io.kq.log.io.StorageFaultException;
import io.kq.log.layout.DeletedDirectories;
import io.kq.log.layout.PartitionCheckpoint;
import io.kq.log.layout.PartitionProperties;
import io.kq.log.layout.StoreLayout;
import io.kq.log.recovery.Damage;
import io.kq.log.recovery.DamagedLogException;
import io.kq.log.recovery.LogRecovery;
import io.kq.log.recovery.Quarantine;
import io.kq.log.recovery.RecoveredLog;
import io.kq.log.recovery.RecoveryReport;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.FaultHandler;
import io.kq.runtime.io.DirectoryLock;
import io.kq.runtime.io.DiskFull;
import io.kq.runtime.io.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A data directory on a disk. What is in it and why: docs/internals/data-layout.md. */
final class DirectoryLogStore implements LogStore {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLogStore.class);

    private final StoreLayout layout;
    private final DirectoryLock lock;
    private final StoreServices services;
    private final DiskSpace.Meter meter;
    private final CheckpointBook book;
    private final Set<TopicIdPartition> present = ConcurrentHashMap.newKeySet();

    /** Logs that are open. */
    private final Map<TopicIdPartition, ReplicaLog> logs = new ConcurrentHashMap<>();

    /** For the next new partition, or larger. Guarded by this. */
    private int nextIndexId;

    /** All ids that are in use or were have been looked up. Guarded by this. */
    private boolean indexIdsKnown;

    private boolean closed;

    private final SpareSpace spare;

    /** What a store is made of besides its directory; tests put in their own. */
    record Parts(
            LogStoreConfig config,
            Clock clock,
            FaultHandler faults,
            LogFiles files,
            DiskSpace.Meter meter,
            Loops loops) {}

    private DirectoryLogStore(StoreLayout layout, DirectoryLock lock, Parts parts)
            throws IOException {
        this.layout = layout;
        this.lock = lock;
        parts.loops().background().submit(IndexStore::loadLibrary);
        parts.files().createDirectory(layout.partitions());
        // What the last process put there and had no time to sync is built on from here.
        parts.files().syncDirectory(layout.root());
        present.addAll(layout.listPartitions());
        this.book = CheckpointBook.open(layout, parts.files(), !present.isEmpty());
        this.spare = new SpareSpace(layout.root(), parts.files());
        spare.keep(book.sizeBytes());
        DiskState disk = new DiskState(layout.root(), parts.faults());
        SpaceGuard space =
                new SpaceGuard(layout.root(), parts.config().reserve(), parts.meter(), disk);
        this.meter = parts.meter();
        Housekeeping housekeeping =
                new Housekeeping(parts.loops(), parts.config(), this::writeCheckpoint);
        IndexStore index = IndexStore.open(layout.index(), parts.config().indexMemoryBytes());
        this.services =
                new StoreServices(
                        parts.config(),
                        parts.clock(),
                        disk,
                        space,
                        new Quarantine(parts.files()),
                        new OpenFiles(parts.files(), parts.config().openFilesMax()),
                        index,
                        housekeeping,
                        new AtomicLong());
        disk.onDiskFull(
                new DiskProbe(layout.root(), parts.files(), disk, space, housekeeping::later)
                        .every(parts.config().diskProbeInterval()));
        for (TopicIdPartition partition : present) {
            services.quarantine().recall(partition, layout.directoryOf(partition));
        }
        for (Path leftover : layout.listDeleted()) {
            housekeeping.later(() -> DeletedDirectories.free(leftover));
        }
    }

    /** {@link LogStore#open} with its parts. */
    static DirectoryLogStore open(Path directory, Parts parts) {
        try {
            Optional<DirectoryLock> lock = DirectoryLock.tryTake(directory);
            if (lock.isEmpty()) {
                parts.loops().close();
                throw new RejectedException(
                        ErrorCode.NOT_READY,
                        "data directory " + directory + " is in use by another process");
            }
            try {
                return new DirectoryLogStore(new StoreLayout(directory), lock.get(), parts);
            } catch (IOException e) {
                lock.get().close();
                throw e;
            }
        } catch (IOException e) {
            parts.loops().close();
            throw cannot("open", directory, e);
        }
    }

    private static RejectedException cannot(String action, Path path, IOException cause) {
        StorageFaultException fault = StorageFaultException.of(action, path, cause);
        return new RejectedException(
                fault.diskFull() ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_FAULT,
                String.valueOf(fault.getMessage()));
    }

    /** Larger than any that a partition has here or rows stand under. */
    private synchronized int newIndexId() throws IOException {
        if (!indexIdsKnown) {
            neverAgain(Math.max(services.indexStore().largestId(), largestId()));
            indexIdsKnown = true;
        }
        return nextIndexId++;
    }

    /** No new partition gets that id. */
    private synchronized void neverAgain(int indexId) {
        nextIndexId = Math.max(nextIndexId, indexId + 1);
    }

    /** Reads a file for each partition: at the first new one, so that no start waits for it. */
    private int largestId() throws IOException {
        int largest = -1;
        for (TopicIdPartition partition : present) {
            Optional<PartitionProperties> properties =
                    PartitionProperties.read(layout.directoryOf(partition));
            largest = Math.max(largest, properties.map(PartitionProperties::indexId).orElse(-1));
        }
        return largest;
    }

    @Override
    public Set<TopicIdPartition> partitions() {
        return Set.copyOf(present);
    }

    @Override
    public PartitionLog open(TopicIdPartition partition, String topicName, LogConfig config) {
        ReplicaLog open = logs.get(partition);
        if (open != null) {
            open.configure(config);
            return open;
        }
        Path directory = layout.directoryOf(partition);
        Optional<Damage> damage = services.quarantine().find(partition);
        if (damage.isPresent()) {
            throw damage.get().refusal();
        }
        try {
            PartitionProperties properties = propertiesOf(partition, topicName, directory);
            RecoveredLog recovered =
                    new LogRecovery(services.openFiles(), directory, services.clock().epochMillis())
                            .recover(book.find(partition), book.cleanShutdown());
            if (!recovered.report().clean()) {
                settleEnd(directory, recovered, book.find(partition));
            }
            report(partition, topicName, recovered.report());
            ReplicaLog log =
                    new ReplicaLog(
                            properties,
                            directory,
                            services,
                            recovered,
                            config,
                            this::checkpointToFree);
            logs.put(partition, log);
            present.add(partition);
            return log;
        } catch (DamagedLogException e) {
            present.add(partition);
            throw services.quarantine().enter(partition, directory, e.damage());
        } catch (IOException e) {
            takeBack(partition, directory);
            throw cannot("open", directory, e);
        }
    }

    /**
     * Removes what a failed opening of a new log left, so that the log may be made in another
     * directory; where that fails too, this one has to keep the partition.
     */
    private void takeBack(TopicIdPartition partition, Path directory) {
        if (!present.contains(partition)) {
            DeletedDirectories.free(directory);
            if (Files.exists(directory)) {
                present.add(partition);
            }
        }
    }

    /**
     * Somebody is told next where the log ends. A file may be gone, or what was cut off one, from
     * the page cache only: the power could bring it back behind that end.
     */
    private void settleEnd(
            Path directory, RecoveredLog recovered, Optional<PartitionCheckpoint> checkpoint)
            throws IOException {
        services.openFiles().files().syncDirectory(directory);
        boolean mayBeCut = checkpoint.filter(PartitionCheckpoint::mayBeOfCut).isPresent();
        if (mayBeCut && !recovered.segments().isEmpty()) {
            recovered.segments().last().sync();
        }
    }

    private PartitionProperties propertiesOf(
            TopicIdPartition partition, String topicName, Path directory) throws IOException {
        services.openFiles().files().createDirectory(directory);
        Optional<PartitionProperties> found =
                PartitionProperties.read(directory)
                        .filter(properties -> properties.partition().equals(partition));
        if (found.isPresent()) {
            return found.get();
        }
        PartitionProperties made = new PartitionProperties(partition, topicName, newIndexId());
        made.write(services.openFiles().files(), directory);
        return made;
    }

    private static void report(
            TopicIdPartition partition, String topicName, RecoveryReport report) {
        if (report.cut().isPresent()) {
            LOG.warn(
                    "Cut torn tail partition={} topic={} bytes={} at=\"{}\" logEndOffset={}",
                    partition,
                    topicName,
                    report.cutBytes(),
                    report.cut().get(),
                    report.logEndOffset());
        } else if (!report.clean() && report.scannedBytes() > 0) {
            LOG.info(
                    "Recovered log partition={} topic={} scannedBytes={} logEndOffset={}",
                    partition,
                    topicName,
                    report.scannedBytes(),
                    report.logEndOffset());
        }
    }

    @Override
    public void delete(TopicIdPartition partition) {
        ReplicaLog log = logs.remove(partition);
        Path directory = layout.directoryOf(partition);
        try {
            int indexId = -1;
            if (log != null) {
                indexId = log.indexId();
                log.abandon(
                        new RejectedException(
                                ErrorCode.PARTITION_NOT_FOUND,
                                "the log of " + partition + " was deleted"));
            } else if (Files.isDirectory(directory)) {
                indexId =
                        PartitionProperties.read(directory)
                                .map(PartitionProperties::indexId)
                                .orElse(-1);
            }
            forget(partition);
            services.quarantine().leave(partition);
            present.remove(partition);
            if (Files.isDirectory(directory)) {
                Path given = layout.nameForDeletion(partition);
                Files.move(directory, given, StandardCopyOption.ATOMIC_MOVE);
                DurableFile.syncDirectory(layout.partitions());
                freeLater(given, indexId);
            }
        } catch (IOException e) {
            throw cannot("delete", directory, e);
        }
    }

    /**
     * Takes the partition out of the checkpoint before its directory goes, so that a crash between
     * finds a directory without an entry (which is read whole) and not an entry without a directory
     * (which is a loss). On a full disk that cannot be written, and deleting is what helps then.
     */
    private void forget(TopicIdPartition partition) {
        book.forget(partition);
        try {
            checkpointToFree();
        } catch (IOException e) {
            LOG.warn("Checkpoint still names a deleted partition partition={}", partition, e);
        }
    }

    private void freeLater(Path directory, int indexId) {
        neverAgain(indexId); // its rows go in the background, and would take a successor's along
        services.housekeeping()
                .later(
                        () -> {
                            DeletedDirectories.free(directory);
                            if (indexId >= 0) {
                                services.indexStore().forget(indexId);
                            }
                        });
    }

    @Override
    public boolean wasCleanShutdown() {
        return book.cleanShutdown();
    }

    @Override
    public List<DirectoryReport> directories() {
        return List.of(report());
    }

    /** What this directory is like now. */
    DirectoryReport report() {
        DiskSpace space = meter.at(layout.root());
        return new DirectoryReport(
                layout.root(),
                services.disk().current(),
                services.disk().problem(),
                present.size(),
                services.quarantine().size(),
                logs.values().stream().mapToLong(ReplicaLog::sizeBytes).sum(),
                space.freeBytes(),
                space.totalBytes());
    }

    /** Whether the partition has a log here, opened or not. */
    boolean has(TopicIdPartition partition) {
        return present.contains(partition);
    }

    /** Whether this directory once held a log of the partition, and nobody ordered it to go. */
    boolean misses(TopicIdPartition partition) {
        return !has(partition) && book.find(partition).isPresent();
    }

    Path root() {
        return layout.root();
    }

    private void checkpoint() throws IOException {
        book.write(logs.values());
    }

    /** The same before files go: on a full disk that is what gives space, and it needs some. */
    private void checkpointToFree() throws IOException {
        try {
            checkpoint();
        } catch (IOException e) {
            if (!DiskFull.caused(e) || !spare.giveUp()) {
                throw e;
            }
            LOG.info("Gave up the spare space to free more directory={}", layout.root());
            checkpoint();
        }
    }

    private void writeCheckpoint() {
        services.indexStore().flush();
        try {
            checkpoint();
        } catch (IOException e) {
            services.disk().failed(StorageFaultException.of("write", layout.checkpoint(), e));
        }
        if (services.disk().current() == DiskHealth.WRITABLE) {
            spare.keep(book.sizeBytes());
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        services.housekeeping().close();
        @Nullable Exception failure =
                services.disk().current() == DiskHealth.FAILED ? null : closeLogs();
        services.indexStore().flush();
        services.indexStore().close();
        try {
            if (failure == null && services.disk().current() != DiskHealth.FAILED) {
                checkpointToFree();
                book.markClean();
            } else {
                LOG.warn("Stopped uncleanly directory={}", layout.root(), failure);
            }
        } catch (IOException e) {
            LOG.warn("Stopped uncleanly directory={}", layout.root(), e);
        } finally {
            unlock();
        }
    }

    /** Null if all went well. */
    private @Nullable Exception closeLogs() {
        Exception failure = null;
        for (ReplicaLog log : logs.values()) {
            try {
                log.closeCleanly();
            } catch (IOException | RejectedException e) {
                failure = e;
            }
        }
        return failure;
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("Unlocking failed directory={}", layout.root(), e);
        }
    }
}
