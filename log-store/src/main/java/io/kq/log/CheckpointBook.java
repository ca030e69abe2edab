package io.kq.log;

import io.kq.log.io.LogFiles;
import io.kq.log.layout.Checkpoint;
import io.kq.log.layout.CleanMarker;
import io.kq.log.layout.PartitionCheckpoint;
import io.kq.log.layout.StoreLayout;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is written down of all logs of a directory, and whether its last stop was clean. An entry
 * whose directory is gone stays until the partition is deleted by order: it is how a lost directory
 * is told from a new partition. Any thread, blocking.
 */
final class CheckpointBook {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointBook.class);

    /** A line of the file has no more, as good as always. */
    private static final int LINE_BYTES = 160;

    private final StoreLayout layout;
    private final LogFiles files;
    private final boolean cleanShutdown;

    /** As last written or about to be. Guarded by this. */
    private final Map<TopicIdPartition, PartitionCheckpoint> entries;

    /** What is in the file. Guarded by this. */
    private Checkpoint written;

    private CheckpointBook(
            StoreLayout layout, LogFiles files, boolean cleanShutdown, Checkpoint written) {
        this.layout = layout;
        this.files = files;
        this.cleanShutdown = cleanShutdown;
        this.written = written;
        this.entries = new HashMap<>(written.partitions());
    }

    /**
     * Reads what the last process left, and takes its clean marker away.
     *
     * @param hasPartitions there is data that something should have been written down of
     */
    static CheckpointBook open(StoreLayout layout, LogFiles files, boolean hasPartitions)
            throws IOException {
        Optional<Checkpoint> found = Checkpoint.read(layout.checkpoint());
        if (found.isEmpty() && hasPartitions) {
            LOG.warn("No whole checkpoint, all segments are read file={}", layout.checkpoint());
        }
        boolean clean =
                found.isPresent()
                        ? CleanMarker.matches(layout.cleanMarker(), found.get())
                        : !hasPartitions;
        CleanMarker.remove(files, layout.cleanMarker());
        return new CheckpointBook(layout, files, clean, found.orElse(Checkpoint.empty()));
    }

    /** Whether the last stop was in good order; true also for a directory never used. */
    boolean cleanShutdown() {
        return cleanShutdown;
    }

    /** What the last process wrote down of a partition. */
    synchronized Optional<PartitionCheckpoint> find(TopicIdPartition partition) {
        return Optional.ofNullable(entries.get(partition));
    }

    /** The partition is deleted by order; {@link #write} makes that durable. */
    synchronized void forget(TopicIdPartition partition) {
        entries.remove(partition);
    }

    /** Writes down the recovery points of the open logs beside what is known of the others. */
    synchronized void write(Collection<ReplicaLog> open) throws IOException {
        for (ReplicaLog log : open) {
            entries.put(log.partition(), log.checkpoint());
        }
        Checkpoint now = new Checkpoint(entries);
        if (!now.equals(written)) {
            now.write(files, layout.checkpoint());
            written = now;
        }
    }

    /** Of the file, as it will be written next, about. */
    synchronized long sizeBytes() {
        return LINE_BYTES * (1L + entries.size());
    }

    /** Says that everything is on the disk and this process is done. */
    synchronized void markClean() throws IOException {
        if (written.partitions().isEmpty()) {
            written.write(files, layout.checkpoint());
        }
        CleanMarker.write(files, layout.cleanMarker(), written);
    }
}
