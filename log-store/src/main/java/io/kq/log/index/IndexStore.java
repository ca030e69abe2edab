package io.kq.log.index;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of all partitions of a data directory, in one RocksDB without write-ahead log: a killed
 * process loses the rows since the last flush, and they are made again from the segments. Never
 * fails its callers: an index that cannot be opened is begun anew, and one that breaks while it is
 * open finds nothing until {@link #renewIfBroken}. Any thread, blocking.
 */
public final class IndexStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IndexStore.class);

    private final Path directory;
    private final long memoryBytes;

    /** Held for reading by every use of the database, for writing while it is exchanged. */
    private final ReentrantReadWriteLock exchange = new ReentrantReadWriteLock();

    /** Null: broken or closed. Guarded by {@link #exchange}. */
    private @Nullable RocksIndex rocks;

    /** Grows whenever the database was begun anew, so that partitions notice. */
    private final AtomicInteger generation = new AtomicInteger();

    private volatile boolean closed;

    private IndexStore(Path directory, long memoryBytes) {
        this.directory = directory;
        this.memoryBytes = memoryBytes;
    }

    /** Takes a third of a second; begun early it is done when the first index is opened. */
    public static void loadLibrary() {
        try {
            NativeLibrary.load();
        } catch (IOException e) {
            LOG.warn("Index cannot be opened yet", e);
        }
    }

    /** Opens the index in {@code directory}, or begins it anew if what is there is unusable. */
    public static IndexStore open(Path directory, long memoryBytes) {
        IndexStore store = new IndexStore(directory, memoryBytes);
        store.rocks = store.openOrRenew();
        return store;
    }

    private @Nullable RocksIndex openOrRenew() {
        try {
            NativeLibrary.load();
        } catch (IOException e) {
            // That is not the index's fault: what is there stays.
            LOG.error("Index cannot be opened, reads will scan directory={}", directory, e);
            return null;
        }
        try {
            return RocksIndex.open(directory, memoryBytes);
        } catch (RocksDBException | IOException e) {
            LOG.warn("Index is unusable, beginning it anew directory={}", directory, e);
        }
        try {
            RocksIndex.erase(directory);
            return RocksIndex.open(directory, memoryBytes);
        } catch (RocksDBException | IOException e) {
            LOG.error("Index cannot be made, reads will scan directory={}", directory, e);
            return null;
        }
    }

    /** Grows whenever the index was begun anew. */
    int generation() {
        return generation.get();
    }

    /** Begins the index anew if it broke. Background thread. */
    public void renewIfBroken() {
        if (closed || isUsable()) {
            return;
        }
        exchange.writeLock().lock();
        try {
            if (!closed && rocks == null) {
                rocks = openOrRenew();
                generation.incrementAndGet();
            }
        } finally {
            exchange.writeLock().unlock();
        }
    }

    /** Whether rows can be written and found at the moment. */
    boolean isUsable() {
        exchange.readLock().lock();
        try {
            return rocks != null;
        } finally {
            exchange.readLock().unlock();
        }
    }

    Optional<IndexedUpTo> indexedUpTo(int id) {
        return use(
                Optional.empty(),
                index -> {
                    byte @Nullable [] value = index.get(IndexRows.upToKey(id));
                    return value == null ? Optional.empty() : Optional.of(IndexRows.upTo(value));
                });
    }

    /** The last entry whose base offset is at most {@code offset}. */
    Optional<SparseEntry> floor(int id, long offset) {
        if (offset < 0) {
            return Optional.empty();
        }
        return use(
                Optional.empty(),
                index -> {
                    try (RocksIterator rows = index.iterator()) {
                        rows.seekForPrev(IndexRows.entryKey(id, offset));
                        if (!rows.isValid()) {
                            rows.status();
                            return Optional.empty();
                        }
                        byte[] key = rows.key();
                        return IndexRows.isEntry(key, id)
                                ? Optional.of(IndexRows.entry(key, rows.value()))
                                : Optional.empty();
                    }
                });
    }

    /** Entries from the one at {@code fromOffset} or after it, at most {@code countMax}. */
    List<SparseEntry> entriesFrom(int id, long fromOffset, int countMax) {
        return use(
                List.of(),
                index -> {
                    List<SparseEntry> found = new ArrayList<>();
                    try (RocksIterator rows = index.iterator()) {
                        rows.seek(IndexRows.entryKey(id, fromOffset));
                        while (rows.isValid()
                                && found.size() < countMax
                                && IndexRows.isEntry(rows.key(), id)) {
                            found.add(IndexRows.entry(rows.key(), rows.value()));
                            rows.next();
                        }
                        rows.status();
                    }
                    return found;
                });
    }

    /** Starts of leader epochs, oldest first. */
    List<LeaderEpochStart> epochs(int id) {
        return use(
                List.of(),
                index -> {
                    List<LeaderEpochStart> found = new ArrayList<>();
                    try (RocksIterator rows = index.iterator()) {
                        rows.seek(IndexRows.epochKey(id, 0));
                        while (rows.isValid() && IndexRows.isEpoch(rows.key(), id)) {
                            found.add(IndexRows.epoch(rows.key(), rows.value()));
                            rows.next();
                        }
                        rows.status();
                    }
                    return found;
                });
    }

    /** Adds rows and says how far they reach, in one batch. */
    boolean write(
            int id, IndexedUpTo upTo, List<SparseEntry> entries, List<LeaderEpochStart> epochs) {
        return use(
                false,
                index -> {
                    index.write(
                            batch -> {
                                for (SparseEntry entry : entries) {
                                    batch.put(
                                            IndexRows.entryKey(id, entry.baseOffset()),
                                            IndexRows.value(entry));
                                }
                                for (LeaderEpochStart start : epochs) {
                                    batch.put(
                                            IndexRows.epochKey(id, start.leaderEpoch()),
                                            IndexRows.value(start));
                                }
                                batch.put(IndexRows.upToKey(id), IndexRows.value(upTo));
                            });
                    return true;
                });
    }

    /**
     * Removes the entries from {@code endOffset} on and the epochs from {@code firstGone} on.
     *
     * @param firstGone smallest epoch that does not start before {@code endOffset}
     */
    boolean cut(int id, long endOffset, int firstGone, IndexedUpTo upTo) {
        return use(
                false,
                index -> {
                    index.write(
                            batch -> {
                                index.removeRange(
                                        batch,
                                        IndexRows.entryKey(id, endOffset),
                                        IndexRows.epochKey(id, 0));
                                index.removeRange(
                                        batch,
                                        IndexRows.epochKey(id, firstGone),
                                        IndexRows.firstKey(id + 1));
                                batch.put(IndexRows.upToKey(id), IndexRows.value(upTo));
                            });
                    return true;
                });
    }

    /**
     * Removes the entries before {@code startOffset} and the epochs before {@code firstKept}, by
     * range. A crash may bring them back: nobody asks for them then.
     */
    boolean forgetBelow(int id, long startOffset, int firstKept) {
        return use(
                false,
                index -> {
                    index.write(
                            batch -> {
                                index.removeRange(
                                        batch,
                                        IndexRows.entryKey(id, 0),
                                        IndexRows.entryKey(id, startOffset));
                                index.removeRange(
                                        batch,
                                        IndexRows.epochKey(id, 0),
                                        IndexRows.epochKey(id, firstKept));
                            });
                    return true;
                });
    }

    /** Puts {@code entries} in place of those from {@code fromOffset} to {@code toOffset}. */
    boolean replace(int id, long fromOffset, long toOffset, List<SparseEntry> entries) {
        return use(
                false,
                index -> {
                    index.write(
                            batch -> {
                                index.removeRange(
                                        batch,
                                        IndexRows.entryKey(id, fromOffset),
                                        IndexRows.entryKey(id, toOffset));
                                for (SparseEntry entry : entries) {
                                    batch.put(
                                            IndexRows.entryKey(id, entry.baseOffset()),
                                            IndexRows.value(entry));
                                }
                            });
                    return true;
                });
    }

    /** Removes all rows of a partition. */
    public void forget(int id) {
        use(
                false,
                index -> {
                    index.write(
                            batch ->
                                    index.removeRange(
                                            batch,
                                            IndexRows.firstKey(id),
                                            IndexRows.firstKey(id + 1)));
                    return true;
                });
    }

    /** Largest id that has rows, -1 if there is none: new partitions get larger ones. */
    public int largestId() {
        return use(
                -1,
                index -> {
                    try (RocksIterator rows = index.iterator()) {
                        rows.seekToLast();
                        return rows.isValid() ? IndexRows.idOf(rows.key()) : -1;
                    }
                });
    }

    /** Makes the rows written so far survive the process. */
    public void flush() {
        use(
                false,
                index -> {
                    index.flush();
                    return true;
                });
    }

    @Override
    public void close() {
        exchange.writeLock().lock();
        try {
            closed = true;
            if (rocks != null) {
                rocks.close();
                rocks = null;
            }
        } finally {
            exchange.writeLock().unlock();
        }
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(RocksIndex index) throws RocksDBException;
    }

    /** What {@code use} finds, or {@code nothing} if the index is broken or breaks by it. */
    private <T> T use(T nothing, Use<T> use) {
        RocksIndex used = null;
        exchange.readLock().lock();
        try {
            used = rocks;
            if (used == null) {
                return nothing;
            }
            return use.of(used);
        } catch (RocksDBException | IllegalArgumentException | BufferUnderflowException e) {
            LOG.warn("Index broke, reads scan until it is made anew directory={}", directory, e);
        } finally {
            exchange.readLock().unlock();
        }
        breakOff(used);
        return nothing;
    }

    private void breakOff(@Nullable RocksIndex broken) {
        exchange.writeLock().lock();
        try {
            if (broken != null && rocks == broken) {
                broken.close();
                rocks = null;
            }
        } finally {
            exchange.writeLock().unlock();
        }
    }
}
