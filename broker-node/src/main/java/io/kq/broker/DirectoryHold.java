package io.kq.broker;

import io.kq.broker.config.StartRefusedException;
import io.kq.runtime.io.DirectoryLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The data directory while the node finds out who it is: kept from other processes. The log store
 * locks it for itself afterwards, so {@link #close} is called right before that.
 */
final class DirectoryHold implements AutoCloseable {

    private final DirectoryLock lock;
    private boolean held = true;

    private DirectoryHold(DirectoryLock lock) {
        this.lock = lock;
    }

    static DirectoryHold take(Path path) {
        try {
            Optional<DirectoryLock> lock = DirectoryLock.tryTake(path);
            return new DirectoryHold(lock.orElseThrow(() -> taken(path)));
        } catch (IOException e) {
            throw StartRefusedException.failed(
                    "DATA_DIRECTORY_UNUSABLE",
                    "the data directory " + path + " cannot be used: " + e,
                    "check data.dirs, and that this user may write there");
        }
    }

    static StartRefusedException taken(Path path) {
        return StartRefusedException.failed(
                "DATA_DIRECTORY_IN_USE",
                "another process uses the data directory " + path,
                "stop it, or set data.dirs to another directory");
    }

    @Override
    public synchronized void close() throws IOException {
        if (held) {
            held = false;
            lock.close();
        }
    }
}
