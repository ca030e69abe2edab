package io.kq.log.index;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The index of a data directory for those who only look: writes nothing, and works beside its owner
 * too, as of the owner's last flush. One thread.
 */
public final class IndexReader implements AutoCloseable {

    private final RocksIndex index;

    private IndexReader(RocksIndex index) {
        this.index = index;
    }

    /**
     * Opens what is there.
     *
     * @throws IOException it does not open, or not beside its owner just now
     */
    public static IndexReader open(Path directory) throws IOException {
        try {
            return new IndexReader(RocksIndex.openReadOnly(directory));
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
    }

    /**
     * All entries of a partition, by offset.
     *
     * @param id the partition's in this index
     * @throws IOException they cannot be read, or are no entries
     */
    public List<SparseEntry> entries(int id) throws IOException {
        try (RocksIterator rows = index.iterator()) {
            List<SparseEntry> found = new ArrayList<>();
            rows.seek(IndexRows.entryKey(id, 0));
            while (rows.isValid() && IndexRows.isEntry(rows.key(), id)) {
                found.add(IndexRows.entry(rows.key(), rows.value()));
                rows.next();
            }
            rows.status();
            return found;
        } catch (RocksDBException | BufferUnderflowException e) {
            throw unreadable(e);
        }
    }

    /** RocksDB's words, of which the first line is for people. */
    private static IOException unreadable(Exception e) {
        String words = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new IOException(words, e);
    }

    @Override
    public void close() {
        index.close();
    }
}
