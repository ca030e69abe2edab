package io.kq.log.index;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Logger;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One open RocksDB and the native objects that belong to it. Its owner sees to it that nobody uses
 * it once it is closed: that would end the process.
 */
final class RocksIndex implements AutoCloseable {

    /** Under no partition's id; tells the format of all rows. */
    private static final byte[] FORMAT_KEY = {};

    private static final byte[] FORMAT = {2};
    private static final int BLOCK_BYTES = 8 << 10;
    private static final int SINGLE_DELETIONS_MAX = 64;

    /** Deleted ranges that readers have to sort at most; more of them are written to a file. */
    private static final int DELETED_RANGES_MAX = 128;

    private static final int LOG_FILES_KEPT = 2;
    private static final long READ_ONLY_CACHE_BYTES = 4 << 20;

    private final Options options;
    private final Cache cache;
    private final ReadOptions readOptions;
    private final WriteOptions writeOptions;
    private final RocksDB database;

    private RocksIndex(Options options, Cache cache, RocksDB database) {
        this.options = options;
        this.cache = cache;
        this.database = database;
        this.readOptions = new ReadOptions();
        this.writeOptions = new WriteOptions().setDisableWAL(true);
    }

    /** Opens what is there, or makes it; a database of another format is refused. */
    static RocksIndex open(Path directory, long memoryBytes) throws RocksDBException, IOException {
        NativeLibrary.load();
        Files.createDirectories(directory);
        Cache cache = new LRUCache(memoryBytes * 2 / 3);
        Options options = options(cache, memoryBytes / 3);
        RocksDB database;
        try {
            database = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            options.close();
            cache.close();
            throw e;
        }
        RocksIndex index = new RocksIndex(options, cache, database);
        try {
            index.requireFormat();
        } catch (RocksDBException e) {
            index.close();
            throw e;
        }
        return index;
    }

    /** Opens what is there without writing anything, not even RocksDB's own log. */
    static RocksIndex openReadOnly(Path directory) throws RocksDBException, IOException {
        NativeLibrary.load();
        Cache cache = new LRUCache(READ_ONLY_CACHE_BYTES);
        Options options =
                options(cache, READ_ONLY_CACHE_BYTES)
                        .setCreateIfMissing(false)
                        .setLogger(new SilentLogger(InfoLogLevel.FATAL_LEVEL));
        try {
            return new RocksIndex(
                    options, cache, RocksDB.openReadOnly(options, directory.toString()));
        } catch (RocksDBException e) {
            options.close();
            cache.close();
            throw e;
        }
    }

    /** In place of a file beside the database. */
    private static final class SilentLogger extends Logger {

        SilentLogger(InfoLogLevel level) {
            super(level);
        }

        @Override
        protected void log(InfoLogLevel level, String message) {}
    }

    /** Settings of docs/internals/data-layout.md: small rows, level compaction, no compression. */
    private static Options options(Cache cache, long writeBufferBytes) {
        return new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(Math.max(writeBufferBytes / 2, 1 << 20))
                .setMaxWriteBufferNumber(2)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(-1)
                .setMemtableMaxRangeDeletions(DELETED_RANGES_MAX)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setKeepLogFileNum(LOG_FILES_KEPT)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setBlockSize(BLOCK_BYTES));
    }

    private void requireFormat() throws RocksDBException {
        byte[] found = database.get(readOptions, FORMAT_KEY);
        if (found == null) {
            try (RocksIterator rows = iterator()) {
                rows.seekToFirst();
                if (rows.isValid()) {
                    throw new RocksDBException("the index does not tell its format");
                }
                rows.status();
            }
            database.put(writeOptions, FORMAT_KEY, FORMAT);
        } else if (!Arrays.equals(found, FORMAT)) {
            throw new RocksDBException("the index has another format");
        }
    }

    /** Deletes everything in {@code directory}. */
    static void erase(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    byte @Nullable [] get(byte[] key) throws RocksDBException {
        return database.get(readOptions, key);
    }

    /** A view of all rows; closed by the caller. */
    RocksIterator iterator() {
        return database.newIterator(readOptions);
    }

    /** Fills a batch. */
    @FunctionalInterface
    interface Filling {
        void fill(WriteBatch batch) throws RocksDBException;
    }

    /** Writes what {@code filling} puts into a batch, all or nothing. */
    void write(Filling filling) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            filling.fill(batch);
            database.write(writeOptions, batch);
        }
    }

    /**
     * Has {@code batch} remove the rows from {@code from} on and before {@code to}. Few rows go one
     * by one: a deleted range, even of nothing, is sorted in among all others by the next reader,
     * which with thousands of partitions costs it milliseconds.
     */
    void removeRange(WriteBatch batch, byte[] from, byte[] to) throws RocksDBException {
        try (RocksIterator rows = iterator()) {
            rows.seek(from);
            for (int i = 0; rows.isValid(); i++) {
                byte[] next = rows.key();
                if (Arrays.compareUnsigned(next, to) >= 0) {
                    return;
                }
                if (i == SINGLE_DELETIONS_MAX) {
                    batch.deleteRange(next, to);
                    return;
                }
                batch.delete(next);
                rows.next();
            }
            rows.status();
        }
    }

    void flush() throws RocksDBException {
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            database.flush(wait);
        }
    }

    @Override
    public void close() {
        database.close();
        readOptions.close();
        writeOptions.close();
        options.close();
        cache.close();
    }
}
