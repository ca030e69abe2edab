package io.kq.broker;

import io.kq.broker.config.StartRefusedException;
import io.kq.runtime.io.DirectoryLock;
import io.kq.runtime.io.FileProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data directories while the node finds out who it is: kept from other processes. The log store
 * locks them for itself afterwards, so {@link #close} is called right before that.
 */
final class DirectoryHold implements AutoCloseable {

    private final List<DirectoryLock> locks = new ArrayList<>();
    private final Map<Path, String> unusable = new HashMap<>();

    private DirectoryHold() {}

    /**
     * Locks all of them; one besides the first that cannot be locked is left out.
     *
     * @throws StartRefusedException another process has one, or the first one cannot be used
     */
    static DirectoryHold take(List<Path> paths) {
        DirectoryHold hold = new DirectoryHold();
        try {
            for (Path path : paths) {
                hold.take(path, path.equals(paths.get(0)));
            }
        } catch (StartRefusedException e) {
            hold.close();
            throw e;
        }
        return hold;
    }

    private void take(Path path, boolean isFirst) {
        try {
            Optional<DirectoryLock> lock = DirectoryLock.tryTake(path);
            locks.add(lock.orElseThrow(() -> taken(path)));
        } catch (IOException e) {
            if (isFirst) {
                throw StartRefusedException.failed(
                        "DATA_DIRECTORY_UNUSABLE",
                        "the data directory " + path + " cannot be used: " + FileProblem.of(e),
                        "check data.dirs, and that this user may write there");
            }
            unusable.put(path, FileProblem.of(e));
        }
    }

    /** Directories that cannot be used, and why. */
    Map<Path, String> unusable() {
        return Map.copyOf(unusable);
    }

    static StartRefusedException taken(Path path) {
        return taken("another process uses the data directory " + path);
    }

    static StartRefusedException taken(String what) {
        return StartRefusedException.failed(
                "DATA_DIRECTORY_IN_USE", what, "stop it, or set data.dirs to another directory");
    }

    @Override
    public synchronized void close() {
        for (DirectoryLock lock : locks) {
            try {
                lock.close();
            } catch (IOException e) {
                // The operating system frees it with the process at the latest.
            }
        }
        locks.clear();
    }
}
