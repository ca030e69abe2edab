package io.kq.log.inspection;

import io.kq.log.index.IndexReader;
import io.kq.log.index.SparseEntry;
import io.kq.log.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One check of a whole data directory. The index is opened once, for all partitions.
 *
 * <p>What is <i>damage</i> and what is a <i>warning</i>: damage is in what nothing else on the disk
 * can tell again, the records. What a node makes again by itself from them (the index, producers,
 * recovery points, names) is worth a warning: it costs a slower start, and it may come from a disk
 * that goes bad. Single thread.
 */
public final class DirectoryVerification implements AutoCloseable {

    private final StoreLayout layout;
    private final List<Defect> warnings = new ArrayList<>();
    private final @Nullable IndexReader index;

    private DirectoryVerification(StoreLayout layout) {
        this.layout = layout;
        checkCheckpoint();
        this.index = openIndex();
    }

    /** Begins with what belongs to no partition. */
    public static DirectoryVerification open(Path dataDirectory) {
        return new DirectoryVerification(new StoreLayout(dataDirectory));
    }

    private void warn(Path file, String problem) {
        warnings.add(new Defect(file, 0, problem, false));
    }

    /** A directory that never had a checkpoint written is as good as a new one. */
    private void checkCheckpoint() {
        Path file = layout.checkpoint();
        if (Files.exists(file) && DirectoryReader.checkpoint(file).isEmpty()) {
            warn(
                    file,
                    "expected a whole checkpoint, found none; the node reads all segments again."
                            + " Without it, damage in the last segment of a partition looks like"
                            + " an unfinished tail, and deleted records may be back");
        }
    }

    /** Without an index there is nothing to hold against the segments: it may be deleted. */
    private @Nullable IndexReader openIndex() {
        Path directory = layout.index();
        if (!Files.isDirectory(directory)) {
            return null;
        }
        try {
            return IndexReader.open(directory);
        } catch (IOException e) {
            warn(
                    directory,
                    "cannot be opened, its rows were not checked ("
                            + e.getMessage()
                            + "); a node that cannot open it either makes it anew");
            return null;
        }
    }

    /** What is wrong with files that belong to no partition. */
    public List<Defect> warnings() {
        return List.copyOf(warnings);
    }

    /** Reads every byte of a partition and checks all that can be checked. */
    public VerificationReport verify(PartitionOnDisk partition) {
        return LogInspection.looking(
                partition.directory(),
                () -> {
                    List<Defect> unread = new ArrayList<>();
                    IndexCheck rows = new IndexCheck(layout.index(), rows(partition, unread));
                    return new Verification(partition, rows, unread).run();
                });
    }

    private List<SparseEntry> rows(PartitionOnDisk partition, List<Defect> unread) {
        IndexReader open = index;
        if (open == null || partition.indexId() < 0) {
            return List.of();
        }
        try {
            return open.entries(partition.indexId());
        } catch (IOException e) {
            unread.add(
                    new Defect(
                            layout.index(),
                            0,
                            "rows cannot be read and were not checked (" + e.getMessage() + ")",
                            false));
            return List.of();
        }
    }

    @Override
    public void close() {
        if (index != null) {
            index.close();
        }
    }
}
