package io.kq.log.index;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * RocksDB's machine code, which comes inside its jar and can only be loaded from a file. Left to
 * itself RocksDB deletes that file when the process ends in good order: a node that is killed now
 * and then would fill the directory for temporary files, 17 MB at a time. Here the file has no name
 * any more once it is loaded.
 */
final class NativeLibrary {

    /** Where RocksDB is told to put it by whoever runs the process. */
    private static final String DIRECTORY_VARIABLE = "ROCKSDB_SHAREDLIB_DIR";

    /** A process loads a library once: what it has loaded is the process's, not an object's. */
    private static final AtomicBoolean LOADED = new AtomicBoolean();

    private NativeLibrary() {}

    /**
     * Loads it, unless that was done before. Any thread.
     *
     * @throws IOException there is no room for it, or no file may be run from there
     */
    static synchronized void load() throws IOException {
        if (LOADED.get()) {
            return;
        }
        String inJar = "/" + Environment.getJniLibraryFileName("rocksdb");
        try (InputStream library = RocksDB.class.getResourceAsStream(inJar)) {
            if (library == null || System.getenv(DIRECTORY_VARIABLE) != null) {
                RocksDB.loadLibrary();
            } else {
                load(library);
            }
        } catch (UnsatisfiedLinkError e) {
            throw new IOException("RocksDB's library cannot be loaded: " + e.getMessage(), e);
        }
        LOADED.set(true);
    }

    private static void load(InputStream library) throws IOException {
        Path directory = Files.createTempDirectory("kq-rocksdb");
        // RocksDB looks for it by another name than it has in the jar.
        Path file = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        try {
            Files.copy(library, file);
            RocksDB.loadLibrary(List.of(directory.toString()));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }
}
